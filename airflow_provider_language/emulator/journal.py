"""The journal of requests: what a test asks to learn what its client really sent."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_CAPACITY = 100_000


@dataclass(frozen=True)
class Entry:
    """One answered request.

    Attributes:
        method: For example ``"POST"``.
        path: The path without the query.
        query: The query as it was sent, without the question mark.
        status: The HTTP status of the answer.
        at: When the answer was ready, by the emulator's clock.
    """

    method: str
    path: str
    query: str
    status: int
    at: datetime


class Journal:
    """The answered requests, oldest first; beyond 100,000 the oldest are forgotten."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_CAPACITY)

    def __iter__(self) -> Iterator[Entry]:
        # A copy: the server's thread appends while a test iterates.
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def append(self, entry: Entry) -> None:
        """Note one answered request."""
        self._entries.append(entry)

    def count(self, method: str, path: str = "") -> int:
        """Return how many requests had a method and a path that ends in the given text."""
        return sum(entry.method == method and entry.path.endswith(path) for entry in self)
