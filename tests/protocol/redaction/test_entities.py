"""What the service says of places in a text is believed where it fits, and refused where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.string_units import code_points, utf16
from airflow_provider_language.protocol.json_values import clean
from airflow_provider_language.protocol.redaction.entities import check_shown, entities_of, spans_in, unit_of
from airflow_provider_language.protocol.redaction.redacting import redact
from airflow_provider_language.protocol.redaction.spans import Span
from tests.protocol.redaction.policies import found, policy

TEXT = "👩 Anna"


def entity(offset: Any, length: Any, **told: Any) -> dict[str, Any]:
    return {"category": "Person", "offset": offset, "length": length, **told}


def test_a_place_is_counted_in_the_unit_that_was_asked_for() -> None:
    expected = [Span(2, 6, "Person", 0.5)]
    assert [*spans_in([entity(2, 4, confidenceScore=0.5)], TEXT, code_points)] == expected
    assert [*spans_in([entity(3, 4, text="Anna", confidenceScore=0.5)], TEXT, utf16)] == expected


@given(found())
def test_spans_come_back_from_both_units(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    for unit in (code_points, utf16):
        entities = [
            {
                "category": span.category,
                "offset": sum(unit(text[: span.begin])),
                "length": sum(unit(text[span.begin : span.end])),
                "confidenceScore": span.confidence,
            }
            for span in spans
        ]
        assert [*spans_in(entities, text, unit)] == spans


def test_a_character_that_is_meant_by_half_is_hidden_whole() -> None:
    assert [*spans_in([entity(1, 1)], TEXT, utf16)] == [Span(0, 1, "Person")]
    assert [*spans_in([entity(0, 1)], TEXT, utf16)] == [Span(0, 1, "Person")]


def test_half_a_pair_of_surrogates_is_known_by_what_was_sent_for_it() -> None:
    text = "Anna \ud83d"
    assert [*spans_in([entity(0, 6, text="Anna \N{REPLACEMENT CHARACTER}")], text, code_points)]


@pytest.mark.parametrize(
    "place", [(None, 4), (2, None), (-1, 2), (2, 0), (2, 5), (6, 1), ("2", 4), (True, 1)]
)
def test_an_entity_without_a_place_in_the_text_is_refused(place: tuple[Any, Any]) -> None:
    with pytest.raises(InvalidInputError, match="no place"):
        [*spans_in([entity(*place)], TEXT, code_points)]


@pytest.mark.parametrize("told", ["anna", "Ann", 7])
def test_an_entity_that_tells_another_text_is_refused_without_telling_it(told: Any) -> None:
    with pytest.raises(InvalidInputError, match="another text") as caught:
        [*spans_in([entity(2, 4, text=told)], TEXT, code_points)]
    assert "nn" not in str(caught.value).replace("cannot", "")


@pytest.mark.parametrize("category", [None, 7, "", "Anna Smith", "Per-son", "P" * 101, "Person\n"])
def test_a_category_that_is_none_is_not_shown(category: Any) -> None:
    assert [*spans_in([entity(2, 4, category=category)], TEXT, code_points)] == [Span(2, 6, "Unknown")]


def test_a_category_that_nobody_knows_yet_is_one() -> None:
    assert [*spans_in([entity(2, 4, category="OfTomorrow2")], TEXT, code_points)] == [
        Span(2, 6, "OfTomorrow2")
    ]


@pytest.mark.parametrize(("said", "unit"), [("UnicodeCodePoint", code_points), ("Utf16CodeUnit", utf16)])
def test_the_unit_is_that_of_the_task(said: str, unit: object) -> None:
    task = WireTask("PiiEntityRecognition", "pii", {"stringIndexType": said})
    assert unit_of(task) is unit


@pytest.mark.parametrize("said", [None, "TextElements_v8"])
def test_a_unit_that_nobody_can_count_is_refused(said: str | None) -> None:
    with pytest.raises(InvalidInputError, match="Leave string_index_type out"):
        unit_of(WireTask("PiiEntityRecognition", "pii", {"stringIndexType": said}))


@pytest.mark.parametrize("status", ["error", "missing", None])
def test_a_row_without_a_result_has_no_list_of_entities(status: str | None) -> None:
    assert entities_of({"status": status, "result": {"entities": []}}) is None


def test_a_row_with_a_result_has_what_was_found() -> None:
    assert entities_of({"status": "ok", "result": {"entities": []}}) == ()
    assert entities_of({"status": "ok", "result": {"entities": [entity(0, 1)]}}) == (entity(0, 1),)


@pytest.mark.parametrize("result", [None, [], {}, {"entities": None}, {"entities": {}}, {"entities": [1]}])
def test_a_result_that_does_not_say_what_was_found_is_refused(result: Any) -> None:
    with pytest.raises(InvalidInputError, match="no list of entities"):
        entities_of({"status": "ok", "result": result})


SPANS = [Span(3, 7, "Person"), Span(5, 9, "Person"), Span(12, 16, "Person")]


@pytest.mark.parametrize("shown", ["abc*****j, ****.", "abc[P]j, [Q].", "abcj, .", "abcj, ?j, x."])
def test_a_text_is_known_by_what_the_service_shows_of_it(shown: str) -> None:
    check_shown(shown, "abcdefghij, klmn.", [Span(3, 7, "P"), Span(5, 9, "P"), Span(12, 16, "P")])


@pytest.mark.parametrize(
    "shown",
    [None, "", "abd*****j, ****.", "abc*****j; ****.", "abc*****j, ****", "abc*****j, ", "abc*****."],
)
def test_another_text_of_the_same_length_is_refused(shown: str | None) -> None:
    with pytest.raises(InvalidInputError, match="not the one"):
        check_shown(shown, "abcdefghij, klmn.", SPANS)


def test_a_text_in_which_nothing_was_found_is_shown_as_it_is() -> None:
    check_shown("abc", "abc", [])
    check_shown("a\N{REPLACEMENT CHARACTER}", "a\ud83d", [])
    with pytest.raises(InvalidInputError):
        check_shown("abd", "abc", [])


@given(found())
def test_a_text_is_known_by_any_redaction_of_it(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    shown = redact(text, spans, policy("category")).text
    check_shown(str(clean(shown)), text, spans)
