"""What is kept of an item becomes the input that it was made of, for each job family."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import (
    CONVERSATIONS,
    NATIVE_DOCUMENTS,
    TEXTS,
    Family,
    conversation_content,
    family_for,
    native_content,
)
from airflow_provider_language.protocol.inputs.conversations import (
    DOMAINS,
    MODALITIES,
    ROLES,
    Conversation,
    ConversationItem,
)
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.native_documents import (
    AzureBlob,
    AzureContainer,
    AzureContainerFolder,
    NativeDocument,
    TargetUrl,
)
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.inputs.timings import Timing, WordTiming
from airflow_provider_language.tasks import ConversationalPII, ConversationalSummarization

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
forms = st.none() | words
ticks = st.integers(0, 10**17)
timings = st.builds(WordTiming, word=st.none() | words, offset=ticks, duration=ticks)
items = st.builds(
    ConversationItem,
    id=st.uuids().map(str),
    participant_id=st.sampled_from(["agent", "Ann", "\U0001f600"]),
    text=words,
    role=st.none() | st.sampled_from(ROLES),
    language=st.sampled_from([None, "de"]),
    modality=st.none() | st.sampled_from(MODALITIES),
    lexical=forms,
    itn=forms,
    masked_itn=forms,
    word_level_timings=st.none() | st.lists(timings, min_size=1, max_size=3).map(tuple),
    conversation_item_level_timing=st.none() | st.builds(Timing, offset=ticks, duration=ticks),
)
conversations = st.builds(
    Conversation,
    id=st.just("call"),
    items=st.lists(items, min_size=1, max_size=4).map(tuple),
    language=st.sampled_from([None, "en", "de"]),
    modality=st.sampled_from(MODALITIES),
    domain=st.none() | st.sampled_from(DOMAINS),
)


@given(conversations)
def test_a_conversation_comes_out_of_what_is_kept_of_it(conversation: Conversation) -> None:
    made = CONVERSATIONS.input_of("3", conversation_content(conversation), conversation.language)

    assert made == replace(conversation, id="3")


@pytest.mark.parametrize("source", [AzureBlob("https://a.b/c?sig=d"), AzureContainer("https://a.b/c")])
@pytest.mark.parametrize("class_", [AzureBlob, AzureContainerFolder, TargetUrl])
@pytest.mark.parametrize("identity", [None, "an-identity"])
def test_a_native_document_comes_out_of_what_is_kept_of_it(
    source: Any, class_: type[Any], identity: str | None
) -> None:
    target = class_("https://a.b/d?sig=e", managed_identity_client_id=identity)
    document = NativeDocument(id="letter", source=source, target=target, language="en")

    made = NATIVE_DOCUMENTS.input_of("3", native_content(document), "en")

    assert made == replace(document, id="3")


def test_a_text_is_what_is_kept_of_it() -> None:
    assert TEXTS.input_of("3", "half \udc80 a pair", "en") == Document("3", "half \udc80 a pair", "en")


@pytest.mark.parametrize(
    ("family", "version", "task"),
    [
        (TEXTS, "2026-05-01", "KeyPhraseExtraction"),
        (
            CONVERSATIONS,
            "2024-11-01",
            ConversationalPII(redact_audio_timing=True, redaction_source="lexical"),
        ),
        (NATIVE_DOCUMENTS, "2026-05-01", "PiiEntityRecognition"),
        (NATIVE_DOCUMENTS, "2024-11-15-preview", "AbstractiveSummarization"),
        (CONVERSATIONS, "2024-11-01", ConversationalSummarization(summary_aspects=["issue", "chapterTitle"])),
    ],
)
def test_the_sample_of_a_family_is_taken_by_any_task(family: Family, version: str, task: Any) -> None:
    sample = family.input_of("0", family.sample, family.language)

    assert Submission((sample,), tasks_from([task]), version).surface is family.surface


@pytest.mark.parametrize(
    ("kinds", "family"),
    [
        (["KeyPhraseExtraction", "PiiEntityRecognition"], TEXTS),
        (["OfALaterVersion"], TEXTS),
        ([], TEXTS),
        (["ConversationalPIITask", "ConversationalSummarizationTask"], CONVERSATIONS),
        (["ConversationalSentimentTask"], CONVERSATIONS),
    ],
)
def test_the_kinds_of_the_tasks_decide_on_the_family(kinds: list[str], family: Family) -> None:
    assert family_for(kinds) is family


def test_native_documents_have_the_kinds_of_texts_and_are_told_apart_by_their_author() -> None:
    assert family_for(["PiiEntityRecognition"], native=True) is NATIVE_DOCUMENTS
    with pytest.raises(InvalidInputError, match="native_documents is set"):
        family_for(["ConversationalPIITask"], native=True)


def test_tasks_of_several_families_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"PIITask are tasks on conv.*KeyPhr.* on texts"):
        family_for(["ConversationalPIITask", "KeyPhraseExtraction"])
