"""Conversations: rows become turns, what the service would refuse is refused, and no text is shown."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversations import (
    Conversation,
    ConversationItem,
    check_conversations,
    conversations_from,
)
from airflow_provider_language.protocol.inputs.timings import Timing, WordTiming
from tests.protocol.models import fields_of, needs_model

ROWS: list[dict[str, Any]] = [
    {"conversation_id": "c1", "speaker": "Agent", "text": "Hello.", "language": "de", "more": "ignored"},
    {"conversation_id": "c2", "speaker": "Ann", "text": "Good morning."},
    {"conversation_id": "c1", "speaker": "Ben", "text": "My line is dead.", "role": "Customer"},
]
ITEM = ConversationItem(id="0", participant_id="Ann", text="Hello.")
TRANSCRIBED = {"lexical": "hello", "itn": "hello", "masked_itn": "hello"}


def conversation(*items: ConversationItem, **fields: Any) -> Conversation:
    return Conversation(**{"id": "c1", "items": items or (ITEM,), **fields})


def test_rows_are_gathered_into_conversations_in_the_order_in_which_these_begin() -> None:
    first, second = conversations_from(ROWS, "en")

    assert [(one.id, one.language, one.modality) for one in (first, second)] == [
        ("c1", "de", "text"),
        ("c2", "en", "text"),
    ]
    assert [(item.id, item.participant_id, item.role, item.text) for item in first.items] == [
        ("0", "Agent", "agent", "Hello."),
        ("1", "Ben", "customer", "My line is dead."),
    ]
    assert second.items[0].role is None


@pytest.mark.parametrize(
    "times",
    [(10, 9.5), ("10", "9.5"), ("2026-05-01T10:00:00Z", "2026-05-01T09:59:59Z")],
    ids=["numbers", "numbers as CSV has them", "ISO 8601"],
)
def test_turns_are_ordered_by_time(times: tuple[Any, Any]) -> None:
    rows = [
        {"conversation_id": 7, "speaker": "a", "text": text, "time": time, "id": text}
        for text, time in zip(("late", "early"), times, strict=True)
    ]

    (found,) = conversations_from(rows)

    assert found.id == "7"
    assert [item.id for item in found.items] == ["early", "late"]


@pytest.mark.parametrize("missing", [None, ""])
def test_without_all_the_times_turns_stay_as_they_come(missing: Any) -> None:
    rows = [
        {"conversation_id": "c", "speaker": "a", "text": "1", "time": 2},
        {"conversation_id": "c", "speaker": "a", "text": "2", "time": missing},
        {"conversation_id": "c", "speaker": "a", "text": "3", "time": 1},
    ]

    (found,) = conversations_from(rows)

    assert [item.text for item in found.items] == ["1", "2", "3"]


def test_turns_of_one_time_stay_as_they_come() -> None:
    rows = [{"conversation_id": "c", "speaker": "a", "text": text, "time": 1} for text in "321"]

    (found,) = conversations_from(rows)

    assert "".join(item.text for item in found.items) == "321"


def test_rows_that_were_transcribed_make_a_transcript() -> None:
    (found,) = conversations_from([{**ROWS[1], **TRANSCRIBED}])

    assert found.modality == "transcript"
    assert found.to_wire()["conversationItems"] == [
        {
            "id": "0",
            "participantId": "Ann",
            "text": "Good morning.",
            "lexical": "hello",
            "itn": "hello",
            "maskedItn": "hello",
        }
    ]


def test_the_service_s_own_words_are_a_conversation() -> None:
    words = {
        "id": "1",
        "language": "en",
        "modality": "transcript",
        "domain": "finance",
        "conversationItems": [
            {
                "id": "1",
                "participantId": "p",
                "text": "Hi.",
                "role": "agent",
                "language": "en",
                "modality": "transcript",
                "lexical": "hi",
                "itn": "hi",
                "maskedItn": "hi",
                "wordLevelTimings": [{"word": "hi", "offset": 1, "duration": 2}],
                "conversationItemLevelTiming": {"offset": 1, "duration": 2},
            }
        ],
    }

    (found,) = conversations_from([words])

    assert found.to_wire() == words
    check_conversations([found])


def test_timings_may_be_typed() -> None:
    item = ConversationItem(
        id="1",
        participant_id="p",
        text="Hi.",
        word_level_timings=[WordTiming(word="hi", offset=1, duration=2)],
        conversation_item_level_timing=Timing(offset=1, duration=2),
    )

    (wire,) = conversation(item).to_wire()["conversationItems"]

    assert wire["wordLevelTimings"] == [{"offset": 1, "duration": 2, "word": "hi"}]
    assert wire["conversationItemLevelTiming"] == {"offset": 1, "duration": 2}


def test_conversations_and_items_that_are_typed_already_stay_as_they_are() -> None:
    typed = conversation(language="fr")
    mixed = {"id": "c1", "language": "fr", "conversationItems": [ITEM]}

    assert conversations_from([typed], "en") == conversations_from([mixed]) == (typed,)


def test_a_conversation_without_a_language_is_taken_for_english_as_the_service_wants_one() -> None:
    assert conversation().to_wire()["language"] == "en"
    assert conversations_from([conversation()], "es")[0].to_wire()["language"] == "es"


def test_no_repr_has_a_text_or_a_speaker() -> None:
    item = ConversationItem(
        id="the-id",
        participant_id="secret",
        text="secret",
        lexical="secret",
        itn="secret",
        masked_itn="secret",
        word_level_timings=[WordTiming(word="secret")],
    )

    shown = repr(conversation(item)) + repr(WordTiming(word="secret"))

    assert "the-id" in shown
    assert "secret" not in shown


def test_its_size_is_that_of_all_its_items() -> None:
    long = ConversationItem(id="1", participant_id="p", text="x" * 10)
    assert conversation(ITEM, long).characters == 16


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ("a call", "single str"),
        ({"conversation_id": "c"}, "single dict"),
        (conversation(), "are a Conversation, not a list"),
        ([5], "is a int"),
        ([{"conversation_id": "c", "text": "a"}], "Row 0 is no turn of a conversation: it lacks speaker"),
        ([{"conversation_id": "c", "speaker": "a", "text": None}], "lacks text"),
        ([{"conversation_id": "c", "speaker": "a", "text": ["a"]}], "Row 0 has a list for a text"),
        ([{**ROWS[0], "role": "boss"}], "role of item '0' of conversation 'c1' is 'boss', not one of agent"),
        ([{**ROWS[0], "time": "noon"}], "times of conversation 'c1' are neither"),
        ([ROWS[0], conversation()], "some are single turns"),
        ([{"id": "c", "conversationItems": "Hi."}], "are no list"),
        ([{"id": "c", "conversationItems": ["Hi."]}], "An item of conversation 'c' is a str"),
        ([{"conversationItems": []}], "A conversation lacks id"),
        ([{"id": [5], "conversationItems": []}], "id of a conversation is a list"),
        ([{"id": "c", "conversationItems": [], "turns": []}], "unknown fields: turns"),
        (
            [{"id": "c", "conversationItems": [{"id": "1", "text": "Hi."}]}],
            "An item of conversation 'c' lacks participantId",
        ),
        (
            [{"id": "c", "conversationItems": [{"id": "1", "participantId": "p", "text": "a", "audio": 1}]}],
            "An item of conversation 'c' has unknown fields: audio",
        ),
    ],
)
def test_what_is_no_conversation_is_refused(values: Any, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        conversations_from(values)


@pytest.mark.parametrize(
    ("conversations", "why"),
    [
        ([], "no conversations"),
        ([conversation(), conversation()], "1 conversation ids are not unique"),
        ([conversation(id=" ")], "empty id"),
        ([conversation(items=())], "no item of conversation 'c1's"),
        ([conversation(ITEM, ITEM)], "item of conversation 'c1' ids are not unique"),
        ([conversation(ConversationItem(id="1", participant_id="", text="a"))], "no participant"),
        ([conversation(ConversationItem(id="1", participant_id="p", text=" "))], "text is empty"),
        ([conversation(ConversationItem(id="1", participant_id="p", text="\ud800"))], "not valid Unicode"),
        ([conversation(modality="transcript")], "of a transcript, and has no lexical"),
        (
            [conversation(ConversationItem(id="1", participant_id="p", text="a", modality="transcript"))],
            "of a transcript, and has no lexical",
        ),
    ],
)
def test_what_the_service_would_refuse_is_refused(conversations: list[Conversation], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        check_conversations(conversations)


def test_one_conversation_of_many_may_be_empty() -> None:
    silent = conversation(ConversationItem(id="1", participant_id="p", text=""), id="c2")
    check_conversations([conversation(), silent])


@needs_model
@pytest.mark.reference
@pytest.mark.parametrize(
    ("model", "wire"),
    [
        ("TranscriptConversationItem", ConversationItem),
        ("WordLevelTiming", WordTiming),
        ("ConversationItemLevelTiming", Timing),
    ],
)
def test_the_fields_are_those_of_the_newest_model(model: str, wire: type) -> None:
    from dataclasses import fields

    from airflow_provider_language.protocol.wire_names import camel_case

    theirs = fields_of(model, "models/conv_2025-11-15-preview.json")
    assert {camel_case(one.name) for one in fields(wire)} == set(theirs)
