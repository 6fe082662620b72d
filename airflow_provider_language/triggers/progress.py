"""How many of the jobs have ended: told on change, and once a minute, since a deferred task shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from airflow_provider_language.protocol.jobs.status import Job

LEAST, MOST = 5.0, 60.0
"""Seconds between two lines, however many jobs end, and however few."""


class Progress:
    """Counts the jobs that have ended.

    Args:
        watches: one for each job.
        tell: writes a line.
    """

    def __init__(self, watches: Sequence[asyncio.Future[Job]], tell: Callable[..., None]) -> None:
        self._total = len(watches)
        self._ended = 0
        self._tell = tell
        for watch in watches:
            watch.add_done_callback(self._count)

    def _count(self, watch: asyncio.Future[Job]) -> None:
        # One that is seen at the deadline for the last time has not ended.
        if not watch.cancelled() and watch.exception() is None and watch.result().state.ended:
            self._ended += 1

    async def run(self) -> None:
        """Tell, until somebody cancels this.

        It looks for news instead of being woken by it: the last job ends in the moment in which this is
        cancelled, and before Python 3.12 ``asyncio.wait_for`` forgets a cancellation that comes together with
        what it waits for (python/cpython#86296).
        """
        told, silent = -1, 0.0
        while True:
            if self._ended != told or silent >= MOST:
                self._tell("%d of %d jobs have ended", self._ended, self._total)
                told, silent = self._ended, 0.0
            await asyncio.sleep(LEAST)
            silent += LEAST
