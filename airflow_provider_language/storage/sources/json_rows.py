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
    begins, where = lines.offset, lines.next_place
    while (row := _next_row(lines, where, columns)) is not _END:
        if row is not None:
            yield begins, row
        begins, where = lines.offset, lines.next_place


_END = object()
"""What comes behind the last row."""


def _next_row(lines: PlacedLines, where: str, columns: Columns) -> Any:
    """The row of the next line; None if that is empty."""
    try:
        line = next(lines, None)
        if line is None:
            return _END
        return _row(line, where, columns) if line.strip() else None
    except InvalidInputError as error:
        if isinstance(error, MissingColumnError) and not columns.have_fit:
            raise
        return Unread(error.message)


def _row(line: str, where: str, columns: Columns) -> Any:
    try:
        value = _decoded(line)
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
