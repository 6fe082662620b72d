"""Documents are cut between sentences, or else between words, and never within what is shown as one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus import sentence_ends as module
from airflow_provider_language.protocol.corpus.sentence_ends import (
    NO_SENTENCES,
    SentenceEnds,
    sentence_ends,
    splitter,
)
from airflow_provider_language.protocol.corpus.splitting import OVERLAP, Piece, overlap_of, split
from airflow_provider_language.protocol.corpus.text_elements import is_boundary, last_boundary
from airflow_provider_language.protocol.jobs.string_units import elements, old_elements

ODD = st.sampled_from(
    [
        *(
            "\r\n",
            "e\u0301",
            "\u0939\u093f\u0928\u094d\u0926\u0940",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        *(
            "\U0001f1e9\U0001f1ea",
            "\U0001f1e9",
            "\U0001f44d\U0001f3fd",
            "\u1100\u1161\u11a8",
            "\uac00",
            "\uac01",
        ),
        *(
            "\u0e19\u0e49\u0e33",
            "\u0600\u0661",
            "\u0d4e\u0d15",
            "\u200b",
            "\ufeff",
            "1\ufe0f\u20e3",
            "\U000111c2a",
        ),
        *(". ", "! ", "\n\n", " ", "\u3002", "Dr. Who", "word ", "\U0001f600"),
    ]
)
TEXTS = st.lists(st.one_of(ODD, st.text(max_size=8)), max_size=60).map("".join)


def every(mark: str) -> SentenceEnds:
    """Sentences that end with a mark."""
    return lambda text: [place + 1 for place, one in enumerate(text) if one == mark]


def nowhere(_: str) -> Sequence[int]:
    return ()


@given(TEXTS)
def test_a_boundary_is_one_by_all_rules_for_text_elements(text: str) -> None:
    ours = {place for place in range(len(text) + 1) if is_boundary(text, place)}

    assert ours <= {0, *accumulate(len(one) for one in regex.findall(r"\X", text))}
    for widths in (elements, old_elements):
        assert ours - {len(text)} <= {place for place, width in enumerate(widths(text)) if width}


def test_plain_text_may_be_parted_anywhere() -> None:
    text = "Stra\u00dfe \u4e1c\u4eac \uac00\uac01 a\r\nb"

    inner = text.index("\n")
    assert [place for place in range(len(text) + 1) if not is_boundary(text, place)] == [inner]
    assert last_boundary(text, 0, inner) == inner - 1
    assert last_boundary(text, inner - 1, inner) is None


@given(TEXTS, st.integers(16, 80), st.integers(0, 100), st.booleans())
def test_pieces_are_the_text_again_within_the_limit_and_at_boundaries(
    text: str, most: int, overlap: int, has_sentences: bool
) -> None:
    try:
        pieces = split(text, most, sentence_ends("en") if has_sentences else nowhere, overlap)
    except InvalidInputError:
        boundaries = [place for place in range(len(text) + 1) if is_boundary(text, place)]
        assert max(after - place for place, after in pairwise(boundaries)) > most // 2
        return

    assert [one.number for one in pieces] == list(range(len(pieces)))
    assert "".join(text[one.seam : one.end] for one in pieces) == text
    for one in pieces:
        assert 0 <= one.end - one.begin <= most
        assert is_boundary(text, one.begin)
        assert is_boundary(text, one.end)
        assert 0 <= one.repeated <= most // 4
        assert one.own == one.end - one.seam
    for before, one in pairwise(pieces):
        assert one.seam == before.end
        assert before.seam <= one.begin
        assert before.own > 0


@given(st.integers(1, 200), st.integers(20, 60))
def test_a_document_makes_no_more_than_twice_as_many_pieces_as_it_must(words: int, most: int) -> None:
    text = "word, " * words

    assert len(split(text, most, every(","), OVERLAP)) <= 2 * -(-len(text) // most) + 1


def test_a_short_text_is_one_piece() -> None:
    assert split("", 10, nowhere, OVERLAP) == (Piece(0, 0, 0),)
    assert split("0123456789", 10, nowhere, OVERLAP) == (Piece(0, 0, 10),)


def test_a_piece_ends_with_its_last_sentence_and_repeats_nothing() -> None:
    text = "One. Two two. Three three. Four."

    pieces = split(text, 15, every("."), OVERLAP)

    assert [text[one.begin : one.end] for one in pieces] == ["One. Two two.", " Three three.", " Four."]
    assert not any(one.repeated for one in pieces)


def test_a_sentence_that_ends_early_does_not_make_a_small_piece() -> None:
    text = "No. " + "word " * 20

    (first, *_) = split(text, 50, every("."))

    assert text[: first.end] == "No. " + "word " * 9


def test_without_sentences_a_piece_ends_behind_a_blank_and_the_next_repeats_its_end() -> None:
    text = "abcdefg " * 40

    first, second, *_ = split(text, 100, nowhere, OVERLAP)

    assert first.end == 96
    assert (second.begin, second.repeated, second.seam) == (84, 12, 96)
    assert split("abcdefg " * 400, 1000, nowhere, OVERLAP)[1].repeated == OVERLAP


def test_without_blanks_a_piece_ends_between_text_elements() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

    pieces = split(family * 10, 12, nowhere)

    assert [one.end for one in pieces] == list(range(10, 51, 10))


def test_a_text_element_that_no_piece_takes_is_refused_by_its_size_alone() -> None:
    with pytest.raises(InvalidInputError, match="more than 20 characters") as refused:
        split("e" + "\u0301" * 40, 20, nowhere)
    assert "e\u0301" not in str(refused.value)


def test_a_text_element_as_large_as_an_overlap_is_not_repeated() -> None:
    text = "a " * 12 + "b" + "\u0301" * 20 + " " + "c " * 30

    first, second, *_ = split(text, 48, nowhere, 6)

    assert first.end == 48
    assert (second.begin, second.repeated) == (48, 0)


@pytest.mark.parametrize(
    ("kinds", "overlap"),
    [
        (["SentimentAnalysis", "KeyPhraseExtraction"], 0),
        (["SentimentAnalysis", "PiiEntityRecognition"], OVERLAP),
        ([], 0),
    ],
)
def test_pieces_overlap_where_a_task_looks_for_entities(kinds: list[str], overlap: int) -> None:
    assert overlap_of(kinds) == overlap


@pytest.mark.parametrize("language", ["en", "de-DE", "zh_chs", "auto", "", "x" * 100, None])
def test_sentences_are_found_in_any_language_and_not_behind_a_title(language: str | None) -> None:
    text = "Gr\u00fc\u00dfe \U0001f600! Dr. Brown went home. Half \ud800 a pair."

    ends = sentence_ends(language)(text)

    assert [text[:one].rstrip()[-5:] for one in ends][-2:] == ["home.", "pair."]
    assert text.index("Brown") not in sentence_ends("en")(text)
    assert splitter() == "sentencex"


def test_where_the_library_is_missing_no_sentence_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentencex", None)
    module._sentencex.cache_clear()
    try:
        assert not sentence_ends("en")("One. Two.")
        assert splitter() == NO_SENTENCES
    finally:
        module._sentencex.cache_clear()


def test_a_book_is_cut_at_sentences_only() -> None:
    most = 10_000
    text = "It was Dr. Brown who came. He said that e.g. 3.14 was enough! Was it? " * 2_000

    pieces = split(text, most, sentence_ends("en"), OVERLAP)

    assert len(pieces) <= -(-len(text) // most) + 1
    assert {text[: one.end].rstrip()[-1] for one in pieces} <= set(".!?")
    assert not any(one.repeated for one in pieces)
