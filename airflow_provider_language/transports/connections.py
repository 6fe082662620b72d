"""Connections of urllib3 on which a request, from its first byte to the answer's last one, has a bound.

A timeout of a socket bounds the wait for the next byte alone: whoever sends a byte a minute, or one interim
answer (100, 103) after another, holds its reader for ever. So the bound is looked at before each read of the
socket, however deep within HTTP it happens.
"""

from __future__ import annotations

import io
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from http.client import HTTPResponse
from queue import Empty, Full
from typing import Any

from airflow_provider_language.transports.bodies import LARGEST

_BLOCK = 2**14  # Bytes sent at a time: one record of TLS, each of which has a timeout of its own.


class Bound:
    """What one request may take.

    Args:
        seconds: from its begin to the last byte of its answer.
        clock: seconds, from any begin on.

    Attributes:
        exceeded: what was too much; None as long as nothing was.
        sent: whether any byte was handed to a socket.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._until = clock() + seconds
        self._received = 0
        self.exceeded: str | None = None
        self.sent = False

    def left(self) -> float:
        """Seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        left = self._until - self._clock()
        if left <= 0:
            self.exceeded = f"it was not whole within {self._seconds:g} s"
            raise TimeoutError(self.exceeded)
        return left

    def received(self, size: int) -> None:
        """Count bytes of the answer, as they come over the line.

        Raises:
            OSError: they are too many.
        """
        self._received += size
        if self._received > 2 * LARGEST:  # Where a body is too large its reader knows it first, and better.
            self.exceeded = f"it was longer than {2 * LARGEST >> 20} MiB"
            raise OSError(self.exceeded)


_bound: ContextVar[Bound | None] = ContextVar("bound of a request", default=None)


@contextmanager
def bounded(bound: Bound) -> Iterator[None]:
    """Let a bound hold for what is sent within."""
    token = _bound.set(bound)
    try:
        yield
    finally:
        _bound.reset(token)


def bind(pool: Any) -> None:
    """Let the connections that a pool makes from now on heed the bound that holds when they are used.

    Args:
        pool: an ``HTTPConnectionPool`` of urllib3.
    """
    base = pool.ConnectionCls
    if not issubclass(base, _Heeding):
        pool.ConnectionCls = _heeding(base)
        pool.pool = _Idle(pool.pool.maxsize)


class _Idle:
    """The idle connections of a pool, without a lock.

    A handler of a signal that interrupts one request sends another, and so finds the lock of urllib3's own
    queue taken by whom it interrupted; and one that raises amid the taking leaves it taken for ever.

    Args:
        size: how many are kept.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._connections: deque[Any] = deque()

    def get(self, *, block: bool, timeout: float | None = None) -> Any:  # noqa: ARG002 - as of a queue
        try:
            return self._connections.pop()
        except IndexError:
            raise Empty from None

    def put(self, connection: Any, *, block: bool) -> None:  # noqa: ARG002 - as of a queue
        if len(self._connections) >= self._size:
            raise Full
        self._connections.append(connection)

    def qsize(self) -> int:
        return len(self._connections)


@cache
def _heeding(base: type[Any]) -> type[Any]:
    return type(f"Bounded{base.__name__}", (_Heeding, base), {})


class _Answer(HTTPResponse):
    """An answer that is read within the bound, after any number of interim ones."""

    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        bound = _bound.get()
        if bound is not None:
            self.fp = io.BufferedReader(_Metered(self.fp.detach(), sock, bound))

    def begin(self, **options: Any) -> None:
        super().begin(**options)
        while 101 < self.status < 200:  # noqa: PLR2004 - http.client itself passes over 100 alone
            self.headers = self.msg = None  # type: ignore[assignment]
            super().begin(**options)


class _Metered(io.RawIOBase):
    """What comes from a socket, as far as the bound allows."""

    def __init__(self, raw: io.RawIOBase, sock: Any, bound: Bound) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout: float | None = sock.gettimeout()
        self._bound = bound

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._bound.left()
        self._sock.settimeout(left if self._timeout is None else min(left, self._timeout))
        size: int | None = self._raw.readinto(buffer)
        self._bound.received(size or 0)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Heeding:
    """A connection that heeds the bound."""

    response_class = _Answer
    sock: Any

    def send(self, data: Any) -> None:
        """Send as http.client does, in blocks: who takes them one byte at a time is left soon enough."""
        bound = _bound.get()
        if bound is None or not isinstance(data, bytes):
            super().send(data)  # type: ignore[misc]
            return
        for begin in range(0, len(data), _BLOCK):
            if self.sock is not None:
                self.sock.settimeout(bound.left())
            super().send(data[begin : begin + _BLOCK])  # type: ignore[misc]
            bound.sent = True
