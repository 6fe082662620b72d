"""Rows that name blobs: whatever stands in one, it is an item, and no SAS is told by it."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.corpus.families import Takes
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.inputs.submissions import check_alone
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.surfaces import ANALYZE_DOCUMENTS
from airflow_provider_language.storage.sources.file_rows import FileRows
from airflow_provider_language.storage.sources.native_rows import native_items

SECRET = "eCretOfTheBlob"
SIGNED = f"https://acme.blob.core.windows.net/in/a.txt?sv=2026&sig={SECRET}%3D"
CHECK = partial(
    check_alone, surface=ANALYZE_DOCUMENTS, version="2026-05-01", tasks=tasks_from(["PiiEntityRecognition"])
)
COLUMNS = frozenset({"target", "url", "deep"})

names = st.sampled_from(["kind", "location", "managedIdentityClientId", "more"])
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3) | st.sampled_from([SIGNED, "AzureBlob"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=3),
    max_leaves=4,
)
rows = st.dictionaries(st.sampled_from(["id", "source", "target", "language", "text", *COLUMNS]), values)


def found(row: Any) -> tuple[Any, Item]:
    given = FileRows(iter([(7, row)]), "letters.jsonl", "", Takes(0, CHECK), COLUMNS)
    [(number, carried, item)] = native_items(given)
    assert number == 7
    return carried, item


@given(rows)
def test_whatever_stands_in_a_row_it_is_an_item_that_tells_no_sas(row: dict[str, Any]) -> None:
    carried, item = found(row)

    assert (item.content == "") is (item.fault is not None)
    assert SECRET not in f"{carried}{item.id}{item.fault}{item.language}{item.lasting}{item!r}"


def test_a_row_is_kept_with_its_sas_and_told_apart_without() -> None:
    _, item = found({"id": "a", "source": SIGNED, "target": SIGNED})

    assert item.content.count(SECRET) == 2
    assert item.lasting is not None
    assert item.lasting.count("https://acme.blob.core.windows.net/in/a.txt") == 2


def test_a_line_that_is_a_text_names_no_blob() -> None:
    _, item = found("a text")

    assert (item.id, item.fault and item.fault.code) == ("letters.jsonl#7", "InvalidDocument")
