"""What the tasks of one event loop share, and those of another do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class OfLoop(Generic[T]):
    """A value for each event loop.

    Args:
        make: makes it, when a loop asks for the first time.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: dict[asyncio.AbstractEventLoop, T] = {}

    def here(self) -> T:
        """That of the running loop; what loops that are over have left goes when a new one comes."""
        loop = asyncio.get_running_loop()
        if loop not in self._values:
            for over in [one for one in self._values if one.is_closed()]:
                del self._values[over]
            self._values[loop] = self._make()
        return self._values[loop]
