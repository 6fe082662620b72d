"""Reads the records of a table's file, one after another, in each format that tables have."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_language.protocol.json_values import JsonObject
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.row_files import rows_in
from airflow_provider_language.storage.tables.table_formats import check_can_write


def records_in(location: str) -> Iterator[JsonObject]:
    """The records of a file; some thousands of them are held.

    Args:
        location: of the file; its suffix tells the format.

    Raises:
        FileNotFoundError: there is no file.
        InvalidInputError: it is Parquet, and that cannot be read here; or a line of it is no record.
    """
    if not location.endswith(".parquet"):
        yield from rows_in(location)
        return
    check_can_write("parquet")
    from pyarrow import parquet

    place = place_of(location)
    with place.fs.open(place.path, "rb") as stored:
        for batch in parquet.ParquetFile(stored).iter_batches():
            yield from batch.to_pylist()
