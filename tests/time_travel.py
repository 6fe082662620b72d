"""A time that passes only when somebody sleeps, for the provider and the emulator alike."""

from __future__ import annotations

import time as real_time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import time_machine

from airflow_provider_language.transports import blocking, event_loop, gates

if TYPE_CHECKING:
    import pytest

HOOKS = "airflow_provider_language.hooks"
BEGINNING = 1_795_262_400.0
"""Seconds since the epoch."""


class Time:
    """What tells the time, and what moves it on.

    Attributes:
        on_sleep: called after each sleep, as the world goes on meanwhile.
    """

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        self.on_sleep: Callable[[], None] | None = None

    def now(self) -> float:
        """Seconds since the epoch."""
        return real_time.time()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._traveller.shift(seconds)
        if self.on_sleep is not None:
            self.on_sleep()

    async def sleep_in_loop(self, seconds: float) -> None:
        """Let time pass in an event loop."""
        self.sleep(seconds)


@contextmanager
def time_travel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    """Stand in for the clock of this process, and for every sleep of the provider.

    A patch at each of the few places where the provider hands its sleep on.
    """
    with time_machine.travel(BEGINNING, tick=True) as traveller:
        time = Time(traveller)
        monkeypatch.setattr(blocking, "play", partial(blocking.play, sleep=time.sleep))
        monkeypatch.setattr(event_loop, "play", partial(event_loop.play, sleep=time.sleep_in_loop))
        monkeypatch.setattr(f"{HOOKS}.resources.ThreadGate", partial(gates.ThreadGate, sleep=time.sleep))
        monkeypatch.setattr(f"{HOOKS}.sessions.AsyncGate", partial(gates.AsyncGate, sleep=time.sleep_in_loop))
        yield time
