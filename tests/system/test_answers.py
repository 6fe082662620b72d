"""The answers of the demonstration, from tables alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.storage.tables.writers import TablesWriter
from tests.system.answers import QUESTIONS, WIDTH, answer, answers

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("SentimentAnalysis", "EntityRecognition", "PiiEntityRecognition")
ENTITY = {"offset": 0, "length": 4, "confidenceScore": 0.9}


def row(document_id: str, kind: str, result: dict[str, Any]) -> dict[str, Any]:
    told = {"document_id": document_id, "task": kind, "kind": kind, "status": "ok", "language": "en"}
    return {**told, "result": result, "warnings": [], "job_id": "job"}


def rows() -> list[dict[str, Any]]:
    found = []
    for number in range(12):
        scores = {"positive": 0.0, "neutral": 0.0, "negative": number / 12}
        sentiment = {"sentiment": "negative", "confidenceScores": scores, "sentences": []}
        entities = [{"text": "Oslo", "category": "Location", **ENTITY}] * number
        personal = [{"text": "Anna", "category": "Person", **ENTITY}] * (number % 2)
        found += [
            row(f"{number:02}", "SentimentAnalysis", sentiment),
            row(f"{number:02}", "EntityRecognition", {"entities": entities}),
            row(f"{number:02}", "PiiEntityRecognition", {"redactedText": "x" * 99, "entities": personal}),
        ]
    return found


def written(folder: Path, records: list[dict[str, Any]]) -> Path:
    """Tables in a folder whose name is no name for SQL."""
    place = folder / "my team's tables"
    with TablesWriter(str(place), "run/part-00000", "parquet", KINDS) as tables:
        for record in records:
            tables.write(record)
    return place


def test_each_question_is_answered_from_the_tables(tmp_path: Path) -> None:
    negative, entities, personal = (answer(one, written(tmp_path, rows()))[1] for one in QUESTIONS)

    assert [id_ for id_, *_ in negative] == [f"{number:02}" for number in range(11, 1, -1)]
    assert entities == [("Oslo", "Location", sum(range(12)))]
    assert personal == [("Person", 6, 6)]


def test_long_texts_are_cut_and_nothing_found_is_an_empty_answer(tmp_path: Path) -> None:
    assert f"{'x' * (WIDTH - 1)}…\n" in answers(written(tmp_path, rows()))
    nothing = answers(written(tmp_path / "none", []))
    assert nothing.splitlines()[-2:] == ["Personal data by category:", "  category  times  documents"]
