"""Leaves documents out of files of tables that are there: the same file without their records."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any, NamedTuple

from airflow_provider_language.protocol.json_values import decoded
from airflow_provider_language.storage.files import WholeFile
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.table_files import COMPRESSION
from airflow_provider_language.storage.tables.table_formats import check_can_write

_ID = "document_id"


class Records(NamedTuple):
    """How many records of a file are gone, and how many are left."""

    gone: int
    left: int


def leave_out(location: str, ids: Collection[str]) -> Records:
    """Write a file of a table anew without the records of documents, if it has any.

    Args:
        location: of the file; its suffix tells the format.
        ids: of the documents.

    Raises:
        InvalidInputError: it is Parquet, and that cannot be written here.
    """
    if location.endswith(".parquet"):
        check_can_write("parquet")
        return _of_parquet(location, ids)
    return _of_lines(location, ids)


def _of_lines(location: str, ids: Collection[str]) -> Records:
    place = place_of(location)
    lines = place.fs.cat_file(place.path).splitlines(keepends=True)
    left = [line for line in lines if (decoded(line) or {}).get(_ID) not in ids]
    if len(left) < len(lines):
        with WholeFile(location) as file:
            file.write(b"".join(left))
    return Records(len(lines) - len(left), len(left))


def _of_parquet(location: str, ids: Collection[str]) -> Records:
    from pyarrow import array, compute, parquet

    place = place_of(location)
    source = parquet.ParquetFile(BytesIO(place.fs.cat_file(place.path)))
    values = array(sorted(ids))

    def groups() -> Iterator[Any]:
        for number in range(source.num_row_groups):
            group = source.read_row_group(number)
            yield group.filter(compute.invert(compute.is_in(group.column(_ID), value_set=values)))

    left = sum(group.num_rows for group in groups())
    gone = source.metadata.num_rows - left
    if gone:
        written = BytesIO()
        with parquet.ParquetWriter(written, source.schema_arrow, compression=COMPRESSION) as writer:
            for group in groups():
                writer.write_table(group)
        with WholeFile(location) as file:
            file.write(written.getvalue())
    return Records(gone, left)
