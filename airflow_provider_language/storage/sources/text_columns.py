"""Several text columns of a row, each of which is a document of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice
from typing import Any

from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.inputs.fields import is_missing
from airflow_provider_language.storage.sources.columns import DOCUMENTS, Wanted
from airflow_provider_language.storage.sources.lines import Unread

COLUMN = "text_column"
"""The column that is carried over, and tells of which column of the source a document is."""


def wanted_of(columns: Sequence[str]) -> Wanted:
    """The fields of rows of texts.

    Args:
        columns: that have texts; none for the one of the layout.
    """
    if not columns:
        return DOCUMENTS
    options = {field: option for field, option in DOCUMENTS.options.items() if field != "text"}
    return replace(DOCUMENTS, options=options, required=frozenset(columns), texts=tuple(columns))


def documents_in(row: object, columns: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The documents of a row, by column: each is a row with one text. An empty text is none.

    A row without any text is one document, so that it has an outcome; one that cannot be read is one for each
    column, since nobody knows what is in it.

    Args:
        row: under the usual names.
        columns: that have texts.
    """
    if not isinstance(row, Mapping):
        why = row if isinstance(row, Unread) else Unread("It is a text alone, without columns.")
        yield from ((column, why) for column in columns)
        return
    there = [one for one in columns if one in row] or columns
    for column in [one for one in there if not _is_blank(row.get(one))] or there[:1]:
        yield column, {**row, "text": row.get(column), COLUMN: column}


def _is_blank(value: object) -> bool:
    return not value.strip() if isinstance(value, str) else is_missing(value)


def of_rows(items: Iterable[Item], most: int | None) -> Iterator[Item]:
    """The items of so many rows at most, all of each; of all rows for None."""
    rows = (tuple(of_row) for _, of_row in groupby(items, key=lambda one: (one.source, one.row_number)))
    return chain.from_iterable(islice(rows, most))
