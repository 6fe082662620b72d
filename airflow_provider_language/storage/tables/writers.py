"""Tables of findings on storage: a folder for each, and a typed file in it even if nothing was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from airflow_provider_language.protocol.json_values import JsonObject
from airflow_provider_language.protocol.tables.records import Documents, Record, records_of, said_in
from airflow_provider_language.protocol.tables.schema import TABLES, Column, Table, tables_of
from airflow_provider_language.storage.files import WholeFile, replace_file
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.table_files import HELD, WRITERS, TableFile
from airflow_provider_language.storage.tables.table_formats import check_can_write

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from airflow_provider_language.protocol.jobs.results import Row

_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN"}


class TablesWriter:
    """Takes rows, and writes the tables of what was found; none of the files is seen before all are written.

    Leaving the context completes the files, one after another, and that of the documents last, so that who is
    in it has all records in the others; an exception that leaves it discards them.
    The same rows in the same order give the same files.

    Args:
        location: the folder below which the tables are; the file of each is ``TABLE/NAME.parquet``.
        name: of the files; it may begin with folders.
        format_: of the files.
        kinds: of the tasks whose tables are written whatever is found, as are those of the rows' kinds.
        sparse: whether only those are written in which there is something.
        kept: columns of the source that the table of documents has, too.
        native_documents: whether the rows are of these.
        adjacent: whether the rows of a document come one after another.

    Raises:
        InvalidInputError: the format is not known, or cannot be written here.
    """

    def __init__(
        self,
        location: str,
        name: str,
        format_: str,
        kinds: Iterable[str] = (),
        *,
        sparse: bool = False,
        kept: Sequence[Column] = (),
        native_documents: bool = False,
        adjacent: bool = False,
    ) -> None:
        check_can_write(format_)
        self._location = location.rstrip("/")
        self._name = name
        self._format = format_
        self._files: dict[str, TableFile] = {}
        self._held = 0
        self._sparse = sparse
        self._kinds: set[str] = set()
        self._documents = Documents(kept, adjacent=adjacent)
        self._all = ExitStack()
        with ExitStack() as opened:
            opened.enter_context(self._all)
            self._open(() if sparse else tables_of(kinds, native_documents=native_documents))
            opened.pop_all()

    def write(self, row: JsonObject) -> None:
        """Take a row.

        Raises:
            InvalidInputError: it is no row.
        """
        if not self._files:
            self._open((self._documents.table,))  # first, as what is opened first is completed last
        said = said_in(row)
        if said.kind not in self._kinds and not self._sparse:
            self._kinds.add(said.kind)
            self._open(tables_of((said.kind,)))
        self._put(self._documents.table, self._documents.add(row, said))
        key = said.document_id, said.task
        for table, records in records_of(row, said):
            self._put(table, records, key)
        if self._held >= HELD:
            self._flush()

    def passing(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Take rows on their way to somebody else."""
        for row in rows:
            self.write(row.to_dict())
            yield row

    def _put(self, table: Table, records: Sequence[Record], key: Record = ()) -> None:
        file = self._files.get(table.name)
        if file is None:
            self._open((table,))
            file = self._files[table.name]
        held = file.held
        for record in records:
            held += key
            held += record
        self._held += len(records)

    def _flush(self) -> None:
        for file in self._files.values():
            file.flush()
        self._held = 0

    def _open(self, tables: Iterable[Table]) -> None:
        for told in tables:
            table = self._documents.table if told.name == self._documents.table.name else told
            if table.name not in self._files:
                whole = self._all.enter_context(WholeFile(f"{self._location}/{table.name}/{self._file_name}"))
                writer = WRITERS[self._format](table, whole)
                self._files[table.name] = TableFile(writer, table)

    @property
    def _file_name(self) -> str:
        return f"{self._name}.{self._format}"

    @property
    def records(self) -> dict[str, int]:
        """How many records each table has, until now."""
        return {name: file.records for name, file in self._files.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._all:  # what leaves it discards all of them
                self._end(error)
        except BaseException:
            for file in self._files.values():
                file.writer.drop()
            raise
        if self._format == "jsonl":
            replace_file(f"{self._location}/tables.sql", views_over(self._location).encode())

    def _end(self, error: BaseException | None) -> None:
        if error is not None:
            raise error
        self._put(self._documents.table, self._documents.records())
        self._flush()
        for file in self._files.values():
            file.writer.end()


def views_over(location: str) -> str:
    """SQL for DuckDB that makes a view of each table out of its JSON lines, with the schema's types.

    Args:
        location: the folder below which the tables are.
    """
    place = place_of(location)
    place.fs.invalidate_cache()
    there = {str(path).rstrip("/").rpartition("/")[2] for path in place.fs.ls(place.path, detail=False)}
    folder = place.path if place.is_local else f"{place.protocol}://{place.path}"
    quoted = folder.rstrip("/").replace("'", "''")
    return "".join(_view(table, quoted) for name, table in TABLES.items() if name in there)


def _view(table: Table, folder: str) -> str:
    files = f"{folder}/{table.name}/**/*.jsonl"
    columns = ",\n".join(f"    \"{column.name}\": '{_SQL_TYPES[column.type]}'" for column in table.columns)
    return (
        f"CREATE OR REPLACE VIEW {table.name} AS SELECT * FROM read_json(\n"  # noqa: S608 - the names are ours
        f"  '{files}', format = 'newline_delimited', columns = {{\n{columns}\n  }});\n"
    )
