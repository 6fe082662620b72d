"""The wait for one job: when to look at it, and what its end says of how long such jobs take."""

from __future__ import annotations

from datetime import datetime

from airflow_provider_language.protocol.jobs.status import Job, State
from airflow_provider_language.protocol.pacing.durations import Duration, Group
from airflow_provider_language.protocol.pacing.pauses import Pace, first_pause, next_pause
from airflow_provider_language.protocol.pacing.resources import Resource

_NAPS = 8  # Parts of a pause after each of which it is reconsidered, where others may teach something.
_SHORTEST_NAP = 1.0  # Seconds.
_RAN = (State.SUCCEEDED, State.PARTIAL)
"""Ends of jobs that took their time; one that was cancelled or failed says nothing of the others."""


class Wait:
    """One job's wait, from its begin to the job's end.

    Args:
        pace: what the user asks for.
        resource: what is known of the resource.
        group: the jobs that are like this one.
        began: when the wait began, in seconds since the epoch.
        since: when the job was submitted; None if that is not known, and taken to be the begin.
        chance: from 0 to 1; it sets the price of this job's looks a little apart from that of others.
    """

    def __init__(
        self,
        pace: Pace,
        resource: Resource,
        group: Group,
        began: float,
        since: float | None,
        *,
        chance: float = 0.5,
    ) -> None:
        self._pace = pace
        self._resource = resource
        self._group = group
        self._began = began
        self._chance = chance
        self._is_dated = since is not None
        # Another machine's clock may be ahead.
        self._since = began if since is None else min(since, began)
        self._active_at = self._since
        self._looked_at: float | None = None
        self._jitter = 0.0
        self._learned = resource.learned(group)

    def first_pause(self, jitter: float, deadline: float | None = None) -> float:
        """Seconds to the first look; up to the deadline, but never less than the pace asks for."""
        self._jitter = jitter
        if self._pace.interval is not None:
            crowd = min(self._resource.crowd(self._began), self._pace.interval)
            pause = self._pace.first + crowd * jitter
        else:
            pause = self._planned(self._began)
        return max(self._pace.first, self._bounded(pause, self._began, deadline))

    def next_pause(self, jitter: float, now: float, deadline: float | None = None) -> float:
        """Seconds to the next look, up to the deadline; an interval is kept as it is asked for."""
        self._looked_at, self._jitter = now, jitter
        interval = self._pace.interval
        return self._bounded(self._planned(now) if interval is None else interval, now, deadline)

    def _planned(self, now: float) -> float:
        """Seconds from the last look, or the begin of the wait, to the next one, by what is known now."""
        self._learned = self._resource.learned(self._group)
        best = self._resource.schedule(self._group, now, self._chance)
        if self._looked_at is None:
            age, crowd = self._began - self._since, self._resource.crowd(now)
            return first_pause(self._pace, best, age, self._jitter, crowd=crowd)
        return next_pause(
            self._pace,
            best,
            max(0.0, self._looked_at - self._since),
            self._jitter,
            least=self._resource.least_pause(now),
            longest=self._resource.longest_pause(now),
        )

    def nap(self, left: float) -> float:
        """Seconds to sleep of those that are left of a pause, before :meth:`left` is asked."""
        if self._pace.interval is not None or not self._resource.may_learn(self._group):
            return left
        return min(left, max(_SHORTEST_NAP, left / _NAPS))

    def left(self, left: float, now: float, deadline: float | None = None) -> float:
        """What is left of a pause by now, after what other jobs have taught while it was slept through.

        Jobs that are submitted together, and last longer or shorter than any before them, are all looked at
        by what was known before; so the first of them that is found ended tells the others. A pause that was
        told is not made longer.

        Args:
            left: of the pause, as it was planned.
            now: the time.
            deadline: in seconds since the epoch.
        """
        if left <= 0 or self._resource.learned(self._group) == self._learned:
            return left
        begun = self._began if self._looked_at is None else self._looked_at
        return min(left, self._bounded(max(0.0, begun + self._planned(now) - now), now, deadline))

    def _bounded(self, pause: float, now: float, deadline: float | None) -> float:
        return pause if deadline is None else min(pause, max(0.0, deadline - now))

    def saw(self, job: Job, asked: float, answered: float) -> None:
        """Take note of a look.

        Args:
            job: as it was seen.
            asked: when the look was asked for.
            answered: when its answer came.
        """
        if not job.state.ended:
            self._active_at = max(self._active_at, asked)
            self._date(job)
        elif job.state in _RAN and (duration := self._duration(job, answered)) is not None:
            self._resource.saw(self._group, duration)

    def _date(self, job: Job) -> None:
        """Take the job's age from the service where nobody told it; from our clock it would be too young."""
        created = _time(job.created)
        if not self._is_dated and created is not None:
            self._since = min(self._since, created.timestamp())

    def _duration(self, job: Job, answered: float) -> Duration | None:
        """How long the job took, by its own times and by ours; None if neither is known."""
        told = told_duration(job)
        if not self._is_dated or answered < self._active_at:
            return told
        seen = Duration(self._active_at - self._since, answered - self._since)
        return seen if told is None else told.within(seen)


def told_duration(job: Job) -> Duration | None:
    """How long an ended job took by the service's own times, in whole seconds (docs/service.md, job)."""
    created, updated = _time(job.created), _time(job.updated)
    if created is None or updated is None or updated < created:
        return None
    seconds = (updated - created).total_seconds()
    return Duration(max(0.0, seconds - 1), seconds + 1)


def _time(text: str | None) -> datetime | None:
    """A time as the service writes it; None if it is none, or names no time zone."""
    try:
        time = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo is not None else None
