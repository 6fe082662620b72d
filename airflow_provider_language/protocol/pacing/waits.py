"""The wait for one job: when to look at it, and what its end says of how long such jobs take."""

from __future__ import annotations

from datetime import datetime

from airflow_provider_language.protocol.jobs.status import Job, State
from airflow_provider_language.protocol.pacing.durations import Duration, Group
from airflow_provider_language.protocol.pacing.pauses import Pace, first_pause, next_pause
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.pacing.schedules import Schedule

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

    def first_pause(self, jitter: float, deadline: float | None = None) -> float:
        """Seconds to the first look; up to the deadline, but never less than the pace asks for."""
        crowd = self._resource.crowd(self._began)
        if self._pace.interval is not None:
            pause = self._pace.first + min(crowd, self._pace.interval) * jitter
        else:
            best, age = self._schedule_at(self._began), self._began - self._since
            pause = first_pause(self._pace, best, age, jitter, crowd=crowd)
        return max(self._pace.first, self._bounded(pause, self._began, deadline))

    def next_pause(self, jitter: float, now: float, deadline: float | None = None) -> float:
        """Seconds to the next look, up to the deadline; an interval is kept as it is asked for."""
        if self._pace.interval is not None:
            return self._bounded(self._pace.interval, now, deadline)
        pause = next_pause(
            self._pace,
            self._schedule_at(now),
            max(0.0, now - self._since),
            jitter,
            least=self._resource.least_pause(now),
            longest=self._resource.longest_pause(now),
        )
        return self._bounded(pause, now, deadline)

    def _schedule_at(self, now: float) -> Schedule:
        return self._resource.schedule(self._group, now, self._chance)

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
