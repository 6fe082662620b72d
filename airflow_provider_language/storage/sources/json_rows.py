"""Rows of JSON lines: a text or an object in each line, and nothing that JSON does not know."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import IO, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import UTF_8, Layout
from airflow_provider_language.protocol.json_values import quickly_decoded
from airflow_provider_language.storage.sources.columns import Columns, MissingColumnError, Wanted
from airflow_provider_language.storage.sources.lines import PlacedLines, Unread


def json_rows(
    file: IO[bytes], location: str, layout: Layout, wanted: Wanted, offset: int
) -> Iterator[tuple[int, Any]]:
    """The rows of JSON lines, each with the bytes before it; a line that is no row is :class:`Unread`.

    Args:
        file: at its begin.
        location: as it is told.
        layout: how it is written.
        wanted: the fields that are looked for in an object.
        offset: bytes before the first row to read; 0 for the first of all.

    Raises:
        InvalidInputError: the first object has not these fields, so that it is not the file that is meant.
    """
    lines = PlacedLines(file, location, layout.encoding or UTF_8, returns=False)
    columns = Columns(layout, wanted, left_out=True)
    if offset:
        lines.go_to(offset)
    quick_row = _quick_row if (layout.encoding or UTF_8) == UTF_8 else _no_row
    while True:
        begins = lines.offset
        try:
            line = lines.next_bytes()
            if not line:
                return
            row = quick_row(line, columns) or _row(lines, line, columns)
        except InvalidInputError as error:
            if isinstance(error, MissingColumnError) and not columns.have_fit:
                raise
            row = Unread(error.message)
        if row is not None:
            yield begins, row


def _quick_row(line: bytes, columns: Columns) -> Any:
    """The row that most lines are; None where it takes more to tell what a line is, or what is wrong with it.

    What is certain of a value is told at :func:`_decoded`. Mostly there are no other colons, and they are
    counted fast.
    """
    try:
        value = quickly_decoded(line)
    except Exception:  # noqa: BLE001 - the slower reader says what is wrong, if anything is
        return None
    if type(value) is not dict:
        return value if type(value) is str else None
    fields = len(value)
    if line.count(b":") != fields and len(_FIELD_OF_BYTES.findall(line)) != fields:
        return None
    return columns.quick_row(value)


def _no_row(line: bytes, columns: Columns) -> None:
    """Leave all lines, which are in another encoding, to who decodes them."""


def _row(lines: PlacedLines, line: bytes, columns: Columns) -> Any:
    """The row of the line that was read last; None if that is empty."""
    text, where = lines.text_of(line), lines.place
    if not text.strip():
        return None
    try:
        value = _decoded(text)
    except _NotJsonError as error:
        raise InvalidInputError(f"{where} is not JSON: {error}.") from None
    except (ValueError, RecursionError):
        raise InvalidInputError(f"{where} is not JSON.") from None
    if isinstance(value, str) or (isinstance(value, dict) and "conversationItems" in value):
        return value
    if not isinstance(value, dict):
        raise InvalidInputError(f"{where} is a {type(value).__name__} and neither a text nor an object.")
    columns.check(value, where)
    return columns.row(value, where)


def _decoded(line: str) -> Any:
    """The value of a line; by the faster reader where it is certain to say the same.

    It lets a field stand twice; but no object has more fields than there are colons behind quotation marks.
    """
    try:
        value = quickly_decoded(line)
    except Exception:  # noqa: BLE001 - the slower reader says what is wrong, if anything is
        return _DECODER.decode(line)
    is_certain = isinstance(value, str) or (
        isinstance(value, dict) and len(value) == len(_FIELD.findall(line))
    )
    return value if is_certain else _DECODER.decode(line)


_FIELD = re.compile(r'"[ \t\r\n]*:')
_FIELD_OF_BYTES = re.compile(_FIELD.pattern.encode())


class _NotJsonError(ValueError):
    """What Python reads, and JSON does not know."""


def _constant(name: str) -> float:
    raise _NotJsonError(f"it has no {name}")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _NotJsonError("a number is too large")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _NotJsonError("a field stands in it twice")
    return fields


_DECODER = json.JSONDecoder(parse_constant=_constant, parse_float=_finite, object_pairs_hook=_once)
