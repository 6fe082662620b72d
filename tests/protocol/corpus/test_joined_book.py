"""What the emulator finds in a book that is cut in pieces is what it finds in the whole of it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.emulator.engines import ENGINES
from airflow_provider_language.protocol.corpus.joining import joined
from airflow_provider_language.protocol.corpus.sentence_ends import SentenceEnds, sentence_ends
from airflow_provider_language.protocol.corpus.splitting import Piece, overlap_of, split
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.findings import finding_in
from airflow_provider_language.protocol.jobs.results import Row, RowStatus

DATA = Path(__file__).parents[3] / "dags" / "data"
MORE = (
    "Dr. John Smith of Contoso moved from Seattle to Paris on 5 May 2021 with 3 colleagues; write to "
    "john.smith@contoso.com or call 206-555-0134.",
    "Metformin 500 mg was started by Dr. Anna Lee, and it helped with the severe cough \U0001f600.",
)
MOST = 4000
SPANS = ["EntityRecognition", "PiiEntityRecognition", "EntityLinking", "Healthcare"]


@cache
def book() -> str:
    lines = [
        str(json.loads(line)["text"])
        for name in ("reviews", "notes", "messages")
        for line in (DATA / f"{name}.jsonl").read_text().splitlines()
    ]
    sentences = [*lines, *MORE]
    return " ".join(sentences[7 * place % len(sentences)] for place in range(200))


def row(kind: str, text: str, parameters: dict[str, Any]) -> Row:
    found = finding_in(kind, {"id": "0", **ENGINES[kind](text, "en", parameters)})
    return Row("0", "t", kind, RowStatus.OK, "en", found.result, None, None, found.warnings, "m", 1, "job")


def results(kind: str, ends: SentenceEnds, **parameters: Any) -> tuple[Any, Any, tuple[Piece, ...]]:
    """What is found in the whole of the book, and in its pieces, which are joined."""
    text = book()
    pieces = split(text, MOST, ends, overlap_of([kind]))
    rows = [row(kind, text[one.begin : one.end], parameters) for one in pieces]
    told = joined(text, pieces, rows, WireTask(kind, "t", {"stringIndexType": "UnicodeCodePoint"}))
    return row(kind, text, parameters).result, told.result, pieces


def nowhere(_: str) -> tuple[int, ...]:
    return ()


@pytest.mark.parametrize("kind", SPANS)
@pytest.mark.parametrize("at", ["ends of sentences", "blanks"])
def test_entities_are_those_of_the_whole_book(kind: str, at: str) -> None:
    whole, told, pieces = results(kind, sentence_ends("en") if at == "ends of sentences" else nowhere)

    assert told == whole
    assert len(told["entities"]) > len(pieces) > 3
    assert any(one.repeated for one in pieces) == (at == "blanks")


def test_sentences_and_opinions_are_those_of_the_whole_book_and_scores_are_nearly() -> None:
    whole, told, _ = results("SentimentAnalysis", sentence_ends("en"), opinionMining=True)

    assert told["sentences"] == whole["sentences"]
    assert told["sentiment"] == whole["sentiment"] == "mixed"
    for name, score in whole["confidenceScores"].items():
        assert told["confidenceScores"][name] == pytest.approx(score, abs=0.03)


def test_no_key_phrase_of_the_whole_book_is_lost() -> None:
    whole, told, _ = results("KeyPhraseExtraction", sentence_ends("en"))

    assert set(whole["keyPhrases"]) <= set(told["keyPhrases"])
    assert len(told["keyPhrases"]) == len(set(told["keyPhrases"]))
