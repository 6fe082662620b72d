"""Packing: nothing lost, no limit broken, the same batches from the same documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus import packing
from airflow_provider_language.protocol.inputs.conversations import Conversation, ConversationItem
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.families import InputT
from airflow_provider_language.protocol.inputs.native_documents import AzureBlob, NativeDocument
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.surfaces import ANALYZE_CONVERSATIONS, ANALYZE_DOCUMENTS

MAX_DOCUMENTS = 3
MAX_CHARACTERS = 10


def pack(documents: Iterable[InputT], *limits: int) -> tuple[tuple[InputT, ...], ...]:
    """All batches at once."""
    return tuple(packing.pack(documents, *limits))


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


@given(documents=corpora)
def test_documents_keep_their_order(documents: list[Document]) -> None:
    batches = pack(documents, MAX_DOCUMENTS, MAX_CHARACTERS)
    assert [document for batch in batches for document in batch] == documents


@given(documents=corpora_of_empty_texts)
def test_a_batch_of_empty_texts_is_left_only_where_none_before_it_has_a_text_to_spare(
    documents: list[Document],
) -> None:
    batches = pack(documents, MAX_DOCUMENTS, MAX_CHARACTERS)
    for before, batch in pairwise(batches):
        assert has_text(batch) or sum(bool(document.text) for document in before) <= 1


def test_batches_are_made_while_documents_come() -> None:
    seen: list[str] = []

    def coming() -> Iterator[Document]:
        for document in numbered(["x"] * 100):
            seen.append(document.id)
            yield document

    next(packing.pack(coming(), MAX_DOCUMENTS, MAX_CHARACTERS))
    assert len(seen) <= 2 * MAX_DOCUMENTS + 1


def test_a_batch_is_filled_up_to_the_number_of_documents() -> None:
    assert [len(batch) for batch in pack(numbered(["x"] * 60))] == [25, 25, 10]


def test_a_batch_is_filled_up_to_the_characters() -> None:
    assert ids(pack(numbered(["x" * 60_000, "x" * 65_000, "x"]))) == [["0", "1"], ["2"]]


def test_no_documents_make_no_batches() -> None:
    assert pack([]) == ()


def test_a_document_larger_than_a_batch_is_refused_by_its_id() -> None:
    with pytest.raises(InvalidInputError, match="Document '1' has 125001 characters"):
        pack(numbered(["x", "x" * 125_001]))


def test_a_batch_of_empty_texts_begins_with_the_last_text_of_the_batch_before() -> None:
    batches = pack(numbered(["x", "y", "z", "", "", ""]), MAX_DOCUMENTS)
    assert ids(batches) == [["0", "1"], ["2", "3", "4"], ["5"]]


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
