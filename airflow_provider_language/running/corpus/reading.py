"""Segments read one after another while others are worked on, all of them in one thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Generic, TypeVar

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """Reads in one thread, since each that has read a segment keeps memory of its size to itself.

    Args:
        segments: opens one after another.
    """

    def __init__(self, segments: Iterator[T]) -> None:
        self._segments = segments
        self._thread = ThreadPoolExecutor(1, "corpus-reader")

    async def next(self) -> T | None:
        """The next one; None behind the last."""
        read = partial(copy_context().run, next, self._segments, None)
        return await asyncio.get_running_loop().run_in_executor(self._thread, read)

    def end(self) -> None:
        """Read nothing more; what is being read is not waited for."""
        self._thread.shutdown(wait=False)
