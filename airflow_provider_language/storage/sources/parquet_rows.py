"""Rows of Parquet, a piece of a row group at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    opened = ParquetPieces(file, location, layout, wanted)
    number = 0
    for piece in opened.pieces():
        for row in opened.rows(piece, number):
            if number >= offset:
                yield number, row
            number += 1


class ParquetPieces:
    """A file of Parquet, and its rows piece by piece.

    Args:
        file: at its begin; it can be read from anywhere.
        location: as it is told.
        layout: what its columns are called.
        wanted: the columns that are looked for.

    Attributes:
        file: as pyarrow has opened it.

    Raises:
        InvalidInputError: it cannot be read, or a column is missing.
    """

    def __init__(self, file: IO[bytes], location: str, layout: Layout, wanted: Wanted) -> None:
        from pyarrow import parquet

        self._location = location
        self._columns = Columns(layout, wanted)
        with self._reading():
            self.file = parquet.ParquetFile(file)
            self._columns.check(self.file.schema_arrow.names, location)

    def pieces(self) -> Iterator[Any]:
        """Some hundred rows at a time, as pyarrow's record batches."""
        with self._reading():
            yield from self.file.iter_batches(batch_size=_AT_ONCE)

    def rows(self, piece: Any, first: int) -> Iterator[Any]:
        """The rows of a piece, of which the first has this number; one without a text is :class:`Unread`."""
        with self._reading():
            found = piece.to_pylist()
        for number, fields in enumerate(found, start=first):
            yield self._row(fields, number)

    def _row(self, fields: dict[str, Any], number: int) -> Any:
        try:
            return self._columns.row(fields, f"Row {number} of {self._location}")
        except InvalidInputError as error:
            return Unread(error.message)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say which file it is that cannot be read."""
        from pyarrow import ArrowException

        try:
            yield
        except (ArrowException, OSError, UnicodeDecodeError):
            raise InvalidInputError(f"{self._location} is not Parquet that can be read.") from None
