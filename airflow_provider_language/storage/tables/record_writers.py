"""One table whose records come one after another, from whoever makes them."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from airflow_provider_language.storage.files import WholeFile, replace_file
from airflow_provider_language.storage.tables.table_files import HELD, WRITERS, TableFile
from airflow_provider_language.storage.tables.table_formats import check_can_write
from airflow_provider_language.storage.tables.writers import views_over

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from airflow_provider_language.protocol.tables.records import Record
    from airflow_provider_language.protocol.tables.schema import Table


class RecordsWriter:
    """Takes records of a table; leaving the context completes its file, an exception discards it.

    Args:
        location: the folder below which the tables are; the file is ``TABLE/NAME.parquet``.
        name: of the file; it may begin with folders.
        format_: of the file.
        table: whose records come.

    Raises:
        InvalidInputError: the format is not known, or cannot be written here.
    """

    def __init__(self, location: str, name: str, format_: str, table: Table) -> None:
        check_can_write(format_)
        self._location = location.rstrip("/")
        self._format = format_
        self._whole = WholeFile(f"{self._location}/{table.name}/{name}.{format_}")
        self._file = TableFile(WRITERS[format_](table, self._whole), table)

    def write(self, record: Record) -> None:
        """Take a record."""
        self._file.held.extend(record)
        if len(self._file.held) >= HELD * len(self._file.table.columns):
            self._file.flush()

    @property
    def records(self) -> int:
        """How many there are until now."""
        return self._file.records

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as dropped:
            dropped.callback(self._file.writer.drop)
            with self._whole:
                if error is not None:
                    raise error
                self._file.flush()
                self._file.writer.end()
        if self._format == "jsonl":
            replace_file(f"{self._location}/tables.sql", views_over(self._location).encode())
