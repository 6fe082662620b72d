"""A text is redacted as the policy says, wherever spans lie; and nothing else of it changes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.policies import policy_from
from airflow_provider_language.protocol.redaction.redacting import Change, Redacted, redact
from airflow_provider_language.protocol.redaction.spans import Span, stretches
from tests.protocol.redaction.policies import KEY, SAID, found, policy

POLICY = policy_from(SAID)
TEXT = "Call Anna Smith, 555-0100."
ANNA = Span(5, 15, "Person", 0.9)
PHONE = Span(17, 25, "PhoneNumber", 0.8)


def hidden_of(spans: list[Span]) -> list[Span]:
    return [span for span in spans if POLICY.way(span.category).kind != "leave"]


@given(found())
def test_what_no_span_hides_stays_as_it_is_and_in_its_order(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    done = redact(text, spans, POLICY, KEY)

    at, rest = 0, done.text
    changes = {change.span: change for change in done.changes}
    for stretch in stretches(hidden_of(spans)):
        gap = text[at : stretch.begin]
        assert rest.startswith(gap)
        rest = rest[len(gap) + changes[stretch.spans[0]].length :]
        at = stretch.end
    assert rest == text[at:]


@given(found())
def test_no_character_of_a_stretch_that_is_hidden_stays_in_its_place(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    done = redact(text, spans, POLICY, KEY)

    for change in done.changes:
        shown = done.text[change.offset : change.offset + change.length]
        if change.way == "leave":
            continue
        [stretch] = [one for one in stretches(hidden_of(spans)) if change.span in one.spans]
        size = stretch.end - stretch.begin
        if change.way == "mask":
            assert shown in ("*" * size, "#" * size)
        elif change.way == "keep_last":
            kept = shown.lstrip(shown[0])
            assert len(shown) == size
            assert len(kept) <= min(4, size // 2)
            assert text[: stretch.end].endswith(kept)
        elif change.way == "pseudonym":
            form = stretch.deciding
            assert shown == KEY.pseudonym("Person", text[form.begin : form.end])
        else:
            assert shown == {"category": "[Email]", "remove": ""}[change.way]


@given(found())
def test_the_offsets_of_all_spans_fit_the_redacted_text(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    done = redact(text, spans, POLICY, KEY)

    assert [change.span for change in done.changes] == spans
    for change in done.changes:
        assert 0 <= change.offset <= change.offset + change.length <= len(done.text)
        if change.way == "leave" and not overlaps(change.span, hidden_of(spans)):
            begin, end = change.span[:2]
            assert done.text[change.offset : change.offset + change.length] == text[begin:end]
    in_order = sorted(done.changes, key=lambda change: change.span[:2])
    assert all(one.offset <= other.offset for one, other in pairwise(in_order))


def overlaps(span: Span, others: list[Span]) -> bool:
    return any(one.begin < span.end and span.begin < one.end for one in others)


@given(found())
def test_the_order_in_which_spans_come_says_nothing(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    assert redact(text, spans, POLICY, KEY).text == redact(text, reversed(spans), POLICY, KEY).text


@given(found())
def test_a_character_that_one_span_hides_is_shown_by_no_other(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    keeping = policy("mask", PhoneNumber={"way": "keep_last", "characters": 3}, Organization="leave")
    done = redact(text, spans, keeping)

    assert len(done.text) == len(text)
    for span in spans:
        way = keeping.way(span.category)
        if way.kind != "leave":
            size = span.end - span.begin
            shown = min(way.kept, size // 2)
            hidden = done.text[span.begin : span.end - shown]
            assert hidden == "*" * (size - shown)


def shown(text: str, *spans: Span, **categories: object) -> str:
    return redact(text, spans, policy(**categories), KEY).text


def test_each_way_does_what_its_name_says() -> None:
    assert shown(TEXT, ANNA, PHONE) == "Call **********, ********."
    assert shown(TEXT, ANNA, PHONE, Person="category") == "Call [Person], ********."
    assert shown(TEXT, ANNA, PHONE, Person="remove") == "Call , ********."
    assert shown(TEXT, ANNA, PHONE, Person="leave") == "Call Anna Smith, ********."
    keep = {"way": "keep_last", "characters": 3, "character": "#"}
    assert shown(TEXT, ANNA, PHONE, PhoneNumber=keep) == "Call **********, #####100."
    assert shown(TEXT, ANNA, Person="pseudonym") == f"Call {KEY.pseudonym('Person', 'anna smith')}, 555-0100."


def test_a_short_number_is_not_shown_whole_by_keep_last() -> None:
    assert (
        shown("1234", Span(0, 4, "PhoneNumber"), PhoneNumber={"way": "keep_last", "characters": 4}) == "**34"
    )
    assert shown("7", Span(0, 1, "PhoneNumber"), PhoneNumber={"way": "keep_last", "characters": 4}) == "*"


def test_the_longest_of_overlapping_spans_decides_and_all_of_them_goes() -> None:
    late = Span(10, 21, "Organization", 1.0)
    done = redact(TEXT, [ANNA, late, PHONE], policy(Person="pseudonym", Organization="category"), KEY)

    assert done.text == "Call [Organization]."
    assert {(change.way, change.offset, change.length) for change in done.changes} == {("category", 5, 14)}


def test_a_pseudonym_for_several_spans_is_that_of_the_longest_alone() -> None:
    first = Span(5, 9, "Person", 1.0)
    assert redact(TEXT, [first, ANNA], policy(Person="pseudonym"), KEY) == Redacted(
        f"Call {KEY.pseudonym('Person', 'Anna Smith')}, 555-0100.",
        [Change(first, "pseudonym", 5, 27), Change(ANNA, "pseudonym", 5, 27)],
    )


def test_of_spans_of_one_length_the_first_decides_then_the_surest_then_the_alphabet() -> None:
    text, ways = "abcdef", {"Person": "category", "Email": "category"}
    assert shown(text, Span(0, 3, "Person", 0.1), Span(2, 5, "Email", 0.9), **ways) == "[Person]f"
    assert shown(text, Span(0, 3, "Person", 0.1), Span(0, 3, "Email", 0.9), **ways) == "[Email]def"
    assert shown(text, Span(0, 3, "Person"), Span(0, 3, "Email"), **ways) == "[Email]def"


def test_spans_that_only_touch_are_redacted_one_by_one() -> None:
    assert shown("abcd", Span(0, 2, "Person"), Span(2, 4, "Email"), default="category") == "[Person][Email]"


def test_a_span_that_is_left_shows_nothing_that_another_one_hides() -> None:
    whole = Span(0, len(TEXT), "Organization")
    done = redact(TEXT, [whole, ANNA], policy("category", Organization="leave"))

    assert done.text == "Call [Person], 555-0100."
    assert done.changes[0] == (whole, "leave", 0, len(done.text))
    within = Span(10, 15, "Organization")
    assert redact(TEXT, [within, ANNA], policy("category", Organization="leave")).changes[0][2:] == (5, 8)


@pytest.mark.parametrize("span", [(-1, 3), (3, 3), (4, 3), (3, 27)])
def test_spans_of_another_text_are_refused(span: tuple[int, int]) -> None:
    with pytest.raises(InvalidInputError, match="a text of 26 characters"):
        redact(TEXT, [Span(*span, "Person")], POLICY, KEY)


def test_without_a_key_there_is_no_pseudonym_and_no_text() -> None:
    with pytest.raises(InvalidInputError, match="no redaction key"):
        redact(TEXT, [ANNA], POLICY)
