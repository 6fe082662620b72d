"""A clock that tells the time of another one, moved on by as much as a test says."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_language.emulator.jobs.life import Clock


class AdvanceableClock:
    """A clock that can be moved forward and never back.

    Args:
        base: What tells the time, with a time zone, as long as nobody moves the clock.
    """

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._lead = timedelta(0)
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Return the time that the clock tells."""
        return self._base() + self._lead

    @property
    def lead(self) -> timedelta:
        """How far the clock is ahead of the one that it tells the time of."""
        return self._lead

    def advance(self, seconds: float) -> datetime:
        """Move the clock on.

        Args:
            seconds: By how much, at least 0.

        Returns:
            The time that the clock tells now.

        Raises:
            ValueError: That would be back, or beyond the end of the calendar.
        """
        with self._lock:
            try:
                lead = self._lead + timedelta(seconds=seconds)
                now = self._base() + lead
            except OverflowError as error:
                raise ValueError("the calendar ends before that") from error
            if lead < self._lead:
                raise ValueError("a clock does not go back")
            self._lead = lead
            return now
