"""Faults that a test orders: which request each one strikes, and what happens to it then."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import asdict, dataclass, fields, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, get_args

from .operations import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

Effect = Literal[
    "throttled",
    "quota",
    "error",
    "lost",
    "reset",
    "truncated",
    "page",
    "slow",
    "hang",
    "fail-tasks",
    "fail-job",
    "endless",
    "expired",
    "cancelled",
]
"""What a fault does; `Fault` explains each."""

MAX_SECONDS = 3600.0
"""For how long a fault may hold an answer back."""

MAX_FAULTS = 1000
"""How many faults may be ordered at a time, used up or not: each request is held against all of them."""

_OF_SUBMISSIONS = ("fail-tasks", "fail-job", "endless")
_OF_JOBS = ("expired", "cancelled")
_NEVER_AFTER = ("throttled", "quota", *_OF_SUBMISSIONS, *_OF_JOBS)
_DEFAULT_SECONDS = {"slow": 1.0, "hang": 60.0}
_ERROR_STATUSES = range(500, 600)

_TYPES: Mapping[str, tuple[type, ...]] = {
    "effect": (str,),
    "operation": (str, type(None)),
    "method": (str, type(None)),
    "path": (str, type(None)),
    "nth": (int,),
    "times": (int, type(None)),
    "lasts": (int, float, type(None)),
    "probability": (int, float),
    "seed": (int,),
    "after": (bool,),
    "status": (int,),
    "retry_after": (int, type(None)),
    "seconds": (int, float, type(None)),
    "tasks": (list, tuple),
    "targets": (bool,),
}


@dataclass(frozen=True)
class Fault:
    """A fault, and the requests that it is meant for.

    Attributes:
        effect: What happens.

            - ``throttled``: 429 with ``Retry-After`` (``retry_after``, 1 second by default).
            - ``quota``: the 403 of a used-up F0 quota; its ``Retry-After`` is of days.
            - ``error``: ``status``, with ``Retry-After`` if ``retry_after`` says so.
            - ``lost``: the connection is closed without an answer.
            - ``reset``: the connection is reset (TCP RST) without an answer.
            - ``truncated``: the connection is closed in the middle of the true answer.
            - ``page``: a 200 that is a page of HTML, as a proxy in between would send it.
            - ``slow``: the true answer, ``seconds`` late (1 by default).
            - ``hang``: no answer; the connection is closed after ``seconds`` (60 by default), or when the
              client or the emulator ends.
            - ``fail-tasks``: of the job that the request submits, the tasks numbered in ``tasks`` fail.
            - ``fail-job``: all tasks of the job that the request submits fail.
            - ``endless``: the job that the request submits runs until it expires or is cancelled.
            - ``expired``: the job that the request asks for is gone, as after its 24 hours.
            - ``cancelled``: somebody else has just cancelled the job that the request asks for, unless it
              has ended.
        operation: Only requests that do this; None strikes all.
        method: Only requests with this HTTP method.
        path: Only requests whose path, without the query, matches this pattern of ``*`` and ``?``.
        nth: From the so manyth matching request on, counted from 1.
        times: For so many requests; None never ends.
        lasts: For so many seconds of the emulator's clock, from the first request that is struck; None
            never ends. An outage of a minute is ``times=None, lasts=60``.
        probability: The chance that a matching request is struck, from 0 to 1.
        seed: Decides which ones these are, the same in each run.
        after: Whether the request is obeyed before it is struck, so that a job may have been accepted.
        status: The HTTP status of an ``error``, from 500 to 599.
        retry_after: Seconds for the ``Retry-After`` header.
        seconds: How long the answer is held back, whatever the effect; at most an hour.
        tasks: The tasks that fail, from 0, in submit order.
        targets: Whether the errors of failed tasks point to them; the service often leaves that out.

    Raises:
        ValueError: The fields contradict each other or are out of range.
    """

    effect: Effect
    operation: Operation | None = None
    method: str | None = None
    path: str | None = None
    nth: int = 1
    times: int | None = 1
    lasts: float | None = None
    probability: float = 1.0
    seed: int = 0
    after: bool = False
    status: int = 500
    retry_after: int | None = None
    seconds: float | None = None
    tasks: tuple[int, ...] = (0,)
    targets: bool = True

    def __post_init__(self) -> None:
        for complaint, holds in self._complaints():
            if holds:
                raise ValueError(complaint)

    def _complaints(self) -> Iterator[tuple[str, bool]]:
        yield f"'effect' must be one of {', '.join(get_args(Effect))}", self.effect not in get_args(Effect)
        known = (None, *get_args(Operation))
        yield f"'operation' must be one of {', '.join(get_args(Operation))}", self.operation not in known
        yield (
            f"'operation' must be one of {', '.join(self._possible_operations)} for '{self.effect}'",
            self.operation is not None and self.operation not in self._possible_operations,
        )
        yield f"'after' has no meaning for '{self.effect}'", self.after and self.effect in _NEVER_AFTER
        yield "'nth' must be at least 1", self.nth < 1
        yield "'times' must be at least 1", self.times is not None and self.times < 1
        yield "'lasts' must be more than 0", self.lasts is not None and not self.lasts > 0
        yield "'probability' must be between 0 and 1", not 0 <= self.probability <= 1
        yield "'status' must be between 500 and 599", self.status not in _ERROR_STATUSES
        yield "'retry_after' must be at least 0", self.retry_after is not None and self.retry_after < 0
        yield (
            f"'seconds' must be between 0 and {MAX_SECONDS:.0f}",
            self.seconds is not None and not 0 <= self.seconds <= MAX_SECONDS,
        )
        yield "'tasks' must be numbers from 0", any(number < 0 for number in self.tasks)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What a request must do to be struck; any request may be, where these are all there are."""
        return self._possible_operations if self.operation is None else (self.operation,)

    @property
    def _possible_operations(self) -> tuple[Operation, ...]:
        if self.effect in _OF_SUBMISSIONS:
            return ("submit",)
        return ("status", "cancel") if self.effect in _OF_JOBS else get_args(Operation)

    @property
    def lets_through(self) -> bool:
        """Whether the request is obeyed, whatever becomes of the answer."""
        return self.after or self.effect in ("truncated", "slow", *_OF_SUBMISSIONS, *_OF_JOBS)

    @property
    def loses_answer(self) -> bool:
        """Whether the connection is closed without an answer."""
        return self.effect in ("lost", "reset", "hang")

    @property
    def delay(self) -> float:
        """Seconds for which the answer is held back."""
        return _DEFAULT_SECONDS.get(self.effect, 0.0) if self.seconds is None else self.seconds

    def is_meant_for(self, method: str, path: str, operation: Operation | None) -> bool:
        """Return whether a request is one of those that the fault may strike.

        Args:
            method: The HTTP method.
            path: The path without the query.
            operation: What the request does; None if the service has nothing like it.
        """
        bound = self.operation is not None or self.effect in (*_OF_SUBMISSIONS, *_OF_JOBS)
        return (
            (not bound or operation in self.operations)
            and self.method in (None, method)
            and (self.path is None or fnmatchcase(path, self.path))
        )

    def strikes(self, number: int, struck: int, elapsed: float) -> bool:
        """Return whether a request that the fault is meant for is struck.

        Args:
            number: The how manyth such request it is, from 1.
            struck: How many were struck before.
            elapsed: Seconds since the first of these; 0 if there was none.
        """
        is_over = (self.times is not None and struck >= self.times) or (
            self.lasts is not None and elapsed >= self.lasts
        )
        if is_over or number < self.nth:
            return False
        chance = random.Random(f"{self.seed}:{number}").random()  # noqa: S311 - repeatable, no secret
        return chance < self.probability

    def to_json(self) -> dict[str, Any]:
        """Return the fault as JSON."""
        return {**asdict(self), "tasks": list(self.tasks)}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Fault:
        """Return the fault that a JSON object orders.

        Args:
            body: Fields by their names; all but ``effect`` may be absent.

        Raises:
            ValueError: A field is unknown, of a wrong type, or out of range.
        """
        unknown = sorted(set(body) - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(unknown)}")
        if "effect" not in body:
            raise ValueError("'effect' is missing")
        for name, value in body.items():
            if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and bool not in _TYPES[name]):
                raise ValueError(f"'{name}' has a wrong type")
        tasks = body.get("tasks", (0,))
        if not all(isinstance(number, int) and not isinstance(number, bool) for number in tasks):
            raise ValueError("'tasks' must hold integers")
        return cls(**{**body, "tasks": tuple(tasks)})


def parse_fault(text: str) -> Fault:
    """Return the fault that a command line orders.

    Args:
        text: The effect, then fields with their values: ``throttled,operation=submit,retry_after=2``.
            ``times=all`` never ends; several ``tasks`` are joined by ``+``.

    Raises:
        ValueError: That is no fault.
    """
    effect, *parts = text.split(",")
    body: dict[str, Any] = {"effect": effect}
    for part in parts:
        name, separator, value = part.partition("=")
        if not separator:
            raise ValueError(f"{part!r} must be FIELD=VALUE")
        body[name] = _parse_value(name, value)
    return Fault.from_json(body)


def _parse_value(name: str, value: str) -> Any:
    if name == "times" and value == "all":
        return None
    if name == "tasks":
        return [_parse_value("", number) for number in value.split("+")]
    if str in _TYPES.get(name, ()):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError(f"{value!r} is no value of {name!r}") from None


@dataclass(frozen=True)
class OrderedFault:
    """A fault as it stands.

    Attributes:
        id: Its number, by which it can be called off.
        fault: What was ordered.
        met: How many requests that it is meant for have come.
        struck: How many of them it struck.
        first: When it first struck one, by the emulator's clock.
    """

    id: int
    fault: Fault
    met: int = 0
    struck: int = 0
    first: datetime | None = None

    def after(self, now: datetime, *, may_strike: bool) -> OrderedFault:
        """Return the fault as it stands after one more request that it is meant for.

        Args:
            now: The time by the emulator's clock.
            may_strike: Whether nothing else strikes that request.
        """
        met = self.met + 1
        elapsed = 0.0 if self.first is None else (now - self.first).total_seconds()
        if not may_strike or not self.fault.strikes(met, self.struck, elapsed):
            return replace(self, met=met)
        return replace(self, met=met, struck=self.struck + 1, first=self.first or now)


class Faults:
    """The faults that are ordered; any thread may order one."""

    def __init__(self) -> None:
        self._ordered: dict[int, OrderedFault] = {}
        self._last = 0
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[OrderedFault]:
        with self._lock:
            return iter(tuple(self._ordered.values()))

    def __len__(self) -> int:
        return len(self._ordered)

    def add(self, fault: Fault) -> int:
        """Order a fault and return its number.

        Raises:
            ValueError: As many faults are ordered as may be at a time; call some off.
        """
        with self._lock:
            if len(self._ordered) >= MAX_FAULTS:
                raise ValueError(f"no more than {MAX_FAULTS} faults at a time")
            self._last += 1
            self._ordered[self._last] = OrderedFault(self._last, fault)
            return self._last

    def remove(self, number: int) -> bool:
        """Call a fault off; return whether there was one of that number."""
        with self._lock:
            return self._ordered.pop(number, None) is not None

    def clear(self) -> None:
        """Call all faults off."""
        with self._lock:
            self._ordered.clear()

    def take(self, method: str, path: str, operation: Operation | None, now: datetime) -> Fault | None:
        """Return what strikes a request, if anything does.

        Each fault counts all requests that it is meant for; where several would strike one, the one that
        was ordered first does, and the others are not used up.

        Args:
            method: The HTTP method.
            path: The path without the query.
            operation: What the request does.
            now: The time by the emulator's clock.
        """
        striking: Fault | None = None
        with self._lock:
            for ordered in tuple(self._ordered.values()):
                if not ordered.fault.is_meant_for(method, path, operation):
                    continue
                updated = ordered.after(now, may_strike=striking is None)
                if updated.struck > ordered.struck:
                    striking = updated.fault
                self._ordered[ordered.id] = updated
        return striking
