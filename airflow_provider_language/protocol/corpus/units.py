"""What is submitted of the items of a segment: whole ones, and the pieces of those that are cut."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

from airflow_provider_language.protocol.corpus.splitting import Piece


class Units:
    """The units of a segment, by number: of each item one, the first piece of what is cut; then all others.

    Where nothing is cut, units are numbered as the items are.

    Args:
        sizes: of the items, in code points.
        pieces: of the items that are cut, by place.

    Attributes:
        sizes: of the units, in code points.
        pieces: as given.
    """

    def __init__(self, sizes: Sequence[int], pieces: Mapping[int, tuple[Piece, ...]]) -> None:
        self.sizes = array("L", sizes)
        self.pieces = pieces
        self._items = len(sizes)
        self._further: list[tuple[int, Piece]] = []
        self._units: dict[int, tuple[int, ...]] = {}
        for place, cut in pieces.items():
            begin = len(self.sizes)
            self.sizes[place] = cut[0].end - cut[0].begin
            self.sizes.extend(piece.end - piece.begin for piece in cut[1:])
            self._further.extend((place, piece) for piece in cut[1:])
            self._units[place] = (place, *range(begin, len(self.sizes)))

    def __len__(self) -> int:
        return len(self.sizes)

    def place(self, unit: int) -> int:
        """The place of a unit's item."""
        return unit if unit < self._items else self._further[unit - self._items][0]

    def piece(self, unit: int) -> Piece | None:
        """Which piece a unit is; None if it is a whole item."""
        if unit >= self._items:
            return self._further[unit - self._items][1]
        return self.pieces[unit][0] if unit in self.pieces else None

    def of(self, place: int) -> tuple[int, ...]:
        """The units of an item, in the order of its text."""
        return self._units.get(place, (place,))
