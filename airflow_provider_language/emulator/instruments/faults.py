"""A fault: which requests it strikes, and what happens to them then."""

from __future__ import annotations

import math
import random
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.instruments.fault_effects import (
    ALL_OPERATIONS,
    OWN_FIELDS,
    TRAITS,
    Effect,
    Traits,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_language.emulator.protocol.operations import Operation

MAX_SECONDS = 3600.0
"""For how long a fault may hold an answer back."""

_ERROR_STATUSES = range(500, 600)
_DEFAULT_STATUS = 500
_FIRST_TASK = (0,)


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
        after: Whether the request is obeyed before it is struck, so that a job may have been accepted; of
            ``error``, ``lost``, ``reset``, ``page`` and ``hang``.
        status: The HTTP status of an ``error``, from 500 to 599; 500 by default.
        retry_after: Seconds for the ``Retry-After`` header of ``throttled``, ``quota`` and ``error``.
        seconds: How long the answer is held back, whatever the effect; at most an hour.
        tasks: The tasks that ``fail-tasks`` fails, from 0, in submit order; the first by default.
        targets: Whether the errors of failed tasks point to them, of ``fail-tasks`` and ``fail-job``; they do
            by default, though the service often leaves that out.

    Raises:
        ValueError: A field is out of range, or means nothing to the effect.
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
    status: int | None = None
    retry_after: int | None = None
    seconds: float | None = None
    tasks: tuple[int, ...] | None = None
    targets: bool | None = None

    def __post_init__(self) -> None:
        for complaint, holds in self._complaints():
            if holds:
                raise ValueError(complaint)

    def _complaints(self) -> Iterator[tuple[str, bool]]:
        yield f"'effect' must be one of {', '.join(TRAITS)}", self.effect not in TRAITS
        yield f"'operation' must be one of {', '.join(ALL_OPERATIONS)}", self._is_none_of(ALL_OPERATIONS)
        possible = self._traits.operations
        yield (
            f"'operation' must be one of {', '.join(possible)} for '{self.effect}'",
            self._is_none_of(possible),
        )
        idle = self._idle_fields()
        yield f"{' and '.join(idle)} {'mean' if idle[1:] else 'means'} nothing to '{self.effect}'", bool(idle)
        yield "'nth' must be at least 1", self.nth < 1
        yield "'times' must be at least 1", self.times is not None and self.times < 1
        yield "'lasts' must be more than 0", self.lasts is not None and not 0 < self.lasts < math.inf
        yield "'probability' must be between 0 and 1", not 0 <= self.probability <= 1
        yield "'status' must be between 500 and 599", self.error_status not in _ERROR_STATUSES
        yield "'retry_after' must be at least 0", self.retry_after is not None and self.retry_after < 0
        yield (
            f"'seconds' must be between 0 and {MAX_SECONDS:.0f}",
            self.seconds is not None and not 0 <= self.seconds <= MAX_SECONDS,
        )
        yield "'tasks' must be numbers from 0", any(number < 0 for number in self.tasks or ())

    def _is_none_of(self, operations: tuple[Operation, ...]) -> bool:
        return self.operation is not None and self.operation not in operations

    def _idle_fields(self) -> list[str]:
        """Return the fields, in quotes, that were given and mean nothing to the effect."""
        idle = OWN_FIELDS - self._traits.own_fields
        return [
            f"'{each.name}'"
            for each in fields(self)
            if each.name in idle and getattr(self, each.name) is not each.default
        ]

    @property
    def _traits(self) -> Traits:
        return TRAITS[self.effect]

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What a request must do to be struck; any request may be, where these are all there are."""
        return self._traits.operations if self.operation is None else (self.operation,)

    @property
    def lets_through(self) -> bool:
        """Whether the request is obeyed, whatever becomes of the answer."""
        return self.after or self._traits.is_obeyed

    @property
    def loses_answer(self) -> bool:
        """Whether the connection is closed without an answer."""
        return self._traits.loses_answer

    @property
    def delay(self) -> float:
        """Seconds for which the answer is held back."""
        return self._traits.seconds if self.seconds is None else self.seconds

    @property
    def error_status(self) -> int:
        """The HTTP status of an ``error``."""
        return _DEFAULT_STATUS if self.status is None else self.status

    @property
    def has_targets(self) -> bool:
        """Whether the errors of failed tasks point to them."""
        return self.targets is not False

    def failing_tasks(self, total: int) -> frozenset[int]:
        """Return the numbers of the tasks that fail, from 0.

        Args:
            total: How many tasks the job has.
        """
        if self.effect == "fail-job":
            return frozenset(range(total))
        if self.effect != "fail-tasks":
            return frozenset()
        return frozenset(_FIRST_TASK if self.tasks is None else self.tasks)

    def is_meant_for(self, method: str, path: str, operation: Operation | None) -> bool:
        """Return whether a request is one of those that the fault may strike.

        Args:
            method: The HTTP method.
            path: The path without the query.
            operation: What the request does; None if the service has nothing like it.
        """
        bound = self.operation is not None or self._traits.is_bound
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
        """Return the fault as JSON, null where a field was not given."""
        return {**asdict(self), "tasks": None if self.tasks is None else list(self.tasks)}
