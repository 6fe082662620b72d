"""A text is cut into words that are it, where a reader would cut it, and spellings of one word are equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.redaction import words
from airflow_provider_language.protocol.redaction.spelling import normalised
from airflow_provider_language.protocol.redaction.words import NormalForms, words_in


@given(st.text(st.characters(codec=None)))
def test_the_words_of_a_text_are_the_text_and_none_is_empty(text: str) -> None:
    assert "".join(words_in(text)) == text
    assert all(words_in(text))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Anna's 2nd letter_1", ["Anna", "'", "s", " ", "2nd", " ", "letter_1"]),
        ("a\u0301b e\u0301", ["a\u0301b", " ", "e\u0301"]),  # marks stay on their letters
        (" \r\n\u00a0 x", [" \r\n\u00a0 ", "x"]),
        ("=\u0338(", ["=\u0338", "("]),
        (" \u0301a", [" ", "\u0301", "a"]),
        ("an\u00adna an\u200dna", ["an\u00adna", " ", "an\u200dna"]),  # what is not seen ends no word
        ("王伟さん", ["王", "伟", "さ", "ん"]),
        ("アンナ", ["アンナ"]),
        ("กำ", ["กำ"]),
        ("ｱﾞx", ["ｱﾞx"]),
        ("👩🏽‍🚀!", ["👩", "🏽\u200d", "🚀", "!"]),
    ],
)
def test_words_end_where_a_reader_would_end_them(text: str, cut: list[str]) -> None:
    assert words_in(text) == cut


@given(st.text(st.characters(codec=None)))
def test_a_normal_form_is_that_of_pseudonyms(text: str) -> None:
    forms = NormalForms()
    for word in words_in(text):
        assert forms[word] == (" " if word.isspace() else normalised(word))


def test_long_words_are_not_remembered_and_of_others_no_more_than_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "_REMEMBERED", 3)
    forms = NormalForms()
    assert forms["A" * 51] == "a" * 51
    assert not forms
    for word in ("A", "B", "C", "D"):
        assert forms[word] == word.lower()
    assert forms == {"D": "d"}
