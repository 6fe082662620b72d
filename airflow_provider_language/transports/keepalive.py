"""Sessions that a worker keeps for the next request, which mostly comes at once and goes to the same host."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

IDLE_SECONDS = 4.0
"""For how long a session is kept. Servers and proxies close connections that are idle for longer (some after
five seconds), and a submission that meets its connection's end may or may not have arrived."""


@dataclass(frozen=True)
class _Idle:
    session: requests.Session
    since: float
    process: int


KEPT = 8
"""How many sessions are kept at most: those of threads that worked at the same time once."""


class KeptSessions:
    """Hands out sessions, each to one user at a time, so it is safe in threads and in signal handlers.

    A signal handler may interrupt a request at any place, and finds another session then.

    Args:
        make: makes a session, set up for its host.
        clock: seconds, from any begin on.
    """

    def __init__(
        self, make: Callable[[], requests.Session], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._make = make
        self._clock = clock
        self._idle: list[_Idle] = []

    @contextmanager
    def session(self) -> Iterator[requests.Session]:
        """A session for the moment; one in whose use something was raised is closed, and not kept."""
        session = self._taken() or self._make()
        try:
            yield session
        except BaseException:
            session.close()
            raise
        if len(self._idle) < KEPT:
            self._idle.append(_Idle(session, self._clock(), os.getpid()))
        else:
            session.close()

    def close(self) -> None:
        """Close those that nobody uses at the moment."""
        with suppress(IndexError):
            while True:
                self._idle.pop().session.close()

    def _taken(self) -> requests.Session | None:
        """The session that was used last, if it is fresh, and no other process's."""
        while True:
            try:
                idle = self._idle.pop()  # in one step, so that no thread comes between
            except IndexError:
                return None
            if idle.process == os.getpid() and self._clock() - idle.since <= IDLE_SECONDS:
                return idle.session
            idle.session.close()  # which in a forked process leaves the connection of its parent open
