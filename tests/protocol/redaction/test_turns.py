"""What the service says of a conversation's turns, and in which of their forms its findings stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.redaction.spans import Span
from airflow_provider_language.protocol.redaction.turns import fitting, turns_of

SPOKEN = {
    "id": "0",
    "text": "I am Anna.",
    "lexical": "i am anna",
    "itn": "I am Anna.",
    "maskedItn": "Anna.",
}


def entity(text: str, offset: int, **more: Any) -> dict[str, Any]:
    return {"text": text, "category": "Person", "offset": offset, "length": len(text), **more}


def told(*items: dict[str, Any]) -> dict[str, Any]:
    return {"status": "ok", "result": {"conversationItems": list(items)}}


def content(*items: dict[str, Any]) -> str:
    return json.dumps({"conversationItems": items})


def places(row: dict[str, Any], *items: dict[str, Any]) -> list[dict[str, list[tuple[int, int]]]]:
    turns = turns_of(row, content(*items)) or []
    return [
        {form: [(span.begin, span.end) for span in spans] for form, spans in fitting(turn)} for turn in turns
    ]


def test_findings_are_of_the_forms_in_which_they_stand_and_of_no_other() -> None:
    redacted = {"text": "I am ****.", "lexical": "i am ****", "itn": "I am ****.", "maskedItn": "Anna."}
    row = told({"id": "0", "redactedContent": redacted, "entities": [entity("Anna", 5)]})

    assert places(row, SPOKEN) == [{"text": [(5, 9)], "itn": [(5, 9)]}]


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"id": "1", "redactedContent": {"text": "I am ****."}, "entities": [entity("Anna", 5)]},
        {"id": "0", "redactedContent": {"text": "I am ****."}},
        {"id": "0", "redactedContent": {"text": "I am ****."}, "entities": []},
        {"id": "0", "redactedContent": {"text": "I am ****."}, "entities": "Anna"},
        {"id": "0", "redactedContent": {"text": "I am ****."}, "entities": [entity("Anna", 5), "Anna"]},
        {"id": "0", "redactedContent": {"text": "I am ****."}, "entities": [entity("Otto", 5)]},
        {"id": "0", "redactedContent": {"text": "I am ****."}, "entities": [entity("Anna", 7)]},
        {"id": "0", "redactedContent": {"text": "I was ****."}, "entities": [entity("Anna", 5)]},
        {"id": "0", "redactedContent": {}, "entities": [entity("Anna", 5)]},
        {"id": "0", "redactedContent": "I am ****.", "entities": [entity("Anna", 5)]},
    ],
)
def test_findings_that_nobody_can_place_are_of_no_form(item: dict[str, Any]) -> None:
    assert places(told(item), {"id": "0", "text": "I am Anna."}) == [{}]


def test_of_an_item_that_is_told_twice_nothing_is_known() -> None:
    item = {"id": "0", "redactedContent": {"text": "I am Anna."}, "entities": []}

    assert places(
        told(item, {**item, "redactedContent": {"text": "x"}}), {"id": "0", "text": "I am Anna."}
    ) == [{}]


@pytest.mark.parametrize("row", [{"status": "error"}, {"status": "ok"}, {"status": "ok", "result": "x"}])
def test_a_row_without_a_result_tells_of_no_turn(row: dict[str, Any]) -> None:
    assert turns_of(row, content(SPOKEN)) is None


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=5), st.data())
def test_each_turn_has_what_was_found_in_it_whatever_the_order_of_what_is_told(
    texts: list[str], data: st.DataObject
) -> None:
    items, found, expected = [], [], []
    for number, text in enumerate(texts):
        items.append({"id": str(number), "text": f"<{text}>"})
        found.append(
            {
                "id": str(number),
                "redactedContent": {"text": f"<{'*' * len(text)}>"},
                "entities": [entity(text, 1)] if text else [],
            }
        )
        expected.append([(1, 1 + len(text))] if text else [])
    row = told(*data.draw(st.permutations(found)))

    assert [of_turn["text"] for of_turn in places(row, *items)] == expected


def test_a_span_tells_its_category_and_how_sure_it_is() -> None:
    item = {
        "id": "0",
        "redactedContent": {"text": "****"},
        "entities": [entity("Anna", 0, confidenceScore=0.5)],
    }
    [turn] = turns_of(told(item), content({"id": "0", "text": "Anna"})) or []

    assert dict(fitting(turn)) == {"text": (Span(0, 4, "Person", 0.5),)}
