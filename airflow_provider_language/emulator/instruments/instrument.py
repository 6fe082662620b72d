"""What a test holds in its hand: clock, faults, journal and rate limit of one emulator."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.instruments.clock import AdvanceableClock
from airflow_provider_language.emulator.instruments.journal import Journal
from airflow_provider_language.emulator.instruments.ordered_faults import Faults
from airflow_provider_language.emulator.jobs.life import utc_now

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_language.emulator.instruments.rates import RateLimit

CONTROL_PATH = "/_emulator"
"""Where the emulator is controlled; the real service has no such path."""

# Seconds after which an answer that is held back finds out that nobody waits for it.
_GLANCE = 1.0


class Pauses:
    """Holds answers back, until their time has come or the emulator ends; lives on one event loop."""

    def __init__(self) -> None:
        self._ended = asyncio.Event()

    async def end(self, _: web.Application) -> None:
        """Let all go that are held back (a signal handler)."""
        self._ended.set()

    async def hold(self, request: web.Request, seconds: float) -> None:
        """Wait, but no longer than the client and the emulator do.

        Args:
            request: Whose answer is held back.
            seconds: For how long, in true time whatever the emulator's clock.
        """
        until = time.monotonic() + seconds
        while not self._ended.is_set() and request.transport is not None:
            left = until - time.monotonic()
            if left <= 0 or request.transport.is_closing():
                return
            try:
                await asyncio.wait_for(self._ended.wait(), min(left, _GLANCE))
            except asyncio.TimeoutError:
                continue


@dataclass(frozen=True)
class Instrument:
    """What a test holds in its hand.

    Attributes:
        clock: Tells the emulator's time, and moves it on.
        faults: The faults that are ordered.
        journal: The answered requests, oldest first.
        rate_limit: Whom it lets in; None lets everybody in.
        control_hosts: By which names, besides those of this machine's loopback interface, the control path
            may be asked for; with any of them, other machines may ask too.
        pauses: Holds answers back.
    """

    clock: AdvanceableClock = field(default_factory=lambda: AdvanceableClock(utc_now))
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal)
    rate_limit: RateLimit | None = None
    control_hosts: frozenset[str] = frozenset()
    pauses: Pauses = field(default_factory=Pauses)


def is_control(path: str) -> bool:
    """Return whether a path is one of control, not of the service."""
    return path == CONTROL_PATH or path.startswith(f"{CONTROL_PATH}/")
