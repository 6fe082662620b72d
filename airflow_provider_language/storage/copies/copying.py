"""Writes a file of a source with other texts: its format, its columns and their order stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any, Protocol, cast

from airflow_provider_language.protocol.corpus.layouts import COMMA
from airflow_provider_language.storage.copies.csv_texts import CsvTexts
from airflow_provider_language.storage.copies.json_texts import with_texts
from airflow_provider_language.storage.copies.parquet_texts import copy_parquet
from airflow_provider_language.storage.copies.reading import Reading, Replaced, Said
from airflow_provider_language.storage.copies.recorded import Recorded
from airflow_provider_language.storage.copies.turn_texts import EMPTIED, TurnTexts
from airflow_provider_language.storage.files import WholeFile
from airflow_provider_language.storage.formats import packer
from airflow_provider_language.storage.sources.corpora import SourceFile
from airflow_provider_language.storage.sources.documents import PARQUET, kind_of, placed_rows
from airflow_provider_language.storage.sources.lines import MARK
from airflow_provider_language.storage.sources.parquet_rows import ParquetPieces
from airflow_provider_language.storage.stores import place_of


def copy_file(
    source: SourceFile,
    target: str,
    reading: Reading,
    said: Said,
    most: int | None = None,
) -> int:
    """Copy a file, with other texts in each row, and return its rows; whole or not at all.

    No more is held than a row, or some hundred rows of Parquet. The same file and texts give the same bytes.

    Args:
        source: the file.
        target: where its copy is written.
        reading: how it is read.
        said: the texts in the place of those of the rows.
        most: rows of the file, or conversations, after which the copy ends; None for all.

    Raises:
        InvalidInputError: the file cannot be read.
    """
    kind, is_packed = kind_of(source[0])
    rows = (
        TurnTexts(source, reading, said, most)
        if reading.has_turns
        else _RowTexts(source, reading, said, most)
    )
    with WholeFile(target) as file:
        if kind == PARQUET:
            _copy_parquet(source, file, reading, rows)
        else:
            packed = packer(is_packed=is_packed)
            for content in _copied(source, _TEXTS[kind](reading, rows), reading, rows):
                file.write(packed.compress(content))
            file.write(packed.flush())
        said.end(source[1])
    return rows.number


class _Rows(Protocol):
    """What becomes of the rows of a file, one after another."""

    @property
    def number(self) -> int:
        """How many rows there were until now."""

    @property
    def most(self) -> int | None:
        """Rows after which the copy ends; None for all."""

    def of(self, row: Any, number: int) -> Replaced:
        """What becomes of the next row."""

    def has_text(self, name: str) -> bool:
        """Whether a column of this name has texts."""


class _RowTexts:
    """Of rows of texts: what is said in the place of each."""

    def __init__(self, source: SourceFile, reading: Reading, said: Said, most: int | None) -> None:
        self._name, self._reading, self._said = source[1], reading, said
        self.number, self.most = 0, most

    def of(self, row: Any, number: int) -> Replaced:
        self.number += 1
        items = self._reading.items(row, self._name, number)
        originals = {column: item.content for column, item in items.items() if item.fault is None}
        return Replaced({column: self._said.of(item) for column, item in items.items()}, originals)

    def has_text(self, name: str) -> bool:
        return name in self._reading.texts


def _copied(source: SourceFile, texts: _Texts, reading: Reading, rows: _Rows) -> Iterator[bytes]:
    recorded = Recorded()
    placed = placed_rows(source[0], reading.layout, reading.wanted, tolerant=True, tap=recorded.through)
    numbered = ((cast("int", begin), (number, row)) for number, (begin, row) in enumerate(placed))
    is_first = True
    for found, content in recorded.beside(numbered, rows.most):
        bare = content.removeprefix(MARK) if is_first else content
        if bare != content:
            yield MARK
        is_first = is_first and not content
        yield texts.head(bare) if found is None else texts.row(bare, rows.of(found[1], found[0]))


class _Texts(Protocol):
    """Puts texts into the rows of a file."""

    def head(self, content: bytes) -> bytes:
        """What stands before the first row, as it is copied."""

    def row(self, content: bytes, replaced: Replaced) -> bytes:
        """A row, with what follows it, as it is copied."""


class _InJson:
    def __init__(self, reading: Reading, _: _Rows) -> None:
        self._encoding = reading.encoding

    def head(self, content: bytes) -> bytes:  # noqa: ARG002 - blanks
        return b""

    def row(self, content: bytes, replaced: Replaced) -> bytes:
        line, newline, _ = content.partition(b"\n")
        try:
            read = line.decode(self._encoding)
        except UnicodeDecodeError:
            read = ""
        copied = with_texts(read, replaced.texts, self._encoding)
        return copied.encode(self._encoding) + newline


class _InCsv:
    def __init__(self, reading: Reading, rows: _Rows) -> None:
        self._encoding, self._has_text = reading.encoding, rows.has_text
        self._delimiter = reading.layout.delimiter or COMMA
        self._keeps_rest = not reading.has_turns
        self._texts: CsvTexts | None = None

    def head(self, content: bytes) -> bytes:
        self._head = content.decode(self._encoding)
        return content

    def row(self, content: bytes, replaced: Replaced) -> bytes:
        if self._texts is None:
            self._texts = CsvTexts(self._head, self._delimiter, self._has_text, keeps_rest=self._keeps_rest)
        row = content.decode(self._encoding)
        read = self._texts.texts(row)
        if any(read.get(column) != text for column, text in replaced.originals.items()):
            raise AssertionError("a row of CSV is read in two ways")
        return self._texts.with_texts(row, replaced.flat).encode(self._encoding, errors="replace")


class _InText:
    def __init__(self, reading: Reading, _: _Rows) -> None:
        self._encoding = reading.encoding

    def head(self, content: bytes) -> bytes:
        return content

    def row(self, content: bytes, replaced: Replaced) -> bytes:  # noqa: ARG002 - all of it is the text
        [text] = replaced.flat.values()
        return (text or "").encode(self._encoding, errors="replace")


_TEXTS: dict[str, Callable[[Reading, _Rows], _Texts]] = {
    ".jsonl": _InJson,
    ".ndjson": _InJson,
    ".csv": _InCsv,
    ".txt": _InText,
}


def _copy_parquet(source: SourceFile, file: WholeFile, reading: Reading, rows: _Rows) -> None:
    place = place_of(source[0])
    with place.fs.open(place.path, "rb") as stored:
        opened = ParquetPieces(cast("IO[bytes]", stored), place.location, reading.layout, reading.wanted)
        names = list(filter(rows.has_text, opened.file.schema_arrow.names))
        emptied = [name for name in names if reading.has_turns and name in EMPTIED]

        def texts(piece: Any, first: int) -> list[dict[str, str | None]]:
            left = None if rows.most is None else rows.most - first
            read = islice(opened.rows(piece, first), left)
            return [rows.of(row, number).flat for number, row in enumerate(read, start=first)]

        copy_parquet(opened, [name for name in names if name not in emptied], texts, file, emptied)
