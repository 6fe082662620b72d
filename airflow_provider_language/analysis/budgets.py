"""How many requests a resource takes, and how many of them are used: counted, and learned from refusals.

The service counts each operation of a resource on its own (its refusals name the operation) and takes so many
in a second and in a minute (API.md section 5). What kind of window it counts in is told nowhere. So a request
counts here from when it is let go until a whole window after its answer, which keeps within any of them.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from airflow_provider_language.analysis.retries import THROTTLED, RetryPolicy, retry_after
from airflow_provider_language.analysis.wire import NoReply, Request, Response

SECOND, MINUTE = 1.0, 60.0

_ALL_UNDER_WAY = 0.05  # Seconds to wait where nothing but an answer can make room.
_BACK_OFF = 0.9  # What is left of the requests that turned out to be too many,
_HALF = 0.5  # or of the limit, where many of them were not this process's.
_LEAST = 0.05  # The share of the limit that is left in any case; who used less of it learns no limit.
_RECOVERY = 0.05  # The share that is regained with each minute.
_JOB = re.compile(r"(?<=/jobs)/[^/:]+")


@dataclass(frozen=True)
class Limits:
    """How many requests of one operation are let go.

    Args:
        per_second: within any second.
        per_minute: within any minute.
    """

    per_second: int = 1000
    per_minute: int = 1000

    def __post_init__(self) -> None:
        if min(self.per_second, self.per_minute) < 1:
            raise ValueError("a limit allows at least one request")

    def share(self, part: float) -> Limits:
        """What one of several processes takes of it; at least one request.

        Raises:
            ValueError: the part is not above 0 and at most 1.
        """
        if not 0 < part <= 1:
            raise ValueError("a share is above 0 and at most 1")
        return Limits(max(1, int(self.per_second * part)), max(1, int(self.per_minute * part)))


TIERS: Mapping[str, Limits] = MappingProxyType({"S": Limits(1000, 1000), "F0": Limits(100, 300)})
"""The pricing tiers (API.md section 5, "Data and rate limits" of November 2025)."""


def operation_of(request: Request) -> str:
    """What a request is counted as: its method and path, whichever job it is about."""
    return f"{request.method} {_JOB.sub('', request.path)}"


class Window:
    """The requests of a span of time.

    Args:
        span: seconds.
    """

    def __init__(self, span: float) -> None:
        self._span = span
        self._under_way = 0
        self._answered: deque[float] = deque()

    def used(self, now: float) -> int:
        """How many requests count at a time; a clock that was set back forgets those of its future."""
        while self._answered and not now - self._span < self._answered[0] <= now:
            self._answered.popleft()
        return self._under_way + len(self._answered)

    def wait(self, limit: int, now: float) -> float:
        """Seconds until another request is within the limit; 0 if it is now."""
        excess = self.used(now) - limit
        if excess < 0:
            return 0.0
        if excess >= len(self._answered):
            return _ALL_UNDER_WAY
        return self._answered[excess] + self._span - now

    def begin(self) -> None:
        """Count a request that is let go."""
        self._under_way += 1

    def end(self, now: float) -> None:
        """Count it from now on as answered, or as given up."""
        self._under_way -= 1
        self._answered.append(now)


class Operation:
    """The budget of one operation.

    Args:
        limits: what the service is taken to allow.

    Attributes:
        queued: how many requests wait to be let go.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._second, self._minute = Window(SECOND), Window(MINUTE)
        self.queued = 0
        self._closed_until = 0.0
        self._next_at = 0.0
        self._learned: tuple[float, float] | None = None

    def limit(self, now: float) -> int:
        """How many requests a minute are let go: what is allowed, or what refusals have left of it."""
        allowed = self._limits.per_minute
        if self._learned is None:
            return allowed
        left, since = self._learned
        return max(1, int(min(allowed, left + allowed * _RECOVERY * max(0.0, now - since) / MINUTE)))

    def wait(self, now: float) -> float:
        """Seconds until a request may go; 0 if it may now. It is to be asked again then."""
        return max(
            min(self._closed_until - now, RetryPolicy.retry_after_ceiling),
            min(self._next_at - now, MINUTE),
            self._second.wait(self._limits.per_second, now),
            self._minute.wait(self._limits.per_minute, now),
            0.0,
        )

    def begin(self, now: float) -> None:
        """A request is let go; below the limit that is allowed, the next one keeps its distance."""
        self._second.begin()
        self._minute.begin()
        limit = self.limit(now)
        if limit < self._limits.per_minute:
            self._next_at = now + MINUTE / limit

    def end(self, now: float) -> None:
        """A request was answered, or was given up."""
        self._second.end(now)
        self._minute.end(now)

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
        least, used = self._limits.per_minute * _LEAST, self._minute.used(now)
        if now >= self._closed_until and used >= least:
            self._learned = max(least, self.limit(now) * _HALF, used * _BACK_OFF), now
        self._closed_until = max(self._closed_until, now + pause)

    def pressure(self, now: float, more: int = 0) -> float:
        """How much of the budget is used, waited for, or spoken for by so many more; from 0 to 1."""
        if now < self._closed_until:
            return 1.0
        return min(1.0, (self._minute.used(now) + self.queued + more) / self.limit(now))


class RequestBudget:
    """What one process lets go to one resource.

    Args:
        limits: of each operation.
    """

    def __init__(self, limits: Limits = TIERS["S"]) -> None:
        self._limits = limits
        self._operations: dict[str, Operation] = {}

    def of(self, operation: str) -> Operation:
        """The budget of an operation."""
        return self._operations.setdefault(operation, Operation(self._limits))

    def pressure(self, now: float, waiting: int) -> float:
        """How tight the budget is, from 0 (free) to 1.

        The tightest operation counts. Each waiting job speaks for one look, whatever has been sent so far,
        so that a thousand jobs taken over at once are not all looked at early.

        Args:
            now: the time.
            waiting: how many jobs are waited for.
        """
        looks = [one for name, one in self._operations.items() if name.startswith("GET ")]
        spoken_for = max(
            (one.pressure(now, waiting) for one in looks), default=min(1.0, waiting / self._limits.per_minute)
        )
        return max([spoken_for, *(one.pressure(now) for one in self._operations.values())])

    def interval(self, waiting: int) -> float:
        """Seconds between two looks at a job, if all waiting jobs had the whole budget in turns."""
        return waiting * MINUTE / self._limits.per_minute


def learn(operation: Operation, reply: Response | NoReply, now: float) -> None:
    """Note in an operation's budget that a request has ended, and what its answer says of the limits."""
    operation.end(now)
    if isinstance(reply, Response) and reply.status == THROTTLED:
        asked = retry_after(reply)
        pause = RetryPolicy.base if asked is None else min(asked, RetryPolicy.retry_after_ceiling)
        operation.refuse(pause, now)
