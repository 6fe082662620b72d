"""The units in which the service counts offsets and lengths, and the code points that they stand for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

Widths: TypeAlias = Callable[[str], Iterator[int]]
"""How many units each code point of a text adds."""

JOINER = "\u200d"
SKIN_TONES = range(0x1F3FB, 0x1F400)
FLAGS = range(0x1F1E6, 0x1F200)


def code_points(text: str) -> Iterator[int]:
    """Characters of Python."""
    return (1 for _ in text)


def utf16(text: str) -> Iterator[int]:
    """Characters of Java and JavaScript."""
    return (1 if ord(one) <= 0xFFFF else 2 for one in text)  # noqa: PLR2004 - the last code point of one unit


def old_elements(text: str) -> Iterator[int]:
    """Text elements as .NET counted them: marks go with what they mark."""
    return (0 if place and unicodedata.category(one)[0] == "M" else 1 for place, one in enumerate(text))


def elements(text: str) -> Iterator[int]:
    """Text elements of today: what is shown as one."""
    before, flags = "", 0
    for one in text:
        flags = flags + 1 if ord(one) in FLAGS else 0
        joined = before and (
            unicodedata.category(one)[0] == "M"
            or JOINER in (before, one)
            or ord(one) in SKIN_TONES
            or (flags and flags % 2 == 0)
            or before + one == "\r\n"
        )
        yield 0 if joined else 1
        before = one


WIDTHS: Sequence[Widths] = (code_points, utf16, old_elements, elements)


def places(text: str, widths: Widths) -> dict[int, int]:
    """The code point at which each unit of a text begins, and the end of the text."""
    found: dict[int, int] = {}
    units = 0
    for place, width in enumerate(widths(text)):
        if width:
            found[units] = place
        units += width
    found[units] = len(text)
    return found
