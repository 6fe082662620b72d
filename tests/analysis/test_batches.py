"""Packing: nothing lost, no limit broken, the same batches from the same documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.analysis.batches import pack
from airflow_provider_language.analysis.conversations import Conversation, ConversationItem
from airflow_provider_language.analysis.documents import Document
from airflow_provider_language.analysis.native_documents import AzureBlob, NativeDocument
from airflow_provider_language.analysis.submissions import Submission
from airflow_provider_language.analysis.surfaces import ANALYZE_CONVERSATIONS, ANALYZE_DOCUMENTS
from airflow_provider_language.analysis.tasks import tasks_from
from airflow_provider_language.exceptions import InvalidInputError

MAX_DOCUMENTS = 3
MAX_CHARACTERS = 10


def numbered(texts: Sequence[str]) -> list[Document]:
    return [Document(str(index), text) for index, text in enumerate(texts)]


def ids(batches: Sequence[Sequence[Document]]) -> list[list[str]]:
    return [[document.id for document in batch] for batch in batches]


def has_text(batch: Sequence[Document]) -> bool:
    return any(document.text.strip() for document in batch)


blank = st.text(" ", max_size=MAX_CHARACTERS)
full = st.integers(1, MAX_CHARACTERS).map(lambda length: "x" * length)
corpora = st.lists(blank | full, max_size=40).map(numbered)
corpora_of_empty_texts = st.lists(st.just("") | full, max_size=60).map(numbered)


@given(documents=corpora)
def test_nothing_is_lost_and_nothing_comes_twice(documents: list[Document]) -> None:
    packed = [document for batch in pack(documents, MAX_DOCUMENTS, MAX_CHARACTERS) for document in batch]
    assert Counter(packed) == Counter(documents)


@given(documents=corpora)
def test_no_batch_is_empty_or_beyond_a_limit(documents: list[Document]) -> None:
    for batch in pack(documents, MAX_DOCUMENTS, MAX_CHARACTERS):
        assert 1 <= len(batch) <= MAX_DOCUMENTS
        assert sum(len(document.text) for document in batch) <= MAX_CHARACTERS


@given(documents=corpora)
def test_the_same_documents_give_the_same_batches(documents: list[Document]) -> None:
    assert pack(iter(documents), MAX_DOCUMENTS, MAX_CHARACTERS) == pack(
        documents, MAX_DOCUMENTS, MAX_CHARACTERS
    )


@given(texts=st.lists(full, max_size=40))
def test_documents_with_a_text_keep_their_order(texts: list[str]) -> None:
    documents = numbered(texts)
    batches = pack(documents, MAX_DOCUMENTS, MAX_CHARACTERS)
    assert [document for batch in batches for document in batch] == documents


@given(documents=corpora_of_empty_texts)
def test_no_batch_has_only_empty_texts_where_there_are_texts_enough(documents: list[Document]) -> None:
    batches = pack(documents, MAX_DOCUMENTS, MAX_CHARACTERS)
    with_text = sum(1 for document in documents if document.text)
    assert sum(map(has_text, batches)) == min(len(batches), with_text)


def test_a_batch_is_filled_up_to_the_number_of_documents() -> None:
    assert [len(batch) for batch in pack(numbered(["x"] * 60))] == [25, 25, 10]


def test_a_batch_is_filled_up_to_the_characters() -> None:
    assert ids(pack(numbered(["x" * 60_000, "x" * 65_000, "x"]))) == [["0", "1"], ["2"]]


def test_no_documents_make_no_batches() -> None:
    assert pack([]) == ()


def test_a_document_larger_than_a_batch_is_refused_by_its_id() -> None:
    with pytest.raises(InvalidInputError, match="Document '1' has 125001 characters"):
        pack(numbered(["x", "x" * 125_001]))


def test_a_batch_of_empty_texts_gets_one_that_another_can_spare() -> None:
    batches = pack(numbered(["", "", "", "x", "y", "z"]), MAX_DOCUMENTS)
    assert ids(batches) == [["5", "1", "2"], ["3", "4", "0"]]


def test_blank_texts_are_exchanged_only_within_the_limit_of_characters() -> None:
    blanks = numbered([" " * 9, " ", "", "x" * 8, "y", "z"])
    batches = pack(blanks, MAX_DOCUMENTS, MAX_CHARACTERS)
    assert ids(batches) == [["0", "1", "2"], ["3", "4", "5"]]


def test_a_corpus_without_a_text_stays_as_it_is() -> None:
    assert ids(pack(numbered([""] * 5), MAX_DOCUMENTS)) == [["0", "1", "2"], ["3", "4"]]


@given(documents=st.lists(st.text("x\u00e9\U0001f600", min_size=1, max_size=9), min_size=1).map(numbered))
def test_each_batch_is_a_job_that_can_be_submitted(documents: list[Document]) -> None:
    for batch in pack(documents):
        Submission(batch, tasks_from(["KeyPhraseExtraction"]))


def test_conversations_and_native_documents_are_packed_by_the_limits_of_their_jobs() -> None:
    item = ConversationItem(id="0", participant_id="a", text="x" * 30_000)
    talks = [Conversation(id=str(number), items=(item,)) for number in range(3)]
    files = [
        NativeDocument(id=str(number), source=AzureBlob("https://a"), target=AzureBlob("https://b"))
        for number in range(41)
    ]
    pii = frozenset({"ConversationalPIITask"})
    summary = frozenset({"ConversationalSummarizationTask"})

    assert [len(batch) for batch in pack(talks, *ANALYZE_CONVERSATIONS.limits(summary))] == [3]
    assert [len(batch) for batch in pack(talks, *ANALYZE_CONVERSATIONS.limits(summary | pii))] == [1, 1, 1]
    assert [len(batch) for batch in pack(files, *ANALYZE_DOCUMENTS.limits(frozenset()))] == [40, 1]
