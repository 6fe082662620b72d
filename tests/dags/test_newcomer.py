"""What a newcomer does with the README alone: a table and letters in, four questions answered, a copy."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from tests.dags.first_screen import CORPUS, FILES, ROWS, blocks, detect

if TYPE_CHECKING:
    from tests.dags.conftest import Finished

LINES = 25
"""That such a DAG file may have."""
TEN = 10
DATA = "'/data/analyzed/"


@pytest.fixture
def destination(finished: Finished) -> Path:
    return finished.output.parent / CORPUS


@pytest.fixture
def rows(destination: Path) -> list[dict[str, Any]]:
    """All that the service said, from which the answers are computed once more, without the tables."""
    parts = sorted(destination.glob("results/*/part-*.jsonl"))
    return [json.loads(line) for part in parts for line in part.read_text().splitlines()]


@pytest.fixture
def answers(destination: Path) -> list[list[tuple[Any, ...]]]:
    """What the queries in the README answer."""
    queries = blocks("sql")[0].replace(DATA, f"'{destination}/").split(";")
    with duckdb.connect() as session:
        return [session.execute(query).fetchall() for query in queries if query.strip()]


def results(rows: list[dict[str, Any]], kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [(row["document_id"], row["result"]) for row in rows if row["kind"] == kind]


def test_the_dag_is_short_and_the_questions_are_four() -> None:
    assert len(blocks()[0].strip().splitlines()) <= LINES
    assert blocks("sql")[0].count(";") == len(blocks("sql")[0].strip().splitlines()) == 4


def test_every_document_of_both_sources_has_a_row_for_each_task(rows: list[dict[str, Any]]) -> None:
    ids = [*map(str, range(ROWS)), *(f"{number:02}.txt" for number in range(FILES))]
    tasks = ("SentimentAnalysis", "EntityRecognition", "PiiEntityRecognition")
    assert [(row["document_id"], row["task"]) for row in rows] == [
        (id_, task) for id_ in ids for task in tasks
    ]
    assert {row["status"] for row in rows} == {"ok"}


def test_the_letters_are_in_three_languages(finished: Finished) -> None:
    letters = (finished.output.parent / "my letters").iterdir()
    assert Counter(detect(letter.read_text()).iso6391_name for letter in letters) == dict.fromkeys(
        ("de", "en", "es"), FILES // 3
    )


def test_the_ten_most_negative(rows: list[dict[str, Any]], answers: list[list[tuple[Any, ...]]]) -> None:
    scores = [
        (id_, result["confidenceScores"]["negative"]) for id_, result in results(rows, "SentimentAnalysis")
    ]
    expected = sorted(scores, key=lambda one: (-one[1], one[0]))[:TEN]
    assert answers[0] == expected
    assert expected[-1][1] > 0.5


def test_the_most_frequent_entities(rows: list[dict[str, Any]], answers: list[list[tuple[Any, ...]]]) -> None:
    entities = Counter(
        (entity["text"], entity["category"])
        for _, result in results(rows, "EntityRecognition")
        for entity in result["entities"]
    )
    expected = sorted(((*one, times) for one, times in entities.items()), key=lambda one: (-one[2], *one[:2]))
    assert answers[1] == expected[:TEN]
    assert {"Madrid", "Berlin"} <= {text for text, *_ in expected[:TEN]}


def test_all_personal_data_by_category(
    rows: list[dict[str, Any]], answers: list[list[tuple[Any, ...]]]
) -> None:
    found = [
        (entity["category"], id_)
        for id_, result in results(rows, "PiiEntityRecognition")
        for entity in result["entities"]
    ]
    categories = Counter(category for category, _ in found)
    documents = Counter(category for category, _ in set(found))
    assert sorted(answers[2]) == sorted((one, categories[one], documents[one]) for one in categories)
    assert {"Email", "Person", "PhoneNumber"} <= set(categories)


def test_the_redacted_texts(rows: list[dict[str, Any]], answers: list[list[tuple[Any, ...]]]) -> None:
    redacted = {id_: result["redactedText"] for id_, result in results(rows, "PiiEntityRecognition")}
    assert dict(answers[3]) == redacted
    assert len(answers[3]) == len(redacted) == ROWS + FILES


def test_the_copy_has_the_files_as_they_were_but_for_what_was_redacted(
    finished: Finished, rows: list[dict[str, Any]], destination: Path
) -> None:
    redacted = {id_: result["redactedText"] for id_, result in results(rows, "PiiEntityRecognition")}
    [copy] = destination.glob("redacted/*")
    data = finished.output.parent

    with (data / "my reviews.csv").open(newline="") as file, (copy / "my reviews.csv").open(newline="") as of:
        before, after = list(csv.DictReader(file)), list(csv.DictReader(of))
    assert after == [{**row, "review_text": redacted[row["review_id"]]} for row in before]
    letters = {file.name: file.read_text() for file in copy.glob("*.txt")}
    assert letters == {file.name: redacted[file.name] for file in (data / "my letters").iterdir()}
    copied = "".join(file.read_text() for file in copy.iterdir())
    assert "@example.com" not in copied
    assert "425-555-0100" not in copied
