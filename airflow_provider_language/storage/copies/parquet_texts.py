"""Other texts in a file of Parquet: its columns, their order and types, and its metadata stay."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from airflow_provider_language.storage.files import Sink, WholeFile
from airflow_provider_language.storage.sources.parquet_rows import ParquetPieces

ROW_GROUP = 16 * 2**20
"""Bytes of a row group in memory, about."""


def copy_parquet(
    opened: ParquetPieces,
    columns: Collection[str],
    texts: Callable[[Any, int], Sequence[Mapping[str, str | None]]],
    file: WholeFile,
    emptied: Collection[str] = (),
) -> None:
    """Write a file with other texts.

    Args:
        opened: the file that is copied.
        columns: that have texts.
        texts: those of each row of a piece of it, by column, of which the first has this number; fewer
            rows if the copy ends there.
        file: the copy.
        emptied: columns in which nothing is left.
    """
    from pyarrow import parquet

    schema = _with_texts(opened.file.schema_arrow, columns, emptied)
    sink = Sink(file)
    try:
        writer = parquet.ParquetWriter(sink, schema, compression=_compression(opened.file.metadata))
        held: list[Any] = []
        first = 0
        for piece in opened.pieces():
            found = texts(piece, first)
            held.append(_piece_with(piece.slice(0, len(found)), columns, found, schema, emptied))
            first += len(found)
            if len(found) < piece.num_rows:
                break
            if sum(one.nbytes for one in held) >= ROW_GROUP:
                _write(writer, held, schema)
                held = []
        _write(writer, held, schema)
        writer.close()
    except BaseException:
        sink.drop()
        raise


def _write(writer: Any, pieces: list[Any], schema: Any) -> None:
    import pyarrow as pa

    if any(one.num_rows for one in pieces):
        table = pa.Table.from_batches(pieces, schema=schema)
        writer.write_table(table, row_group_size=table.num_rows)


def _with_texts(schema: Any, columns: Collection[str], emptied: Collection[str]) -> Any:
    """The schema of the copy: texts that are dictionaries, or no texts, are texts there."""
    import pyarrow as pa

    for place, field in enumerate(schema):
        if field.name in columns and str(field.type) not in _STRINGS:
            schema = schema.set(place, field.with_type(pa.string()))
        elif field.name in emptied:
            schema = schema.set(place, field.with_nullable(True))
    return schema


_STRINGS = frozenset({"string", "large_string", "string_view"})


def _piece_with(
    piece: Any,
    columns: Collection[str],
    texts: Sequence[Mapping[str, str | None]],
    schema: Any,
    emptied: Collection[str],
) -> Any:
    """A piece with other texts, in each column of these names; what is no text there is blank, and stays."""
    import pyarrow as pa

    arrays = list(piece.columns)
    for place, field in enumerate(schema):
        if field.name in columns:
            blank = map(_blank, arrays[place].to_pylist())
            said = [of_row.get(field.name, one) for of_row, one in zip(texts, blank, strict=True)]
            arrays[place] = pa.array(said if field.nullable else [one or "" for one in said], type=field.type)
        elif field.name in emptied:
            arrays[place] = pa.nulls(piece.num_rows, field.type)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _blank(value: object) -> str | None:
    """A text in which nothing stands, as it is; of columns of one name, no more than one was looked at."""
    return value if isinstance(value, str) and not value.strip() else None


def _compression(metadata: Any) -> str:
    """As the file is compressed, by its first column; as pyarrow does where nothing is in it."""
    if not metadata.num_row_groups or not metadata.num_columns:
        return _USUAL
    name = str(metadata.row_group(0).column(0).compression).lower()
    return _NAMES.get(name, name)


_USUAL = "snappy"
_NAMES = {"uncompressed": "none", "lz4_raw": "lz4", "lzo": _USUAL, "unknown": _USUAL}
"""What pyarrow calls by another name when it writes, or does not write."""
