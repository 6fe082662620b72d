"""Places of a document that was cut, in the unit in which its task counts offsets."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.jobs.string_units import (
    Widths,
    code_points,
    elements,
    old_elements,
    utf16,
)
from airflow_provider_language.protocol.json_values import JsonObject, JsonValue, objects_in

Span: TypeAlias = "tuple[int, int]"
"""Where something begins and ends."""

_LARGEST = 2**40
_PLACES = frozenset({"offset", "length", "maskOffset", "maskLength"})
_KNOWN: dict[object, Widths] = {"UnicodeCodePoint": code_points, "Utf16CodeUnit": utf16}


class Ruler:
    """Turns code points of a text into units, and back.

    Args:
        text: of the document.
        widths: how many units each of its code points adds.
    """

    def __init__(self, text: str, widths: Widths = code_points) -> None:
        is_same = widths is code_points or _is_plain(text)
        self._units = None if is_same else array("q", accumulate(widths(text), initial=0))
        self._length = len(text)
        self._widths = widths

    def of(self, text: str) -> Ruler:
        """A ruler of another text, in the same unit."""
        return Ruler(text, self._widths)

    def units(self, place: int) -> int:
        """How many units come before a code point."""
        return place if self._units is None else self._units[place]

    def place(self, units: int) -> int:
        """The code point behind so many units; the end of the text, if it has no more."""
        if self._units is None:
            return min(units, self._length)
        return bisect_right(self._units, units) - 1

    def slice(self, text: str, span: Span) -> str:
        """What stands at a span of units."""
        return text[self.place(span[0]) : self.place(span[1])]


def ruler_for(
    text: str, pieces: Sequence[Piece], results: Sequence[JsonObject], index_type: object
) -> Ruler | None:
    """The ruler with which the results of a document's pieces are measured.

    By which rules the service counts text elements is unknown (docs/service.md, offsets), but what it found
    has its text: the rules by which all of that stands where it is said to stand are taken.

    Args:
        text: of the document.
        pieces: of it.
        results: of each piece.
        index_type: as it was asked for; None for the service's default, text elements.

    Returns:
        None where no unit fits.
    """
    if index_type in _KNOWN or _is_plain(text):
        return Ruler(text, _KNOWN.get(index_type, code_points))
    rulers = (Ruler(text, widths) for widths in (old_elements, elements))
    return next((ruler for ruler in rulers if _fits(ruler, text, pieces, results)), None)


def _is_plain(text: str) -> bool:
    """Whether all units are the same."""
    return text.isascii() and "\r\n" not in text


def _fits(ruler: Ruler, text: str, pieces: Sequence[Piece], results: Sequence[JsonObject]) -> bool:
    return all(
        ruler.slice(text, moved(span, ruler.units(piece.begin))) == one["text"]
        for piece, result in zip(pieces, results, strict=True)
        for one in _quotations(result)
        if (span := span_of(one)) is not None
    )


def _quotations(result: JsonObject) -> Iterator[JsonObject]:
    """What tells a text of the document, and where it stands."""
    for name in ("entities", "sentences"):
        for one in objects_in(result.get(name)):
            yield from (held for held in (one, *objects_in(one.get("matches"))) if "text" in held)


def span_of(holder: JsonObject) -> Span | None:
    """Where something stands, if it says so as whole numbers."""
    offset, length = whole(holder.get("offset")), whole(holder.get("length"))
    return None if offset is None or length is None else (offset, offset + length)


def without_places(holder: JsonObject) -> dict[str, JsonValue]:
    """What is told of something but for where it stands, as that is not where it says."""
    return {name: one for name, one in holder.items() if name not in _PLACES}


def moved(span: Span, by: int) -> Span:
    """A span that many units further."""
    return span[0] + by, span[1] + by


def whole(value: JsonValue) -> int | None:
    """A number of units; None in place of what is none."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= _LARGEST else None  # type: ignore[operator, return-value]
