"""The faults that stand ordered: which of them strikes the next request."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from airflow_provider_language.emulator.instruments.faults import Fault
    from airflow_provider_language.emulator.protocol.operations import Operation

MAX_FAULTS = 1000
"""How many faults may be ordered at a time, used up or not: each request is held against all of them."""


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
