"""Writes a file of a source with other texts: its format, its columns and their order stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import IO, Any, Protocol, cast

from airflow_provider_language.protocol.corpus.families import Takes
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.layouts import COMMA, UTF_8, Layout
from airflow_provider_language.storage.copies.csv_texts import CsvTexts
from airflow_provider_language.storage.copies.json_texts import with_texts
from airflow_provider_language.storage.copies.parquet_texts import copy_parquet
from airflow_provider_language.storage.copies.recorded import Recorded
from airflow_provider_language.storage.files import WholeFile
from airflow_provider_language.storage.formats import packer
from airflow_provider_language.storage.sources.columns import Wanted
from airflow_provider_language.storage.sources.corpora import SourceFile, item_of
from airflow_provider_language.storage.sources.documents import PARQUET, kind_of, placed_rows
from airflow_provider_language.storage.sources.kept_columns import KeptColumns
from airflow_provider_language.storage.sources.lines import MARK
from airflow_provider_language.storage.sources.parquet_rows import ParquetPieces
from airflow_provider_language.storage.sources.text_columns import documents_in, wanted_of
from airflow_provider_language.storage.stores import place_of


@dataclass(frozen=True)
class Reading:
    """How the rows of a corpus were read, and are read again.

    Args:
        layout: how its files are written.
        qualified: whether the file stands before each id.
        takes: what a job takes.
        columns: that have texts, where these are several.
    """

    layout: Layout
    qualified: bool
    takes: Takes
    columns: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns that have texts."""
        return self.columns or (self.layout.text_column or "text",)

    @property
    def wanted(self) -> Wanted:
        """The fields of the rows."""
        return wanted_of(self.columns)

    @property
    def encoding(self) -> str:
        """Of the files."""
        return self.layout.encoding or UTF_8

    def items(self, row: Any, name: str, number: int) -> dict[str, Item]:
        """What a row is to the corpus, by column; it has one at least."""
        found = partial(item_of, name=name, number=number, kept=_NOTHING)
        how: dict[str, Any] = {"qualified": self.qualified, "takes": self.takes}
        if not self.columns:
            return {self.texts[0]: found(row, **how)}
        texts = documents_in(row, self.columns)
        return {column: found(one, suffix=f"#{column}", **how) for column, one in texts}


_NOTHING = KeptColumns(())


class Said(Protocol):
    """The texts in the place of those of a corpus."""

    def of(self, item: Item) -> str | None:
        """That of the next document; None for none."""

    def end(self, name: str, /) -> None:
        """Be told that a file has no more documents."""


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
        most: rows of the file after which the copy ends; None for all.

    Raises:
        InvalidInputError: the file cannot be read.
    """
    kind, is_packed = kind_of(source[0])
    with WholeFile(target) as file:
        rows = _Counted(said)
        if kind == PARQUET:
            _copy_parquet(source, file, reading, rows, most)
        else:
            packed = packer(is_packed=is_packed)
            for content in _copied(source, _TEXTS[kind](reading), reading, rows, most):
                file.write(packed.compress(content))
            file.write(packed.flush())
        said.end(source[1])
    return rows.number


class _Counted:
    """The texts in the place of those of rows, one row after another."""

    def __init__(self, said: Said) -> None:
        self._said = said
        self.number = 0

    def of(self, items: Mapping[str, Item]) -> dict[str, str | None]:
        self.number += 1
        return {column: self._said.of(item) for column, item in items.items()}


def _copied(
    source: SourceFile,
    texts: _Texts,
    reading: Reading,
    said: _Counted,
    most: int | None,
) -> Iterator[bytes]:
    recorded = Recorded()
    location, name = source
    placed = placed_rows(location, reading.layout, reading.wanted, tolerant=True, tap=recorded.through)
    rows = enumerate(placed)
    items = ((cast("int", begin), reading.items(row, name, number)) for number, (begin, row) in rows)
    is_first = True
    for of_row, content in recorded.beside(items, most):
        bare = content.removeprefix(MARK) if is_first else content
        if bare != content:
            yield MARK
        is_first = is_first and not content
        yield texts.head(bare) if of_row is None else texts.row(bare, of_row, said.of(of_row))


class _Texts(Protocol):
    """Puts texts into the rows of a file."""

    def head(self, content: bytes) -> bytes:
        """What stands before the first row, as it is copied."""

    def row(self, content: bytes, items: Mapping[str, Item], said: Mapping[str, str | None]) -> bytes:
        """A row, with what follows it, as it is copied.

        Args:
            content: of the file.
            items: what is analyzed of it, by column.
            said: in the place of their texts.
        """


class _InJson:
    def __init__(self, reading: Reading) -> None:
        self._encoding = reading.encoding

    def head(self, content: bytes) -> bytes:  # noqa: ARG002 - blanks
        return b""

    def row(self, content: bytes, items: Mapping[str, Item], said: Mapping[str, str | None]) -> bytes:  # noqa: ARG002 - the line tells
        line, newline, _ = content.partition(b"\n")
        try:
            read = line.decode(self._encoding)
        except UnicodeDecodeError:
            read = ""
        copied = with_texts(read, said, self._encoding)
        return copied.encode(self._encoding) + newline


class _InCsv:
    def __init__(self, reading: Reading) -> None:
        self._columns, self._encoding = reading.texts, reading.encoding
        self._delimiter = reading.layout.delimiter or COMMA
        self._texts: CsvTexts | None = None

    def head(self, content: bytes) -> bytes:
        self._head = content.decode(self._encoding)
        return content

    def row(self, content: bytes, items: Mapping[str, Item], said: Mapping[str, str | None]) -> bytes:
        if self._texts is None:
            self._texts = CsvTexts(self._head, self._delimiter, self._columns)
        row = content.decode(self._encoding)
        read = self._texts.texts(row)
        if any(item.fault is None and read.get(column) != item.content for column, item in items.items()):
            raise AssertionError("a row of CSV is read in two ways")
        return self._texts.with_texts(row, said).encode(self._encoding, errors="replace")


class _InText:
    def __init__(self, reading: Reading) -> None:
        self._encoding = reading.encoding

    def head(self, content: bytes) -> bytes:
        return content

    def row(self, content: bytes, items: Mapping[str, Item], said: Mapping[str, str | None]) -> bytes:  # noqa: ARG002 - all of it is the text
        [text] = said.values()
        return (text or "").encode(self._encoding, errors="replace")


_TEXTS: dict[str, Callable[[Reading], _Texts]] = {
    ".jsonl": _InJson,
    ".ndjson": _InJson,
    ".csv": _InCsv,
    ".txt": _InText,
}


def _copy_parquet(
    source: SourceFile,
    file: WholeFile,
    reading: Reading,
    said: _Counted,
    most: int | None,
) -> None:
    location, name = source
    place = place_of(location)
    with place.fs.open(place.path, "rb") as stored:
        opened = ParquetPieces(cast("IO[bytes]", stored), place.location, reading.layout, reading.wanted)

        def texts(piece: Any, first: int) -> list[dict[str, str | None]]:
            left = None if most is None else most - first
            rows = islice(opened.rows(piece, first), left)
            return [said.of(reading.items(row, name, number)) for number, row in enumerate(rows, start=first)]

        copy_parquet(opened, reading.texts, texts, file)
