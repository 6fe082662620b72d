"""Places of rows within a segment, written short: ``0-24,30``."""

from __future__ import annotations

from collections.abc import Iterable


def told(places: Iterable[int]) -> str:
    """Places in rising order, as text."""
    ranges: list[list[int]] = []
    for place in places:
        if ranges and ranges[-1][1] == place - 1:
            ranges[-1][1] = place
        else:
            ranges.append([place, place])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def read(text: str) -> tuple[int, ...]:
    """The places of which :func:`told` told.

    Raises:
        ValueError: it is no such text.
    """
    places: list[int] = []
    for piece in text.split(",") if text else ():
        first, _, last = piece.partition("-")
        places.extend(range(int(first), int(last or first) + 1))
    return tuple(places)
