"""Rows as turns: every field that a conversation or its items have can be said in a row."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversations import (
    Conversation,
    ConversationItem,
    conversations_from,
)
from airflow_provider_language.protocol.inputs.timings import Timing, WordTiming
from airflow_provider_language.protocol.wire_names import camel_case

TIMING = Timing(offset=1)
WORDS = [{"word": "hi", "offset": 1, "duration": 2}]
ROW: dict[str, Any] = {
    "conversation_id": "c",
    "participant_id": "p",
    "text": "Hi.",
    "id": "i",
    "role": "Agent",
    "language": "de",
    "modality": "Transcript",
    "domain": "Finance",
    "lexical": "hi",
    "itn": "hi",
    "masked_itn": "hi",
    "word_level_timings": WORDS,
    "conversation_item_level_timing": {"offset": 1, "duration": 2},
}
WIRE = {
    "id": "c",
    "language": "de",
    "modality": "transcript",
    "domain": "finance",
    "conversationItems": [
        {
            "id": "i",
            "participantId": "p",
            "text": "Hi.",
            "role": "agent",
            "lexical": "hi",
            "itn": "hi",
            "maskedItn": "hi",
            "wordLevelTimings": WORDS,
            "conversationItemLevelTiming": {"offset": 1, "duration": 2},
        }
    ],
}


def test_a_row_can_say_every_field_of_a_conversation_and_of_its_items() -> None:
    theirs = {one.name for class_ in (Conversation, ConversationItem) for one in fields(class_)} - {"items"}
    assert theirs <= set(ROW)
    assert conversations_from([ROW])[0].to_wire() == WIRE


def test_a_row_may_be_spelt_as_the_service_spells_it() -> None:
    assert conversations_from([{camel_case(name): value for name, value in ROW.items()}])[0].to_wire() == WIRE


def test_the_cells_of_a_table_hold_timings_as_json() -> None:
    cells = {name: value if isinstance(value, str) else json.dumps(value) for name, value in ROW.items()}
    assert conversations_from([cells])[0].to_wire() == WIRE


def test_ticks_may_be_written_as_numbers_of_any_kind() -> None:
    row = {**ROW, "word_level_timings": [WordTiming(word="hi", offset=1, duration=2)]}
    row["conversation_item_level_timing"] = {"offset": "1", "duration": 2.0}
    assert conversations_from([row])[0].to_wire() == WIRE


def test_a_turn_keeps_a_language_and_a_modality_of_its_own() -> None:
    rows = [ROW, {**ROW, "id": "j", "language": "fr", "modality": "text"}]

    (found,) = conversations_from(rows)

    assert (found.language, found.modality) == ("de", "transcript")
    assert [(item.language, item.modality) for item in found.items] == [(None, None), ("fr", "text")]


def test_empty_forms_of_a_chat_are_no_transcript() -> None:
    row = {
        "conversation_id": "c",
        "speaker": "s",
        "text": "a",
        "lexical": "",
        "itn": "",
        "masked_itn": "",
    }
    (found,) = conversations_from([row])
    assert (found.modality, found.items[0].lexical) == ("text", None)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"word_level_timings": "soon"}, "word timings of item 'i' .* cannot be read"),
        ({"word_level_timings": 5}, "are a int, not a list"),
        ({"word_level_timings": ["hi"]}, "a timing is a str, not a dict"),
        ({"word_level_timings": [{"word": "hi", "start": 1}]}, "unknown fields: start"),
        ({"word_level_timings": [{"word": ["hi"]}]}, "a list for a text"),
        ({"conversation_item_level_timing": {"offset": "soon"}}, "no whole number of ticks"),
        ({"conversation_item_level_timing": {"offset": 0.5}}, "no whole number of ticks"),
        ({"conversation_item_level_timing": {"offset": "0" * 5000}}, "no whole number of ticks"),
        ({"conversation_item_level_timing": {"offset": True}}, "no whole number of ticks"),
        ({"conversation_item_level_timing": {"offset": [1]}}, "no whole number of ticks"),
        ({"conversation_item_level_timing": {"offset": float("nan")}}, "no whole number of ticks"),
        ({"conversation_item_level_timing": {"offset": float("inf")}}, "no whole number of ticks"),
        ({"conversation_item_level_timing": [1]}, "a timing is a list"),
        ({"modality": "video"}, "modality of conversation 'c' is 'video', not one of text, transcript"),
        ({"domain": "law"}, "domain of conversation 'c' is 'law'"),
        ({"maskedItn": "other"}, "says masked_itn in two spellings"),
        ({"lexical": [1]}, "has a list for a text"),
        ({"speaker": None, "participant_id": None}, "lacks speaker"),
    ],
)
def test_what_a_row_says_that_cannot_be_honoured_is_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        conversations_from([{**ROW, **more}])


def test_rows_that_have_several_domains_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="several domains: finance, generic"):
        conversations_from([{**ROW, "domain": "finance"}, {**ROW, "domain": "generic"}])


def test_a_whole_conversation_may_be_spelt_in_python_s_way() -> None:
    item = {
        "id": "i",
        "participant_id": "p",
        "text": "Hi.",
        "conversation_item_level_timing": Timing(offset=1),
    }
    (found,) = conversations_from([{"id": 7, "conversation_items": [item]}])
    assert found.id == "7"
    assert found.items[0].conversation_item_level_timing == TIMING


def test_a_whole_conversation_in_two_spellings_is_refused() -> None:
    item = {"id": "i", "participant_id": "p", "participantId": "q", "text": "Hi."}
    with pytest.raises(InvalidInputError, match="participant_id in two spellings"):
        conversations_from([{"id": "c", "conversationItems": [item]}])
