"""Which ids have been seen, of any number of them, in bounded memory for each."""

from __future__ import annotations

from array import array


class IdSet:
    """Which ids have been seen, by hashes of 8 bytes: 16 to 32 bytes for each, where a set needs 100.

    Of a million ids that differ, two have the same hash in one run of 37 million.
    """

    def __init__(self) -> None:
        # Many tables, since each is there twice while it grows.
        self._tables = [_Table() for _ in range(1 << _TABLE_BITS)]

    def add(self, id_: str) -> bool:
        """Take an id; False if it was there."""
        hashed = hash(id_) & _MASK or 1
        return self._tables[hashed >> 64 - _TABLE_BITS].add(hashed)


_TABLE_BITS = 6
_MASK = 2**64 - 1


class _Table:
    """A part of the hashes, each in the first free slot from the one that its last bits name."""

    def __init__(self) -> None:
        self._slots = array("Q", [0]) * 64
        self._count = 0

    def add(self, hashed: int) -> bool:
        """Take a hash, which is not 0; False if it was there."""
        if self._count * 2 >= len(self._slots):
            self._grow()
        if not self._put(hashed):
            return False
        self._count += 1
        return True

    def _put(self, hashed: int) -> bool:
        slots, mask = self._slots, len(self._slots) - 1
        place = hashed & mask
        while slots[place]:
            if slots[place] == hashed:
                return False
            place = (place + 1) & mask
        slots[place] = hashed
        return True

    def _grow(self) -> None:
        known, self._slots = self._slots, array("Q", [0]) * (2 * len(self._slots))
        for hashed in known:
            if hashed:
                self._put(hashed)
