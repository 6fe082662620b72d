"""Documents and conversations from object storage: JSON lines, CSV, Parquet, or a folder of text files."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import AS_USUAL, Layout
from airflow_provider_language.protocol.inputs.conversations import Conversation, conversations_from
from airflow_provider_language.protocol.inputs.documents import Document, documents_from
from airflow_provider_language.storage.locations import SUFFIX
from airflow_provider_language.storage.sources.columns import CONVERSATIONS, DOCUMENTS, Wanted
from airflow_provider_language.storage.sources.csv_rows import csv_rows
from airflow_provider_language.storage.sources.json_rows import json_rows
from airflow_provider_language.storage.sources.lines import Unread
from airflow_provider_language.storage.sources.parquet_rows import parquet_rows
from airflow_provider_language.storage.sources.text_files import folder_texts, text_of

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.batches import Batch

RowPlace: TypeAlias = int | str
"""Where a row begins in its file, in bytes of what is not compressed, or in rows; or a file's path below its
folder."""


def read_documents(
    location: str, language: str | None = None, layout: Layout = AS_USUAL
) -> tuple[Document, ...]:
    """Read all documents of a file or folder.

    A file of lines may be compressed (``.gz``). A JSON line is a text, or an object with ``text`` and perhaps
    ``id`` and ``language``; a row of CSV or Parquet has columns of these names; other fields are ignored.
    Without an id, the number of the row (from 0) is its id. Each ``.txt`` file below a folder is a document
    whose id is its path below the folder.

    Args:
        location: an absolute path, or a URL that ``ObjectStoragePath`` understands, such as
            ``s3://conn@bucket/key``.
        language: for documents that name none.
        layout: how the file is written, where it has other columns, another delimiter or encoding.

    Raises:
        InvalidInputError: there is nothing there, the kind of file is unknown, or a row is not a document.
    """
    return documents_from((row for _, row in placed_rows(location, layout)), language)


def read_conversations(
    location: str, language: str | None = None, layout: Layout = AS_USUAL
) -> tuple[Conversation, ...]:
    """Read all conversations of a JSON lines or CSV file.

    A row is a turn with ``conversation_id``, ``speaker`` and ``text``, as ``conversations_from`` reads it; a
    JSON line may also be a whole conversation in the service's own words.

    Args:
        location: an absolute path, or a URL that ``ObjectStoragePath`` understands.
        language: for conversations that name none.
        layout: how the file is written, where it has other columns, another delimiter or encoding.

    Raises:
        InvalidInputError: there is nothing there, the kind of file is unknown, or a row is no turn.
    """
    rows = (row for _, row in placed_rows(location, layout, CONVERSATIONS))
    return conversations_from(rows, language)


def placed_rows(
    location: str,
    layout: Layout,
    wanted: Wanted = DOCUMENTS,
    batch: Batch | None = None,
    *,
    tolerant: bool = False,
    tap: Callable[[IO[bytes]], IO[bytes]] | None = None,
) -> Iterator[tuple[RowPlace, Any]]:
    """The rows of a file or folder with their places, read while they are asked for.

    Args:
        location: an absolute path, or a URL that ``ObjectStoragePath`` understands.
        layout: how the file is written.
        wanted: the fields that are looked for.
        batch: where to begin; None for the first row. Of a folder, its files are read and no others.
        tolerant: whether a row that cannot be read is told as :class:`Unread`, and the others are read.
        tap: what a file is read through, unpacked.

    Raises:
        InvalidInputError: there is nothing there, the kind of file is unknown, or it cannot be read.
    """
    for place, row in _placed_rows(location, layout, wanted, batch, tap):
        if isinstance(row, Unread) and not tolerant:
            raise InvalidInputError(row.why)
        yield place, row


def _placed_rows(
    location: str,
    layout: Layout,
    wanted: Wanted,
    batch: Batch | None,
    tap: Callable[[IO[bytes]], IO[bytes]] | None,
) -> Iterator[tuple[RowPlace, Any]]:
    from airflow_provider_language.storage.stores import place_of

    place = place_of(location)
    if place.fs.isdir(place.path):
        yield from folder_texts(place, layout, None if batch is None else batch.files)
        return
    if not place.is_file():
        raise InvalidInputError(f"There is nothing at {place.location}.")
    kind, is_packed = kind_of(place.location)
    reader = _READERS[kind]
    offset = (batch.offset if batch is not None else None) or 0
    with place.fs.open(place.path, "rb") as stored, _unpacked(stored, is_packed=is_packed) as file:
        read = file if tap is None else tap(file)
        yield from _told(place.location, reader(read, place.location, layout, wanted, offset))


def kind_of(location: str) -> tuple[str, bool]:
    """Which kind of file it is, by its suffix in small letters, and whether it is compressed.

    Raises:
        InvalidInputError: it is none that is read.
    """
    suffix = SUFFIX.search(location)
    kind = "" if suffix is None else f".{suffix[1].lower()}"
    is_packed = suffix is not None and bool(suffix[2])
    if kind not in _READERS or (kind == PARQUET and is_packed):
        raise InvalidInputError(
            f"{location} is none of {', '.join(_READERS)} (nor one of these with .gz), nor a folder of "
            ".txt files; convert it first."
        )
    return kind, is_packed


def _unpacked(stored: IO[bytes], *, is_packed: bool) -> AbstractContextManager[IO[bytes]]:
    if is_packed:
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stored))
    # Files of fsspec read lines of any length; this one, no longer than it is told.
    return nullcontext(io.BufferedReader(cast("io.RawIOBase", stored), _BUFFERED))


def _told(location: str, rows: Iterator[tuple[RowPlace, Any]]) -> Iterator[tuple[RowPlace, Any]]:
    """Say which file it is that cannot be unpacked."""
    try:
        yield from rows
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InvalidInputError(f"{location} is not gzip that can be read.") from None


def _of_text(
    file: IO[bytes], location: str, layout: Layout, _: Wanted, __: int
) -> Iterator[tuple[RowPlace, Document]]:
    name = location.rpartition("/")[2]
    name = name[: -len(_PACKED)] if name.lower().endswith(_PACKED) else name
    yield 0, Document(name, text_of(file, location, layout))


_BUFFERED = 2**17
"""Bytes that are asked of a storage at once, at least: each time takes as long as some lines."""
PARQUET = ".parquet"
_PACKED = ".gz"
_READERS: Mapping[str, Callable[[IO[bytes], str, Layout, Wanted, int], Iterator[tuple[RowPlace, Any]]]] = {
    ".jsonl": json_rows,
    ".ndjson": json_rows,
    ".csv": csv_rows,
    PARQUET: parquet_rows,
    ".txt": _of_text,
}
