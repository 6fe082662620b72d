"""The file of one table, in each format that tables have."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from airflow_provider_language.protocol.json_values import encoded
from airflow_provider_language.protocol.tables.schema import SCHEMA_VERSION, ColumnType, Table
from airflow_provider_language.protocol.tables.values import of_type
from airflow_provider_language.storage.files import Sink, WholeFile

VERSION_KEY = "azure_language_schema_version"
"""Under which the metadata of a Parquet file has the version of the schema."""
COMPRESSION = "zstd"
"""Of Parquet: all readers of today know it."""
HELD = 5_000
"""Records that are held as objects: so few that the processor's caches have them when they are written."""
ROW_GROUP_RECORDS = 50_000
ROW_GROUP_BYTES = 2**22
"""What a row group of Parquet has at most, about; it is held until it is written."""


class Writer(Protocol):
    """Writes records to a file."""

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """Write records, of which the values of each column stand together, as somebody else wrote them."""

    def end(self) -> None:
        """Write what belongs at the end."""

    def drop(self) -> None:
        """Write nothing more, whatever is asked."""


@dataclass
class TableFile:
    """A table's file, and the records that are not yet in it.

    Their values stand in one list, since some ten thousand records of their own would keep the garbage
    collector busy, which took a third of the time.
    """

    writer: Writer
    table: Table
    held: list[Any] = field(default_factory=list)
    written: int = 0

    @property
    def records(self) -> int:
        """How many there are until now."""
        return self.written + len(self.held) // len(self.table.columns)

    def flush(self) -> None:
        """Write what is held."""
        columns = len(self.table.columns)
        if self.held:
            self.writer.write([self.held[place::columns] for place in range(columns)])
            self.written, self.held = self.records, []


class _Lines:
    """JSON lines, which know no types: the views of ``tables.sql`` give them back."""

    def __init__(self, table: Table, file: WholeFile) -> None:
        self._names = [column.name for column in table.columns]
        self._types = [column.type for column in table.columns]
        self._file = file

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        records = zip(*map(of_type, columns, self._types), strict=True)
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
        self._types = [column.type for column in table.columns]
        self._sink = Sink(file)
        self._file = parquet.ParquetWriter(self._sink, self._schema, compression=COMPRESSION)
        self._group: list[Any] = []
        self._records = self._bytes = 0

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        import pyarrow as pa

        types = zip(columns, self._types, self._schema.types, strict=True)
        batch = pa.RecordBatch.from_arrays([_array(*one) for one in types], schema=self._schema)
        self._group.append(batch)
        self._records += batch.num_rows
        self._bytes += batch.nbytes
        if self._records >= ROW_GROUP_RECORDS or self._bytes >= ROW_GROUP_BYTES:
            self._write_group()

    def _write_group(self) -> None:
        import pyarrow as pa

        if self._group:
            self._file.write_table(pa.Table.from_batches(self._group))
            self._group, self._records, self._bytes = [], 0, 0

    def end(self) -> None:
        self._write_group()
        self._file.close()

    def drop(self) -> None:
        self._sink.drop()  # to which pyarrow writes the end of the file when it is collected


def _array(values: Sequence[Any], type_: ColumnType, arrow_type: Any) -> Any:
    """A column of Arrow, with the same values as :func:`of_type` reads.

    Arrow refuses what is no string, no flag or too large, so that only then each value is looked at; of
    numbers it takes more than we do (``1.5`` for a whole one, ``true`` for any, infinity).
    """
    import pyarrow as pa

    if type_ != "double" and (type_ != "int64" or _WHOLE.issuperset(map(type, values))):
        with suppress(pa.ArrowException, UnicodeEncodeError, OverflowError):
            return pa.array(values, type=arrow_type)
    return pa.array(of_type(values, type_), type=arrow_type)


_WHOLE = frozenset({int, type(None)})


WRITERS: dict[str, type[_Lines] | type[_Parquet]] = {"parquet": _Parquet, "jsonl": _Lines}
