"""The file of one table, in each format that tables have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from airflow_provider_language.protocol.json_values import encoded
from airflow_provider_language.protocol.tables.schema import SCHEMA_VERSION, Table
from airflow_provider_language.protocol.tables.values import Value, of_type
from airflow_provider_language.storage.files import Sink, WholeFile

VERSION_KEY = "azure_language_schema_version"
"""Under which the metadata of a Parquet file has the version of the schema."""


class Writer(Protocol):
    """Writes records to a file."""

    def write(self, columns: Sequence[Sequence[Value]]) -> None:
        """Write records, of which the values of each column stand together."""

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


WRITERS: dict[str, type[_Lines] | type[_Parquet]] = {"parquet": _Parquet, "jsonl": _Lines}
