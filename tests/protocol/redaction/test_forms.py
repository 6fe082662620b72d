"""What was found once is looked for everywhere: each place of it, word by word, and no other one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.redaction.forms import FormSearch, FoundForms, MissedForms
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy, policy_from
from airflow_provider_language.protocol.redaction.redacting import hidden_by, redact
from airflow_provider_language.protocol.redaction.spans import Span, Stretch
from airflow_provider_language.protocol.redaction.spelling import normalised
from tests.protocol.redaction.policies import KEY, policy

ANYTHING = policy_from(
    {
        "version": 1,
        "default": "pseudonym",
        "second_pass": {"shortest": 1, "confidence": 0, "misses_per_finding": 10},
    }
)
PARTS = [
    *(
        "anna",
        "Anna",
        "ANNA",
        "an",
        "na",
        "otto",
        " ",
        " ",
        "  ",
        "\n",
        "\u00a0",
        "-",
        "'",
        ".",
        "_",
        "1",
        "½",
    ),
    *(
        "ß",
        "SS",
        "ﬁ",
        "fi",
        "é",
        "e\u0301",
        "\u0301",
        "ｱ",
        "ﾞ",
        "王",
        "伟",
        "さ",
        "กำ",
        "İ",
        "ŉ",
        "\u200d",
        "=\u0338",
    ),
    *("¨", "♁", "👩", "\u00ad", "ό", "\u03c3", "ς", "\ud800", "℡", "²"),
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=12).map("".join),
    st.text(st.characters(codec=None), min_size=1, max_size=30),
)


@st.composite
def spans_of(draw: st.DrawFn, text: str) -> list[Span]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(text) - 1))
        category = draw(st.sampled_from(["Person", "Email", "Organization"]))
        found.append(Span(begin, draw(st.integers(begin + 1, len(text))), category, 0.9))
    return found


@st.composite
def corpora(draw: st.DrawFn) -> list[tuple[str, list[Span]]]:
    """Texts, each with what was found in it."""
    texts = draw(st.lists(TEXTS, min_size=1, max_size=4))
    return [(text, draw(spans_of(text))) for text in texts]


def words_of(text: str) -> list[tuple[int, int]]:
    """Where each word begins and ends, character by character; this is no code of what is tested."""
    begins = [at for at in range(len(text)) if at == 0 or _begins(text, at)]
    return list(zip(begins, [*begins[1:], len(text)], strict=True))


def _begins(text: str, at: int) -> bool:
    one, before = text[at], text[at - 1]
    if one.isspace() or before.isspace():
        return not (one.isspace() and before.isspace())
    if _joins(one):
        return False
    while at and _joins(text[at - 1]):
        at -= 1
    return not at or not (_is_letter(one) and _is_letter(text[at - 1]))


def _joins(one: str) -> bool:
    return (
        unicodedata.category(unicodedata.normalize("NFKD", one)[0])[0] == "M"
        or one in "\u00ad\u200c\u200d\u2060"
    )


def _is_letter(one: str) -> bool:
    alone = (
        *(
            "CJK",
            "IDEOGRAPHIC ITERATION",
            "IDEOGRAPHIC CLOSING",
            "IDEOGRAPHIC NUMBER",
            "HANGZHOU",
            "HIRAGANA",
            "HENTAIGANA",
        ),
        *("THAI", "LAO", "KHMER", "MYANMAR"),
    )
    return (one.isalnum() or one == "_") and not unicodedata.name(one, "").startswith(alone)


def spelled(surface: str) -> list[str]:
    return [normalised(surface[begin:end]) for begin, end in words_of(surface)]


def places_of(text: str, surface: str) -> Iterator[tuple[int, int]]:
    words, wanted = words_of(text), spelled(surface.strip())
    for first in range(len(words)):
        for last in range(first, len(words)):
            begin, end = words[first][0], words[last][1]
            if spelled(text[begin:end]) == wanted and words_of(text[begin:end]) == [
                (one - begin, other - begin) for one, other in words[first : last + 1]
            ]:
                yield begin, end


def hidden_in(spans: Sequence[Span]) -> list[Stretch]:
    return hidden_by(ANYTHING, spans)


def searching(corpus: list[tuple[str, list[Span]]], by: RedactionPolicy = ANYTHING) -> FormSearch:
    found = FoundForms(by)
    for text, spans in corpus:
        found.take(text, spans)
    missed = MissedForms(found, by.looked_for.misses_per_finding)
    for text, spans in corpus:
        missed.take(text, hidden_in(spans))
    return missed.search()


@given(corpora())
def test_each_place_of_a_form_outside_of_what_is_redacted_is_suggested_and_no_other(
    corpus: list[tuple[str, list[Span]]],
) -> None:
    surfaces = [text[span.begin : span.end] for text, spans in corpus for span in spans]
    search = searching(corpus)

    for text, spans in corpus:
        places = {
            (begin, end)
            for surface in surfaces
            if surface.strip() and normalised(surface)
            for begin, end in places_of(text, surface)
            if not any(begin < span.end and span.begin < end for span in spans)
        }
        longest = {
            (begin, end)
            for begin, end in places
            if not any(
                one <= begin and end <= other and (one, other) != (begin, end) for one, other in places
            )
        }
        told = search.suggestions(text, hidden_in(spans))
        assert [(span.begin, span.end) for span in told] == sorted(longest)


@given(corpora())
def test_a_suggestion_has_the_pseudonym_of_what_was_found(corpus: list[tuple[str, list[Span]]]) -> None:
    known = {
        KEY.pseudonym(span.category, text[span.begin : span.end]) for text, spans in corpus for span in spans
    }
    search = searching(corpus)
    for text, spans in corpus:
        for span in search.suggestions(text, hidden_in(spans)):
            assert KEY.pseudonym(span.category, text[span.begin : span.end]) in known


@given(corpora())
def test_what_is_suggested_stays_in_the_text_and_what_is_applied_does_not(
    corpus: list[tuple[str, list[Span]]],
) -> None:
    search = searching(corpus)
    for text, spans in corpus:
        suggested = search.suggestions(text, hidden_in(spans))
        as_before = redact(text, spans, ANYTHING, KEY)
        done = redact(text, spans, ANYTHING, KEY, suggested)
        assert (done.text, done.changes[: len(spans)]) == as_before
        for change in done.changes[len(spans) :]:
            begin, end = change.span[:2]
            assert change.way == "leave"
            assert done.text[change.offset : change.offset + change.length] == text[begin:end]
        assert not search.suggestions(text, hidden_in([*spans, *suggested]))


ANNA, OTTO = "Anna Whitfield wrote.", "Otto wrote."
FOUND = [(ANNA, [Span(0, 14, "Person", 0.9)]), (OTTO, [Span(0, 4, "Person", 0.9)])]


def suggested(text: str, found: Any = FOUND, others: Sequence[str] = (), **section: Any) -> list[str]:
    by = policy_from({"version": 1, "default": "pseudonym", "second_pass": section} if section else PLAIN)
    search = searching([*found, *((other, []) for other in (*others, text))], by)
    return [text[span.begin : span.end] for span in search.suggestions(text, [])]


PLAIN = {"version": 1, "default": "pseudonym"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ask ANNA  whitfield, or (Otto)!", ["ANNA  whitfield", "Otto"]),
        ("Anna Whitfields, Annas Whitfield, Ottokar", []),
        ("Otto-Anna Whitfield-Otto's", ["Otto", "Anna Whitfield", "Otto"]),
        ("Anna\nWhitfield_", []),
        ("O\u0301tto Otto\u0301 Ot\u00adto", []),
    ],
)
def test_a_form_stands_where_its_words_stand_and_in_no_other_word(text: str, told: list[str]) -> None:
    assert suggested(text) == told


def test_a_name_within_a_longer_one_is_suggested_with_it_and_names_that_overlap_both() -> None:
    found = [("Anna", [Span(0, 4, "Person", 1)]), *FOUND, ("x Whitfield Otto", [Span(2, 16, "Person", 1)])]
    assert suggested("Anna Whitfield Otto", found) == ["Anna Whitfield", "Whitfield Otto"]


@pytest.mark.parametrize(
    ("section", "confidence", "is_suggested"),
    [
        ({"shortest": 4}, 0.9, True),
        ({"shortest": 5}, 0.9, False),
        ({"confidence": 0.9}, 0.9, True),
        ({"confidence": 0.9}, 0.89, False),
        ({"confidence": 0}, None, False),
        ({"categories": ["Person"]}, 0.9, True),
        ({"categories": ["Email"]}, 0.9, False),
    ],
)
def test_short_unsure_and_other_forms_are_not_looked_for(
    section: dict[str, Any], confidence: float | None, is_suggested: bool
) -> None:
    found = [(OTTO, [Span(0, 4, "Person", confidence)])]
    assert bool(suggested("Otto", found, **section)) is is_suggested


def test_what_is_no_pseudonym_is_looked_for_where_the_policy_names_it_alone() -> None:
    found = [(OTTO, [Span(0, 4, "Person", 1)])]
    masked = policy("mask", Email="pseudonym")
    assert not searching(found, masked).categories
    named = policy_from({**masked.told(), "second_pass": {"categories": ["Person"]}})
    assert searching(found, named).categories == {"otto": "Person"}


def test_an_ordinary_word_is_not_looked_for() -> None:
    """One that stands in more documents without having been found there than the policy allows for each."""
    texts = [f"{number} otto OTTO" for number in range(3)]
    assert suggested("otto", FOUND, texts, misses_per_finding=4) == ["otto"]
    assert suggested("otto", FOUND, texts, misses_per_finding=3) == []
    assert suggested("otto", [*FOUND, FOUND[1]], texts, misses_per_finding=3) == ["otto"]
    assert suggested("otto", misses_per_finding=0) == []


def test_how_many_forms_are_no_words_to_look_for_is_told() -> None:
    found = FoundForms(ANYTHING)
    found.take(*FOUND[1])
    missed = MissedForms(found, 0)
    missed.take("otto", [])
    assert (missed.search().categories, missed.ordinary) == ({}, 1)


def test_a_form_has_the_category_that_it_was_found_as_most_then_the_first_by_name() -> None:
    found = [("Otto", [Span(0, 4, category, 1)]) for category in ("PersonType", "Person", "Email", "Email")]
    assert searching(found).categories == {"otto": "Email"}
    assert searching(found[:3]).categories == {"otto": "Email"}
    assert searching(found[:2]).categories == {"otto": "Person"}


def test_of_too_many_forms_the_first_are_kept_and_the_others_counted() -> None:
    found = FoundForms(ANYTHING, most=2)
    for name in ("Anna", "Otto", "Emma", "Emma", "Anna"):
        found.take(f"{name} {name}", [Span(0, 4, "Person", 1), Span(5, 9, "Person", 1)])
    assert (found.documents, found.left_out) == ({"anna": 2, "otto": 1}, 2)
    assert found.categories == {"anna": "Person", "otto": "Person"}


def test_a_name_within_what_the_policy_leaves_is_suggested() -> None:
    text = "Otto Ltd and Otto"
    left = policy("pseudonym", Organization="leave")
    hidden = hidden_by(left, [Span(0, 8, "Organization"), Span(13, 17, "Person")])
    assert FormSearch({"otto": "Person"}).suggestions(text, hidden) == [Span(0, 4, "Person")]


def test_a_form_of_more_than_two_hundred_characters_is_none() -> None:
    for size, is_kept in ((200, True), (201, False)):
        found = FoundForms(ANYTHING)
        found.take("x" * size, [Span(0, size, "Address", 1)])
        assert bool(found.documents) is is_kept
