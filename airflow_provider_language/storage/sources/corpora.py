"""A corpus from files on object storage: read in a stream, row by row, whatever a single row is."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from typing import Literal, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.inputs.documents import Document, document_from
from airflow_provider_language.protocol.inputs.fields import is_missing
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.protocol.wire_names import check_unicode, check_word
from airflow_provider_language.storage.locations import SUFFIX
from airflow_provider_language.storage.runs.run_folders import is_result
from airflow_provider_language.storage.sources.documents import placed_rows
from airflow_provider_language.storage.sources.kept_columns import KeptColumns
from airflow_provider_language.storage.sources.lines import Unread
from airflow_provider_language.storage.sources.text_files import check_within
from airflow_provider_language.storage.stores import Place, place_of

Repeated: TypeAlias = Literal["fail", "qualify"]
SourceFile: TypeAlias = tuple[str, str]
"""Where a file lies, and the name by which its rows are known."""
_GLOB = frozenset("*?[")
_HIDDEN = re.compile(r"(^|/)[._]")


def corpus_files(sources: Iterable[str]) -> list[SourceFile]:
    """The files of a corpus, in the order in which they are read.

    Args:
        sources: files, folders, or globs of these; a folder stands for all files below it that are read.

    Raises:
        InvalidInputError: there are none at a source.
    """
    files = [file for source in sources for file in files_of(source)]
    times = Counter(name for _, name in files)
    return [(location, name if times[name] == 1 else location) for location, name in files]


def corpus_items(
    files: Sequence[SourceFile],
    layout: Layout,
    *,
    limit: int | None = None,
    repeated: Repeated = "fail",
    keep: Sequence[Column] = (),
    longest: int,
) -> Iterator[Item]:
    """Read a corpus.

    Args:
        files: as :func:`corpus_files` tells them.
        layout: how they are written.
        limit: rows after which it ends; None for all.
        repeated: what becomes of an id that stands in the corpus more than once: ``fail``, or ``qualify``,
            which puts the file before each id.
        keep: the columns that are carried over.
        longest: characters of a text that a job takes.

    Raises:
        InvalidInputError: a file cannot be read or has not all of the columns, or an id is there twice.
    """
    kept = KeptColumns(keep)
    items = _items(files, layout, kept, qualified=repeated == "qualify", longest=longest)
    return islice(_unique(items), limit)


def _items(
    files: Sequence[SourceFile], layout: Layout, kept: KeptColumns, *, qualified: bool, longest: int
) -> Iterator[Item]:
    for location, name in files:
        for number, (_, row) in enumerate(placed_rows(location, layout, tolerant=True)):
            if number == 0:
                kept.check(row, location)
            yield _placed_item(row, name, number, kept, qualified=qualified, longest=longest)


def items_of_rows(
    rows: Iterable[object],
    name: str,
    *,
    repeated: Repeated = "fail",
    keep: Sequence[Column] = (),
    longest: int,
) -> Iterator[Item]:
    """A corpus of rows that are no file's, in their order; see :func:`corpus_items`.

    Args:
        rows: as files give them.
        name: of where they come from.
        repeated: what becomes of an id that is there more than once.
        keep: the columns that are carried over.
        longest: characters of a text that a job takes.

    Raises:
        InvalidInputError: an id is there twice.
    """
    kept, qualified = KeptColumns(keep), repeated == "qualify"
    return _unique(
        _placed_item(row, name, number, kept, qualified=qualified, longest=longest)
        for number, row in enumerate(rows)
    )


def _placed_item(
    row: object, name: str, number: int, kept: KeptColumns, *, qualified: bool, longest: int
) -> Item:
    is_whole = isinstance(row, Document)  # a text file, which is one document
    place = name if is_whole else f"{name}#{number}"
    return replace(
        _item(row, place, f"{name}#" if qualified else "", longest),
        source=name,
        row_number=None if is_whole else number,
        kept=kept.of(row, place),
    )


def _item(row: object, place: str, prefix: str, longest: int) -> Item:
    if isinstance(row, Unread):
        return Item.refused(place, row.why)
    try:
        document = document_from(0, row)  # type: ignore[arg-type] # it refuses what is no document
        id_ = prefix + document.id if _has_id(row) else place
        check_word(id_, "The id")
    except InvalidInputError as error:
        return Item.refused(place, error.message.removeprefix("Document 0 "))
    try:
        check_unicode(document.text, "The text")
    except InvalidInputError as error:
        return Item.refused(id_, error.message)
    if document.is_blank:
        return Item.refused(id_, "The text is empty.")
    if document.characters > longest:
        return Item.refused(
            id_, f"The text has {document.characters} characters; a job takes {longest} at most."
        )
    return Item(id_, document.text, document.language)


def _has_id(row: object) -> bool:
    return isinstance(row, Mapping) and not is_missing(row.get("id"))


def _unique(items: Iterator[Item]) -> Iterator[Item]:
    seen = IdSet()
    for item in items:
        if not seen.add(item.id):
            raise InvalidInputError(
                f"The id {item.id!r} stands in the corpus more than once. Name another id_column, or say "
                'repeated_ids="qualify", which puts the file before each id.'
            )
        yield item


def files_of(source: str) -> list[SourceFile]:
    """The files that a file, a folder or a glob stands for: the location of each, and its name below that.

    Results of runs are passed over, so that a destination may lie within a source; a source that names their
    folder, or one in it, has them.

    Raises:
        InvalidInputError: there are none.
    """
    place = place_of(source)
    if not _GLOB.isdisjoint(place.path) and not place.fs.exists(place.path):
        first = min(map(place.path.index, _GLOB.intersection(place.path)))
        root = place.path[:first].rpartition("/")[0]
        found = place.fs.glob(place.path)
    elif place.fs.isdir(place.path):
        root, found = place.path, place.fs.find(place.path)
    else:
        return [(source, place.name)]
    below = sorted(_below(root, str(one)) for one in found if SUFFIX.search(str(one)))
    files = [name for name in below if not _HIDDEN.search(name) and not is_result(name)]
    if not files:
        raise InvalidInputError(f"There is nothing to read at {place.location}.")
    folder = replace(place, path=root)
    for name in files:
        check_within(folder, name, f"{name!r} below {place.location}")
    return [(_located(folder, source, name), name) for name in files]


def _below(root: str, file: str) -> str:
    return file.strip("/").removeprefix(root.strip("/")).strip("/")


def _located(folder: Place, source: str, name: str) -> str:
    """A file's location, on the storage and by the connection of its source."""
    path = f"{folder.path.rstrip('/')}/{name}"
    if folder.is_local:
        return path
    scheme, _, rest = source.partition("://")
    connection, at, _ = rest.partition("/")[0].rpartition("@")
    return f"{scheme}://{connection}{at}{path.lstrip('/')}"


class IdSet:
    """Which ids have been seen, by digests of 8 bytes: 16 to 32 bytes for each, where a set needs 100.

    Of a million ids that differ, two have the same digest in one run of 37 million.
    """

    def __init__(self) -> None:
        # Many tables, since each is there twice while it grows.
        self._tables = [_Table() for _ in range(1 << _TABLE_BITS)]

    def add(self, id_: str) -> bool:
        """Take an id; False if it was there."""
        digest = _digest(id_)
        return self._tables[digest >> 64 - _TABLE_BITS].add(digest)


_TABLE_BITS = 6


class _Table:
    """A part of the digests, each in the first free slot from the one that its last bits name."""

    def __init__(self) -> None:
        self._slots = array("Q", [0]) * 64
        self._count = 0

    def add(self, digest: int) -> bool:
        """Take a digest, which is not 0; False if it was there."""
        if self._count * 2 >= len(self._slots):
            self._grow()
        if not self._put(digest):
            return False
        self._count += 1
        return True

    def _put(self, digest: int) -> bool:
        slots, mask = self._slots, len(self._slots) - 1
        place = digest & mask
        while slots[place]:
            if slots[place] == digest:
                return False
            place = (place + 1) & mask
        slots[place] = digest
        return True

    def _grow(self) -> None:
        known, self._slots = self._slots, array("Q", [0]) * (2 * len(self._slots))
        for digest in known:
            if digest:
                self._put(digest)


def _digest(id_: str) -> int:
    content = id_.encode(errors="surrogatepass")
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big") or 1
