"""The most frequent of many names, counted in bounded memory with a known error."""

from __future__ import annotations

from heapq import nlargest

COUNTERS = 5_000
"""Names that are counted at once: of 351,000 names these found all of the fifty most frequent."""


class Frequent:
    """Counts names, of which it remembers the frequent ones.

    After Misra and Gries, Finding repeated elements (1982): a name that comes when all counters are taken
    lowers each of them by one instead. So a count is too low by as many as there were such names, at most.

    Args:
        counters: names that are counted at once.

    Attributes:
        error: by how much a count may be too low.
    """

    def __init__(self, counters: int = COUNTERS) -> None:
        self._most = counters
        self._counts: dict[str, int] = {}
        self.error = 0

    def add(self, name: str) -> None:
        """Count a name once more."""
        counts = self._counts
        if name in counts:
            counts[name] += 1
        elif len(counts) < self._most:
            counts[name] = 1
        else:
            self.error += 1
            self._counts = {one: count - 1 for one, count in counts.items() if count > 1}

    def has(self, name: str) -> bool:
        """Whether a name is among those that are counted."""
        return name in self._counts

    def most(self, number: int, least: int = 1) -> list[tuple[str, int]]:
        """So many names with their counts, from the most frequent on; of equal ones, in alphabetical order.

        Args:
            number: of names.
            least: the count that a name has at least.
        """
        enough = ((name, count) for name, count in self._counts.items() if count >= least)
        return nlargest(number, enough, key=lambda one: (one[1], [-ord(letter) for letter in one[0]]))
