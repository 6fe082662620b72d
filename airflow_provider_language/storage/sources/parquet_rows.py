"""Rows of Parquet, a piece of a row group at a time."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import IO, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.storage.sources.columns import Columns, Wanted
from airflow_provider_language.storage.sources.lines import Unread

_AT_ONCE = 500
"""Rows that are held at a time."""


def parquet_rows(
    file: IO[bytes],
    location: str,
    layout: Layout,
    wanted: Wanted,
    offset: int,
) -> Iterator[tuple[int, Any]]:
    """The rows of Parquet, each with the number of rows before it; one that has no text is :class:`Unread`.

    Args:
        file: at its begin; it can be read from anywhere.
        location: as it is told.
        layout: what its columns are called.
        wanted: the columns that are looked for.
        offset: rows before the first one to read.

    Raises:
        InvalidInputError: it cannot be read, pyarrow is not installed, or a column is missing.
    """
    if find_spec("pyarrow") is None:
        raise InvalidInputError(
            f"{location} is Parquet, which needs pyarrow: install the extra "
            "airflow-provider-language[corpus]."
        )
    columns = Columns(layout, wanted)
    for number, fields in enumerate(_fields(file, location, columns)):
        if number < offset:
            continue
        try:
            yield number, columns.row(fields, f"Row {number} of {location}")
        except InvalidInputError as error:
            yield number, Unread(error.message)


def _fields(file: IO[bytes], location: str, columns: Columns) -> Iterator[dict[str, Any]]:
    from pyarrow import ArrowException, parquet

    try:
        opened = parquet.ParquetFile(file)
        columns.check(opened.schema_arrow.names, location)
        for piece in opened.iter_batches(batch_size=_AT_ONCE):
            yield from piece.to_pylist()
    except (ArrowException, OSError, UnicodeDecodeError):
        raise InvalidInputError(f"{location} is not Parquet that can be read.") from None
