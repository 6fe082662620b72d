"""ExtractiveSummarization and the approximated AbstractiveSummarization."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.emulator.engines import ENGINES, UnsupportedLanguage
from airflow_provider_language.emulator.engines.words.lexrank import rank

# Written for this test: documents with a sentence that is beside the point and must not be taken.
DOCUMENTS = [
    (
        "The council of Riverton voted to close the old bridge. Engineers had found cracks in two pillars of "
        "the bridge. The mayor likes coffee. Repairing the old bridge would cost more than a new bridge, the "
        "council said. Shop owners fear that closing the bridge keeps customers away.",
        "The mayor likes coffee.",
    ),
    (
        "The new vaccine protects children against the fever. Doctors tested the vaccine on children in nine "
        "clinics. Lunch was served at noon. The fever kills many children every year, doctors say. The "
        "clinics expect enough vaccine for all children by spring.",
        "Lunch was served at noon.",
    ),
    (
        "The outage began when a certificate expired. Engineers renewed the certificate and the outage "
        "ended. It rained. A check will warn engineers before a certificate expires. The outage hit all "
        "customers.",
        "It rained.",
    ),
]


def extract(text: str, language: str = "en", **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ENGINES["ExtractiveSummarization"](text, language, parameters)["sentences"]
    return found


@pytest.mark.parametrize(("text", "beside"), DOCUMENTS)
def test_a_sentence_beside_the_point_ranks_last(text: str, beside: str) -> None:
    ranked = rank(text, "en")
    assert ranked[-1].sentence.text == beside
    assert beside not in [sentence["text"] for sentence in extract(text)]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [({}, 3), ({"sentenceCount": 1}, 1), ({"sentenceCount": 4}, 4), ({"sentenceCount": 20}, 5),
     ({"sentenceCount": "x"}, 3)],
)  # fmt: skip
def test_as_many_sentences_come_as_were_asked_or_as_there_are(
    parameters: dict[str, Any], expected: int
) -> None:
    assert len(extract(DOCUMENTS[0][0], **parameters)) == expected


def test_sentences_come_by_offset_unless_by_rank() -> None:
    text = DOCUMENTS[0][0]
    for parameters in ({}, {"sortBy": "Offset"}):
        offsets = [sentence["offset"] for sentence in extract(text, **parameters)]
        assert offsets == sorted(offsets)
    scores = [sentence["rankScore"] for sentence in extract(text, sortBy="Rank", sentenceCount=5)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0
    assert min(scores) >= 0.0


def test_a_sentence_has_no_white_space_around_it() -> None:
    (sentence,) = extract("  \r\n One sentence only.  \n")
    assert sentence == {"text": "One sentence only.", "rankScore": 1.0, "offset": 5, "length": 18}


def test_a_document_of_thousands_of_sentences_is_ranked_over_its_nearest_300() -> None:
    text = " ".join(
        f"Report {number} tells how river number {number % 97} rose in the flood." for number in range(3000)
    )
    assert len(rank(text, "en")) == 300
    assert len(extract(text)) == 3


def test_a_document_of_white_space_has_no_sentence() -> None:
    assert extract(" \n ") == []
    assert ENGINES["AbstractiveSummarization"](" \n ", "en", {})["summaries"] == []


def test_other_languages_have_their_own_empty_words() -> None:
    text = (
        "Der Stadtrat schließt die alte Brücke. Die Brücke hat Risse in zwei Pfeilern. Der Koch mag Kaffee. "
        "Der Stadtrat will die Brücke nicht reparieren."
    )
    assert rank(text, "de")[-1].sentence.text == "Der Koch mag Kaffee."
    with pytest.raises(UnsupportedLanguage):
        extract("こんにちは。", "ja")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [({}, 3), ({"summaryLength": "short"}, 1), ({"summaryLength": "long"}, 5), ({"sentenceCount": 2}, 2),
     ({"summaryLength": "medium", "sentenceCount": 1}, 3)],
)  # fmt: skip
def test_an_abstract_is_made_of_sentences_and_says_so(parameters: dict[str, Any], expected: int) -> None:
    text = DOCUMENTS[0][0]
    result = ENGINES["AbstractiveSummarization"](text, "en", parameters)
    (summary,) = result["summaries"]
    taken = [
        text[context["offset"] : context["offset"] + context["length"]] for context in summary["contexts"]
    ]
    assert len(taken) == expected
    assert summary["text"] == " ".join(taken)
    assert [warning["code"] for warning in result["warnings"]] == ["EmulatorApproximation"]
