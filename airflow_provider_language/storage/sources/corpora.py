"""A corpus from files on object storage: read in a stream, row by row, whatever a single row is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import (
    CONVERSATIONS,
    NATIVE_DOCUMENTS,
    TEXTS,
    Family,
    Takes,
)
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.inputs.documents import Document, document_from
from airflow_provider_language.protocol.inputs.fields import is_missing, means_nothing
from airflow_provider_language.protocol.json_values import JsonValue
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.protocol.wire_names import check_unicode, check_word, is_plain
from airflow_provider_language.storage.locations import SUFFIX
from airflow_provider_language.storage.runs.run_folders import is_result
from airflow_provider_language.storage.sources.columns import BLOBS, DOCUMENTS, TURNS
from airflow_provider_language.storage.sources.conversation_rows import conversation_items
from airflow_provider_language.storage.sources.documents import placed_rows
from airflow_provider_language.storage.sources.file_rows import FileRows, Found, ItemReader
from airflow_provider_language.storage.sources.id_sets import IdSet
from airflow_provider_language.storage.sources.kept_columns import KeptColumns
from airflow_provider_language.storage.sources.lines import Unread
from airflow_provider_language.storage.sources.native_rows import native_items
from airflow_provider_language.storage.sources.quick_items import quick_item
from airflow_provider_language.storage.sources.text_columns import documents_in, of_rows, wanted_of
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
    family: Family = TEXTS,
    takes: Takes,
    columns: Sequence[str] = (),
) -> Iterator[Item]:
    """Read a corpus.

    Args:
        files: as :func:`corpus_files` tells them.
        layout: how they are written.
        limit: items after which it ends, or rows where these have several texts; None for all.
        repeated: what becomes of an id that stands in the corpus more than once: ``fail``, or ``qualify``,
            which puts the file before each id.
        keep: the columns that are carried over.
        family: of the jobs, which decides on what the rows are.
        takes: what a job takes.
        columns: that have texts, where these are several.

    Raises:
        InvalidInputError: a file cannot be read or has not all of the columns, or an id is there twice.
    """
    reader = _READERS[family.surface.name]
    if columns:
        reader = replace(reader, wanted=wanted_of(columns), items=_texts_of_columns)
    items = _unique(_items(files, layout, keep, reader, takes, qualified=repeated == "qualify"), reader)
    return of_rows(items, limit) if columns else islice(items, limit)


def _items(
    files: Sequence[SourceFile],
    layout: Layout,
    keep: Sequence[Column],
    reader: ItemReader,
    takes: Takes,
    *,
    qualified: bool,
) -> Iterator[Item]:
    kept, carried = KeptColumns(keep), frozenset(column.name for column in keep)
    for location, name in files:
        rows = enumerate(row for _, row in placed_rows(location, layout, reader.wanted, tolerant=True))
        prefix = f"{name}#" if qualified else ""
        given = FileRows(rows, name, prefix, takes, carried, reader.wanted.texts)
        for number, row, item in reader.items(given):
            if number == 0:
                kept.check(row, location)
            if item.source and not carried:
                yield item
                continue
            is_whole = isinstance(row, Document)  # a text file, which is one document
            numbered = None if is_whole else number
            yield _placed(item, name, numbered, kept.of(row, given.place(number)))


def items_of_rows(
    rows: Iterable[object],
    name: str,
    *,
    repeated: Repeated = "fail",
    keep: Sequence[Column] = (),
    takes: Takes,
) -> Iterator[Item]:
    """A corpus of texts whose rows are no file's, in their order; see :func:`corpus_items`.

    Args:
        rows: as files give them.
        name: of where they come from.
        repeated: what becomes of an id that is there more than once.
        keep: the columns that are carried over.
        takes: what a job takes.

    Raises:
        InvalidInputError: an id is there twice.
    """
    kept, qualified = KeptColumns(keep), repeated == "qualify"
    items = (
        item_of(row, name, number, kept, qualified=qualified, takes=takes) for number, row in enumerate(rows)
    )
    return _unique(items, _READERS[TEXTS.surface.name])


def _placed(item: Item, source: str, number: int | None, kept: Mapping[str, JsonValue]) -> Item:
    """An item with its place, made anew at once: ``replace`` takes three times as long."""
    said = (item.id, item.content, item.language, item.fault)
    return Item(*said, source, number, kept, item.size, item.lasting, item.pieces)


def item_of(
    row: object, name: str, number: int, kept: KeptColumns, *, qualified: bool, takes: Takes, suffix: str = ""
) -> Item:
    """What a row of a file, or a text of it, is to a corpus of texts.

    Args:
        row: as :func:`placed_rows` gives it, if it is tolerant.
        name: of the file.
        number: of the row in it, from 0.
        kept: the columns that are carried over.
        qualified: whether the file stands before its id.
        takes: what a job takes.
        suffix: of its id.
    """
    is_whole = isinstance(row, Document)  # a text file, which is one document
    place = name if is_whole else f"{name}#{number}"
    item = _item(row, place, f"{name}#" if qualified else "", takes, suffix)
    return _placed(item, name, None if is_whole else number, kept.of(row, place))


def _texts(given: FileRows) -> Iterator[Found]:
    for number, row in given.rows:
        if (quick := quick_item(number, row, given)) is not None:
            yield number, row, quick
            continue
        place = given.name if isinstance(row, Document) else given.place(number)
        yield number, row, _item(row, place, given.prefix, given.takes)


def _texts_of_columns(given: FileRows) -> Iterator[Found]:
    for number, row in given.rows:
        for column, one in documents_in(row, given.columns):
            yield number, one, _item(one, given.place(number), given.prefix, given.takes, f"#{column}")


def _item(row: object, place: str, prefix: str, takes: Takes, suffix: str = "") -> Item:
    place += suffix
    if isinstance(row, Unread):
        return Item.refused(place, row.why)
    try:
        document = document_from(0, row)  # type: ignore[arg-type] # it refuses what is no document
        id_ = prefix + document.id + suffix if _has_id(row) else place
        if not is_plain(id_):
            check_word(id_, "The id")
    except InvalidInputError as error:
        return Item.refused(place, error.message.removeprefix("Document 0 "))
    try:
        check_unicode(document.text, "The text")
    except InvalidInputError as error:
        return Item.refused(id_, error.message)
    if document.is_blank:
        return Item.refused(id_, "The text is empty.")
    if document.characters <= takes.longest:
        return Item(id_, document.text, document.language)
    return _long_item(id_, document, takes)


def _long_item(id_: str, document: Document, takes: Takes) -> Item:
    if takes.cut is None:
        return Item.refused(
            id_, f"The text has {document.characters} characters; a job takes {takes.longest} at most."
        )
    try:
        pieces = takes.cut(document.text, document.language)
    except InvalidInputError as error:
        return Item.refused(id_, error.message)
    return Item(id_, document.text, document.language, pieces=pieces)


def _has_id(row: object) -> bool:
    if not isinstance(row, (dict, Mapping)):
        return False
    id_ = row.get("id")
    return not means_nothing(id_) if type(id_) is str else not is_missing(id_)


def _unique(items: Iterator[Item], reader: ItemReader) -> Iterator[Item]:
    seen = IdSet()
    for item in items:
        if not seen.add(item.id):
            raise InvalidInputError(
                f"The id {item.id!r} stands in the corpus more than once. {reader.repeated}"
            )
        yield item


_QUALIFY = 'repeated_ids="qualify", which puts the file before each id.'
_ANOTHER = f"Name another id_column, or say {_QUALIFY}"
_READERS: Mapping[str, ItemReader] = {
    TEXTS.surface.name: ItemReader(DOCUMENTS, _texts, _ANOTHER),
    CONVERSATIONS.surface.name: ItemReader(
        TURNS,
        conversation_items,
        "The turns of a conversation stand together: sort the source by conversation_id. If several files "
        f"have conversations of the same ids, say {_QUALIFY}",
    ),
    NATIVE_DOCUMENTS.surface.name: ItemReader(BLOBS, native_items, _ANOTHER),
}
"""By the job family."""


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
