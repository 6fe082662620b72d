"""One Language resource as a process knows it: its budget, how long jobs take, how many are waited for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from airflow_provider_language.protocol.pacing.budgets import RequestBudget
from airflow_provider_language.protocol.pacing.durations import Duration, Durations, Group
from airflow_provider_language.protocol.pacing.limits import MINUTE
from airflow_provider_language.protocol.pacing.pauses import LENGTHENED, price_at
from airflow_provider_language.protocol.pacing.schedules import Schedule, schedule

_FRESH = 16  # Ended jobs after which the schedules of their group are made anew; at first, twice as many.
_WELL_KNOWN = 64  # Ended jobs of a group after which the next ones say little that is new.
_SCHEDULES = 256  # Schedules kept.
_ONE_LOOK = 0.001  # Seconds that an event loop needs for a look, about.


class Resource:
    """What all waits, submissions and fetches at one resource share.

    Args:
        budget: of its requests; None for that of the S tier.
    """

    def __init__(self, budget: RequestBudget | None = None) -> None:
        self.budget = budget or RequestBudget()
        self.durations = Durations()
        self._waits: set[object] = set()
        self._schedules: dict[tuple[Group, float], tuple[int, Schedule]] = {}

    @contextmanager
    def wait(self) -> Iterator[None]:
        """Count a job as waited for."""
        ticket = object()
        try:
            self._waits.add(ticket)
            yield
        finally:
            self._waits.discard(ticket)

    @property
    def waiting(self) -> int:
        """How many jobs are waited for."""
        return len(self._waits)

    def pressure(self, now: float) -> float:
        """How tight the budget is, from 0 (free) to 1."""
        return self.budget.pressure(now, self.waiting)

    def least_pause(self, now: float) -> float:
        """Seconds between two looks at a job that leave a request for every waiting job."""
        return self.pressure(now) * self.budget.interval(self.waiting, now)

    def longest_pause(self, now: float) -> float:
        """Seconds between two looks at a job beyond which requests are left that nobody else wants.

        Where so many wait that each has less than a look a minute, they have the whole budget in turns:
        the price of a look says who is to wait, and not that nobody is to look.
        """
        turn = self.budget.interval(self.waiting, now)
        return turn / (1 + LENGTHENED / 2) if turn >= MINUTE else math.inf

    def crowd(self, now: float) -> float:
        """Seconds over which the first looks at all waiting jobs are spread, should they all be due.

        So an event loop does not stand still for them, and no more come in a minute than the budget has.
        """
        turn = self.budget.interval(self.waiting, now)
        return max(0, self.waiting - 1) * _ONE_LOOK + max(0.0, turn - MINUTE)

    def schedule(self, group: Group, now: float, chance: float = 0.5) -> Schedule:
        """The best times to look at a job of a group, as things are now.

        Args:
            group: jobs that are taken to last alike.
            now: the time.
            chance: from 0 to 1; see :func:`price_at`.
        """
        key = group, price_at(self.pressure(now), chance)
        state = self.learned(group)
        known = self._schedules.get(key)
        if known is None or known[0] != state:
            known = state, schedule(self.durations.distribution(group), key[1])
            self._schedules.pop(key, None)
            self._schedules[key] = known
            if len(self._schedules) > _SCHEDULES:
                del self._schedules[next(iter(self._schedules))]
        return known[1]

    def learned(self, group: Group) -> int:
        """A number that is another one once enough jobs of a group have ended for other schedules."""
        count = self.durations.count(group)
        return count // _FRESH if count >= _FRESH else -count.bit_length()

    def may_learn(self, group: Group) -> bool:
        """Whether ends of jobs that others wait for may soon tell a wait something new."""
        return self.waiting > 1 and self.durations.count(group) < _WELL_KNOWN

    def saw(self, group: Group, duration: Duration) -> None:
        """Learn how long a job took."""
        self.durations.add(group, duration)
