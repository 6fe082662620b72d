"""Native documents out of rows that name blobs.

A SAS goes into what is submitted, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import native_content
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.inputs.fields import text_in
from airflow_provider_language.protocol.inputs.native_documents import bare, native_documents_from
from airflow_provider_language.protocol.json_values import JsonValue
from airflow_provider_language.protocol.quotations import unsigned
from airflow_provider_language.storage.sources.file_rows import FileRows, Found
from airflow_provider_language.storage.sources.lines import Unread

_FIELDS = ("source", "target", "language")


def native_items(given: FileRows) -> Iterator[Found]:
    """The native documents of a file."""
    for number, row in given.rows:
        place = given.place(number)
        if isinstance(row, Mapping):
            yield number, _carried(row, given.carried), _item(row, place, given)
        else:
            why = row.why if isinstance(row, Unread) else "It is a text, and names neither source nor target."
            yield number, row, Item.refused(place, why)


def _item(row: Mapping[str, Any], place: str, given: FileRows) -> Item:
    id_ = place
    try:
        own = text_in(row.get("id"), "The id")
        id_ = place if own is None else f"{given.prefix}{unsigned(_without_query(own))}"
        [document] = native_documents_from([{"id": id_, **{name: row.get(name) for name in _FIELDS}}])
        given.takes.check(document)
    except InvalidInputError as error:
        return Item.refused(id_, error.message)
    # A SAS is renewed, and the document is the same one.
    content, lasting = native_content(document), native_content(document.unsigned)
    return Item(id_, content, document.language, size=0, lasting=lasting)


def _carried(row: Mapping[str, Any], columns: frozenset[str]) -> Mapping[str, JsonValue]:
    """What may be carried over to rows and tables."""
    return {name: unsigned(_without_query(row[name])) for name in columns if name in row}


def _without_query(value: Any) -> Any:
    """A URL without what may be a SAS; anything else as it is."""
    return bare(value) if isinstance(value, str) and "://" in value else value
