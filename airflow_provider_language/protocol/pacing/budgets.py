"""How many requests a resource takes, and how many of them are used: counted, and learned from refusals.

The service counts each operation of a resource on its own and takes so many in a second and in a minute. What
kind of window it counts in is told nowhere. So a request counts here from when it is let go until a whole
window after its answer, which keeps within any of them.
"""

from __future__ import annotations

from collections.abc import Hashable

from airflow_provider_language.protocol.pacing.limits import MINUTE, SECOND, TIERS, Limits
from airflow_provider_language.protocol.pacing.operations import Operation
from airflow_provider_language.protocol.pacing.windows import Window
from airflow_provider_language.protocol.retries import RetryPolicy

_ALL_UNDER_WAY = 0.05  # Seconds to wait where nothing but an answer can make room.
_BACK_OFF = 0.9  # What is left of the requests that turned out to be too many,
_HALF = 0.5  # or of the limit, where many of them were not this process's.
_LEAST = 0.05  # The share of the limit that is left in any case; who used less of it learns no limit.
_RECOVERY = 0.05  # The share that is regained with each minute.
_LONGEST = RetryPolicy.retry_after_ceiling  # Seconds for which a refusal stops an operation at the most.
_DRIFT = MINUTE  # Seconds by which a moment may seem too far ahead: one clock is asked before another.


class OperationBudget:
    """The budget of one operation.

    A request is known by a ticket of its own, whose leaving is a call that no signal comes amid: a gate may
    be interrupted anywhere, and what counts must not grow by it.

    Args:
        limits: what the service is taken to allow.

    Attributes:
        queued: the tickets of requests that wait to be let go.
        under_way: the tickets of those that were let go, and are not answered yet.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._second, self._minute = Window(SECOND), Window(MINUTE)
        self.queued: set[Hashable] = set()
        self.under_way: set[Hashable] = set()
        self._closed_until, self._closed_for = 0.0, 0.0
        self._next_at = 0.0
        self._learned: tuple[float, float] | None = None

    def limit(self, now: float) -> int:
        """How many requests a minute are let go: what is allowed, or what refusals have left of it."""
        allowed = self._limits.per_minute
        if self._learned is None or self._learned[1] > now + _DRIFT:
            return allowed
        left, since = self._learned
        return max(1, int(min(allowed, left + allowed * _RECOVERY * max(0.0, now - since) / MINUTE)))

    def used(self, now: float) -> int:
        """How many requests count in the minute."""
        return len(self.under_way) + self._minute.used(now)

    def wait(self, now: float) -> float:
        """Seconds until a request may go; 0 if it may now. It is to be asked again then."""
        windows = ((self._second, self._limits.per_second), (self._minute, self._limits.per_minute))
        waits = [window.wait(limit - len(self.under_way), now) for window, limit in windows]
        return max(
            self._closed(now),
            _until(self._next_at, now, MINUTE / self.limit(now)),
            *(_ALL_UNDER_WAY if wait is None else wait for wait in waits),
        )

    def begin(self, ticket: Hashable, now: float) -> None:
        """A request is let go; below the limit that is allowed, the next one keeps its distance."""
        self.under_way.add(ticket)
        limit = self.limit(now)
        if limit < self._limits.per_minute:
            self._next_at = now + MINUTE / limit

    def end(self, ticket: Hashable, now: float) -> None:
        """A request was answered, or was given up."""
        self._minute.add(now)
        self._second.add(now)
        self.under_way.discard(ticket)

    def refuse(self, pause: float, now: float) -> None:
        """The service refused a request as one too many.

        Others use the resource, too, or the limits are lower than was thought. A little less than what was
        used is let go from then on, evenly, and it grows back; but no less than half of what was let go
        before, since others may have ended. Who has used next to nothing has only come last: it learns when
        to come, and of no limit. Refusals of requests that were under way already say nothing more.

        Args:
            pause: seconds for which the service asks.
            now: the time of the refusal.
        """
        least, used = self._limits.per_minute * _LEAST, self.used(now)
        closed = self._closed(now)
        if not closed and used >= least:
            self._learned = max(least, self.limit(now) * _HALF, used * _BACK_OFF), now
        self._closed_for = max(closed, min(pause, _LONGEST))
        self._closed_until = now + self._closed_for

    def _closed(self, now: float) -> float:
        """Seconds for which a refusal still holds."""
        return _until(self._closed_until, now, self._closed_for)

    def pressure(self, now: float, more: int = 0) -> float:
        """How much of the budget is used, waited for, or spoken for by so many more; from 0 to 1."""
        if self._closed(now):
            return 1.0
        return min(1.0, (self.used(now) + len(self.queued) + more) / self.limit(now))


def _until(moment: float, now: float, ceiling: float) -> float:
    """Seconds until a moment; 0 if it is past, or so far ahead that the clock must have been set back."""
    left = moment - now
    return min(left, ceiling) if 0 < left <= ceiling + _DRIFT else 0.0


class RequestBudget:
    """What one process lets go to one resource.

    Args:
        limits: of each operation.
    """

    def __init__(self, limits: Limits = TIERS["S"]) -> None:
        self._limits = limits
        self._operations: dict[Operation, OperationBudget] = {}

    def of(self, operation: Operation) -> OperationBudget:
        """The budget of an operation."""
        found = self._operations.get(operation)
        return found or self._operations.setdefault(operation, OperationBudget(self._limits))

    def _looks(self) -> list[OperationBudget]:
        return [budget for operation, budget in list(self._operations.items()) if operation.is_look]

    def pressure(self, now: float, waiting: int) -> float:
        """How tight the budget is, from 0 (free) to 1.

        The tightest operation counts. Each waiting job speaks for one look, whatever has been sent so far,
        so that a thousand jobs taken over at once are not all looked at early.

        Args:
            now: the time.
            waiting: how many jobs are waited for.
        """
        spoken_for = max(
            (one.pressure(now, waiting) for one in self._looks()),
            default=min(1.0, waiting / self._limits.per_minute),
        )
        return max([spoken_for, *(one.pressure(now) for one in list(self._operations.values()))])

    def interval(self, waiting: int, now: float) -> float:
        """Seconds between two looks at a job, if all waiting jobs had the whole budget in turns."""
        limit = min((one.limit(now) for one in self._looks()), default=self._limits.per_minute)
        return waiting * MINUTE / limit
