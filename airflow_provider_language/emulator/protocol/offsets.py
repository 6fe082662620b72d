"""Text elements: how many a text has, and how code point offsets read in each stringIndexType."""

from __future__ import annotations

import enum
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.extras import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TEXT_ELEMENT = load("regex").compile(r"\X")
_FIRST_BEYOND_BMP = "\U00010000"


class StringIndexType(enum.Enum):
    """What one step of an offset or a length is; the values are the Language API's names."""

    TEXT_ELEMENTS = "TextElements_v8"
    CODE_POINTS = "UnicodeCodePoint"
    UTF16_CODE_UNITS = "Utf16CodeUnit"


def _plain(text: str) -> bool:
    """Whether code points, UTF-16 units and text elements of a text are the same thing."""
    return text.isascii() and "\r\n" not in text


def count_text_elements(text: str) -> int:
    r"""Return the length of a text in text elements, the unit of limits and statistics.

    The service counts .NET's ``StringInfo.LengthInTextElements`` of Unicode 8.0; this counts extended
    grapheme clusters (``\X``) of today's Unicode. They differ in emoji sequences, which the service
    counts as several elements.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in _TEXT_ELEMENT.finditer(text))


class OffsetTable:
    """Code point offsets of one text, converted to a stringIndexType.

    The table is made once in O(length of the text); each conversion is O(1). A span that starts or ends
    inside a text element is widened to the whole element.

    Args:
        text: The text that the offsets are of.
        index_type: The unit to convert to.
    """

    def __init__(self, text: str, index_type: StringIndexType) -> None:
        self._starts: Sequence[int] | None = None
        self._ends: Sequence[int] | None = None
        if index_type is StringIndexType.CODE_POINTS or _plain(text):
            return
        if index_type is StringIndexType.UTF16_CODE_UNITS:
            units = (2 if character >= _FIRST_BEYOND_BMP else 1 for character in text)
            self._starts = self._ends = list(accumulate(units, initial=0))
        else:
            self._starts, self._ends = _element_tables(text)

    def convert(self, offset: int, length: int) -> tuple[int, int]:
        """Return offset and length in the table's unit.

        Args:
            offset: The span's first code point.
            length: Its number of code points; the span lies within the text.
        """
        if self._starts is None or self._ends is None:
            return offset, length
        start = self._starts[offset]
        return start, self._ends[offset + length] - start if length else 0


def _element_tables(text: str) -> tuple[list[int], list[int]]:
    """Return, per code point offset, the element that it lies in and the elements begun before it."""
    starts: list[int] = []
    for index, element in enumerate(_TEXT_ELEMENT.finditer(text)):
        starts.extend([index] * (element.end() - element.start()))
    ends = [0, *(index + 1 for index in starts)]
    starts.append(ends[-1])
    return starts, ends


def convert_result(result: Mapping[str, Any], text: str, index_type: StringIndexType) -> dict[str, Any]:
    """Return an engine's result with all its offsets in another unit.

    Each object with an ``offset`` and a ``length`` is converted, at any depth; ``maskOffset`` and
    ``maskLength`` are of ``redactedText``, all the others of the document's text.

    Args:
        result: What an engine returned, with offsets in code points; it is left as it is.
        text: The document's text.
        index_type: The unit to convert to.
    """
    if index_type is StringIndexType.CODE_POINTS:
        return dict(result)
    spans = OffsetTable(text, index_type)
    redacted = result.get("redactedText")
    masks = OffsetTable(redacted, index_type) if isinstance(redacted, str) else spans
    converted: dict[str, Any] = _converted(result, spans, masks)
    return converted


def _converted(value: Any, spans: OffsetTable, masks: OffsetTable) -> Any:
    if isinstance(value, dict):
        copy = {key: _converted(item, spans, masks) for key, item in value.items()}
        for offset, length, table in (("offset", "length", spans), ("maskOffset", "maskLength", masks)):
            if isinstance(copy.get(offset), int) and isinstance(copy.get(length), int):
                copy[offset], copy[length] = table.convert(copy[offset], copy[length])
        return copy
    if isinstance(value, list):
        return [_converted(item, spans, masks) for item in value]
    return value
