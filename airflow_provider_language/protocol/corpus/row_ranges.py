"""Places of rows within a segment, written short: ``0-24,30``."""

from __future__ import annotations

from collections.abc import Iterable


def ranges(places: Iterable[int]) -> list[tuple[int, int]]:
    """The first and the last of each stretch of places, which are given in rising order."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def told(places: Iterable[int]) -> str:
    """Places in rising order, as text."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges(places))


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
