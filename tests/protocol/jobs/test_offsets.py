"""Offsets in conversations count code points in the rows, whatever the service counted; or are left out."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.protocol.jobs.findings import finding_in
from airflow_provider_language.protocol.jobs.offsets import OFFSETS_UNKNOWN
from airflow_provider_language.protocol.versions import CONVERSATION_PII


def told(content: object, *entities: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """The entities of a conversation's only item in its row, and whether their offsets are known."""
    item: Any = {"id": "0", "redactedContent": content, "entities": list(entities)}
    finding = finding_in(CONVERSATION_PII, {"id": "c", "conversationItems": [item], "warnings": []})
    items: Any = finding.result["conversationItems"]
    return items[0]["entities"], OFFSETS_UNKNOWN not in finding.warnings


def entity(text: str, offset: object, length: object, **more: object) -> dict[str, Any]:
    return {"text": text, "category": "Any", "offset": offset, "length": length, **more}


def placed(text: str, *entities: dict[str, Any]) -> None:
    """Each entity is where its row says."""
    assert entities
    for one in entities:
        assert text[one["offset"] :][: one["length"]] == one["text"]


@pytest.mark.parametrize(
    ("before", "elements", "units"),
    [("👩🏻", 1, 4), ("👨‍👩‍👧", 1, 8), ("e\u0301", 1, 2), ("🇩🇪🇫🇷", 2, 8), ("a\r\n", 2, 3), ("ü🙂", 2, 3)],
)
def test_an_entity_behind_an_emoji_is_found_in_each_unit(before: str, elements: int, units: int) -> None:
    ssn = "859-98-0987"
    text = f"{before} SSN: {ssn} or Jo"
    redacted = f"{before} SSN: {'*' * 11} or **"
    for width in {elements, units, len(before)}:
        entities, known = told({"text": redacted}, entity(ssn, width + 6, 11), entity("Jo", width + 21, 2))
        assert known
        placed(text, *entities)


def test_entities_with_emoji_in_them_move_those_behind_them() -> None:
    text = "I am 👩🏻 Jo, call 555-1234"
    redacted = "I am ****, call ********"
    entities, known = told(
        {"text": redacted}, entity("555-1234", 16, 8), entity("👩🏻 Jo", 5, 4), entity("👩🏻 Jo", 5, 4)
    )
    assert not known  # two entities at one place
    entities, known = told({"text": redacted}, entity("555-1234", 16, 8), entity("👩🏻 Jo", 5, 4))
    assert known
    placed(text, *entities)


def test_an_entity_that_was_not_masked_is_found_by_its_text() -> None:
    text = "🙂 I am Jo"
    entities, known = told({"text": text}, entity("Jo", 7, 2))
    assert known
    placed(text, *entities)


def test_an_entity_that_its_category_masks_is_found_by_its_mask() -> None:
    text, redacted = "🙂 I am Jo from Rome", "🙂 I am [Person-1] from [City-1]"
    entities, known = told(
        {"text": redacted},
        entity("Jo", 8, 2, mask="[Person-1]", maskOffset=8, maskLength=10),
        entity("Rome", 16, 4, mask="[City-1]", maskOffset=24, maskLength=8),
    )
    assert known
    placed(text, *entities)
    for one in entities:
        assert redacted[one["maskOffset"] :][: one["maskLength"]] == one["mask"]


def test_plain_offsets_stay_as_they_are_in_every_form() -> None:
    content = {"lexical": "i am **", "itn": "I am **.", "text": "Ich heiße **"}
    assert told(content, entity("Jo", 5, 2)) == ([entity("Jo", 5, 2)], True)


@pytest.mark.parametrize(
    ("content", "offset", "length"),
    [
        ({"text": "🙂 I am **"}, 5, 2),
        ({"text": "🙂 I am ***"}, 7, 2),
        ({"text": "🙂 I am ***"}, 8, 2),
        ({"text": "🙂 I am **"}, 70, 2),
        ({"text": "🙂 I am **"}, 0, 1),
        ({"text": "🙂 I am **"}, "7", 2),
        ({"text": "🙂 I am **"}, 7, None),
        ({"text": "🙂 I am **"}, 7, 0),
        ({"text": "🙂 **", "lexical": "ab **"}, 3, 2),
        ({"audioTimings": []}, 5, 2),
        (5, 5, 2),
    ],
)
def test_offsets_that_do_not_fit_are_left_out_and_said_so(
    content: object, offset: object, length: object
) -> None:
    entities, known = told(content, entity("Jo", offset, length, maskLength=2))
    assert entities == [{"text": "Jo", "category": "Any"}]
    assert not known


def test_an_entity_without_a_text_has_no_place() -> None:
    assert not told({"text": "🙂 **"}, {"category": "Any", "offset": 2, "length": 2})[1]


@pytest.mark.parametrize("items", [None, 5, [None, 5], [{}], [{"entities": []}], []])
def test_items_of_another_shape_are_left_alone(items: Any) -> None:
    finding = finding_in(CONVERSATION_PII, {"id": "c", "conversationItems": items})
    assert finding.result == {"conversationItems": items}
    assert finding.warnings == ()
