"""Which ids have been seen, of any number of them, in bounded memory for each."""

from __future__ import annotations

from array import array


class IdSet:
    """Which ids have been seen, by hashes of 8 bytes: 16 to 32 bytes for each, where a set needs 100.

    Of a million ids that differ, two have the same hash in one run of 37 million.
    """

    def __init__(self) -> None:
        # Many tables, since each is there twice while it grows.
        self._tables = [array("Q", [0]) * 64 for _ in range(1 << _TABLE_BITS)]
        self._counts = [0] * (1 << _TABLE_BITS)

    def add(self, id_: str) -> bool:
        """Take an id; False if it was there."""
        hashed = hash(id_) & _MASK or 1
        number = hashed >> 64 - _TABLE_BITS
        table = self._tables[number]
        mask = len(table) - 1
        place = hashed & mask  # the first slot that is free, from the one that the last bits name
        while found := table[place]:
            if found == hashed:
                return False
            place = (place + 1) & mask
        table[place] = hashed
        self._counts[number] += 1
        if self._counts[number] * 2 >= len(table):
            self._tables[number] = _grown(table)
        return True


_TABLE_BITS = 6
_MASK = 2**64 - 1


def _grown(table: array[int]) -> array[int]:
    grown = array("Q", [0]) * (2 * len(table))
    mask = len(grown) - 1
    for hashed in filter(None, table):
        place = hashed & mask
        while grown[place]:
            place = (place + 1) & mask
        grown[place] = hashed
    return grown
