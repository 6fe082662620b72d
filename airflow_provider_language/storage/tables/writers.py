"""Tables of findings on storage: a folder for each, and a typed file in it even if nothing was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from airflow_provider_language.protocol.json_values import JsonObject, encoded
from airflow_provider_language.protocol.tables.records import Documents, Record, records_of, said_in
from airflow_provider_language.protocol.tables.schema import (
    SCHEMA_VERSION,
    TABLES,
    Column,
    Table,
    tables_of,
)
from airflow_provider_language.protocol.tables.values import Value, of_type
from airflow_provider_language.storage.files import Sink, WholeFile, replace_file
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.table_formats import check_can_write

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from airflow_provider_language.protocol.jobs.results import Row

VERSION_KEY = "azure_language_schema_version"
"""Under which the metadata of a Parquet file has the version of the schema."""
HELD = 50_000
"""Records of all tables together that are held in memory; those of a table are a row group of Parquet."""
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
        adjacent: bool = False,
    ) -> None:
        check_can_write(format_)
        self._location = location.rstrip("/")
        self._name = name
        self._format = format_
        self._files: dict[str, _TableFile] = {}
        self._held = 0
        self._sparse = sparse
        self._kinds: set[str] = set()
        self._documents = Documents(kept, adjacent=adjacent)
        self._all = ExitStack()
        with ExitStack() as opened:
            opened.enter_context(self._all)
            self._open(() if sparse else tables_of(kinds))
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
        for table, records in records_of(row, said):
            self._put(table, records)
        if self._held >= HELD:
            self._flush()

    def passing(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Take rows on their way to somebody else."""
        for row in rows:
            self.write(row.to_dict())
            yield row

    def _put(self, table: Table, records: Sequence[Record]) -> None:
        file = self._files.get(table.name)
        if file is None:
            self._open((table,))
            file = self._files[table.name]
        for record in records:
            file.held.extend(record)
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
                writer = _WRITERS[self._format](table, whole)
                self._files[table.name] = _TableFile(writer, table)

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


class _Writer(Protocol):
    """Writes records to a file."""

    def write(self, columns: Sequence[Sequence[Value]]) -> None:
        """Write records, of which the values of each column stand together."""

    def end(self) -> None:
        """Write what belongs at the end."""

    def drop(self) -> None:
        """Write nothing more, whatever is asked."""


@dataclass
class _TableFile:
    """A table's file, and the records that are not yet in it.

    Their values stand in one list, since some ten thousand records of their own would keep the garbage
    collector busy, which took a third of the time.
    """

    writer: _Writer
    table: Table
    held: list[Any] = field(default_factory=list)
    written: int = 0

    @property
    def records(self) -> int:
        """How many there are until now."""
        return self.written + len(self.held) // len(self.table.columns)

    def flush(self) -> None:
        columns = self.table.columns
        if self.held:
            self.writer.write(
                [of_type(self.held[place :: len(columns)], one.type) for place, one in enumerate(columns)]
            )
            self.written, self.held = self.records, []


class _Lines:
    """JSON lines, which know no types: the views of ``tables.sql`` give them back."""

    def __init__(self, table: Table, file: WholeFile) -> None:
        self._names = [column.name for column in table.columns]
        self._file = file

    def write(self, columns: Sequence[Sequence[Value]]) -> None:
        records = zip(*columns, strict=True)
        lines = (encoded(dict(zip(self._names, record, strict=True))) + b"\n" for record in records)
        self._file.write(b"".join(lines))

    def end(self) -> None:
        """Every line is written as it comes."""

    def drop(self) -> None:
        """Nothing is written unasked."""


class _Parquet:
    """Parquet, with the types in it."""

    def __init__(self, table: Table, file: WholeFile) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        types = {"string": pa.string(), "int64": pa.int64(), "double": pa.float64(), "boolean": pa.bool_()}
        self._schema = pa.schema(
            [pa.field(one.name, types[one.type], nullable=not one.required) for one in table.columns],
            metadata={VERSION_KEY: str(SCHEMA_VERSION)},
        )
        self._sink = Sink(file)
        self._file = parquet.ParquetWriter(self._sink, self._schema, compression="zstd")

    def write(self, columns: Sequence[Sequence[Value]]) -> None:
        import pyarrow as pa

        arrays = [pa.array(values, type=one.type) for values, one in zip(columns, self._schema, strict=True)]
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def end(self) -> None:
        self._file.close()

    def drop(self) -> None:
        self._sink.drop()  # to which pyarrow writes the end of the file when it is collected


_WRITERS: dict[str, type[_Lines] | type[_Parquet]] = {"parquet": _Parquet, "jsonl": _Lines}


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
