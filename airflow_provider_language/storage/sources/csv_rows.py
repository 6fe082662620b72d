"""Rows of CSV, read strictly: what could be a cut text, or rows run together, is refused with its line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import IO, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import COMMA, UTF_8, Layout
from airflow_provider_language.storage.sources.columns import Columns, Wanted
from airflow_provider_language.storage.sources.lines import PlacedLines, Unread

_OTHERS = ";\t|,"
"""What else parts cells in files that are called CSV."""


def csv_rows(
    file: IO[bytes], location: str, layout: Layout, wanted: Wanted, offset: int
) -> Iterator[tuple[int, Any]]:
    """The rows of CSV, each with the bytes before it; one that is ragged is :class:`Unread`.

    Args:
        file: at its begin.
        location: as it is told.
        layout: how it is written.
        wanted: the columns that are looked for.
        offset: bytes before the first row to read; 0 for the first of all.

    Raises:
        InvalidInputError: it is no CSV, so that nobody can tell where rows begin; or a column is missing or
            there twice.
    """
    delimiter = layout.delimiter or COMMA
    lines = PlacedLines(file, location, layout.encoding or UTF_8, returns=True)
    columns = Columns(layout, wanted)
    names = _header(lines, columns, delimiter)
    if names is None:
        return
    if offset:
        lines.go_to(offset)
    begins = lines.offset
    for where, cells in _parted(lines, delimiter):
        if cells:
            if len(cells) == len(names):
                yield begins, columns.row(dict(zip(names, cells, strict=True)), where)
            else:
                yield begins, Unread(_ragged(where, len(cells), len(names), delimiter))
        begins = lines.offset


def _parted(lines: PlacedLines, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    """Each row's cells, and where it begins; none of an empty line."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        where = lines.next_place
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InvalidInputError(
                f"{where} begins a row that is not CSV: {error}. A quote may not be closed, or stand within "
                "quotes without being doubled."
            ) from None
        if cells is None:
            return
        yield where, cells


def _header(lines: PlacedLines, columns: Columns, delimiter: str) -> list[str] | None:
    """The names of the columns: the first line that is not empty."""
    for where, names in _parted(lines, delimiter):
        if any(name.strip() for name in names):
            columns.check(names, where, _hint(names, delimiter))
            _check_single(names, where)
            return names
    return None


def _check_single(names: Sequence[str], where: str) -> None:
    times = Counter(name for name in names if name.strip())
    doubled = {name for name, number in times.items() if number > 1}
    if doubled:
        places = [str(place) for place, name in enumerate(names, start=1) if name in doubled]
        raise InvalidInputError(f"{where} names columns alike: those at the places {', '.join(places)}.")


def _hint(names: Sequence[str], delimiter: str) -> str:
    """Which other delimiter a header may have that is all one column."""
    others = [other for other in _OTHERS if other != delimiter and other in names[0]]
    return f" Perhaps delimiter={others[0]!r} is meant." if len(names) == 1 and others else ""


def _ragged(where: str, cells: int, columns: int, delimiter: str) -> str:
    return (
        f"{where} begins a row of {cells} cells where there are {columns} columns. A text with "
        f"{delimiter!r}, a quote or a line end in it stands in quotes."
    )
