"""The table of the demonstration, from rows of results."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.findings import count, read_rows

if TYPE_CHECKING:
    from pathlib import Path


def row(document_id: str, kind: str, result: dict[str, Any] | None, **other: Any) -> dict[str, Any]:
    found = {"document_id": document_id, "kind": kind, "result": result, "language": "en"}
    return {**found, "status": "ok", "error_code": None, **other}


ROWS = [
    row("1", "SentimentAnalysis", {"sentiment": "positive"}),
    row("2", "SentimentAnalysis", {"sentiment": "negative"}, language="de"),
    row("1", "EntityRecognition", {"entities": [{"category": "Person"}, {"category": "Location"}]}),
    row("2", "EntityRecognition", None, status="error", error_code="InvalidDocument", language=None),
    row("3", "KeyPhraseExtraction", {"keyPhrases": ["nice room"]}),
]


def test_each_document_is_counted_once_and_each_row_once() -> None:
    findings = count(ROWS)

    assert findings.documents == {"1", "2", "3"}
    assert findings.rows == len(ROWS)
    assert findings.languages == Counter(en=2, de=1)


def test_statuses_labels_and_errors_are_counted_by_kind() -> None:
    findings = count(ROWS)

    assert findings.statuses["EntityRecognition"] == Counter(ok=1, error=1)
    assert findings.errors == Counter(InvalidDocument=1)
    assert findings.labels == {
        "sentiment": Counter(positive=1, negative=1),
        "EntityRecognition categories": Counter(Person=1, Location=1),
        "key phrases": Counter({"nice room": 1}),
    }


def test_the_table_says_how_many_labels_it_leaves_out() -> None:
    phrases = [f"phrase {number}" for number in range(8)]

    assert ", and 2 more" in count([row("1", "KeyPhraseExtraction", {"keyPhrases": phrases})]).table()


def test_rows_are_read_from_all_result_files_below_the_folder(tmp_path: Path) -> None:
    for number, part in enumerate((ROWS[:2], ROWS[2:])):
        file = tmp_path / f"batch={number}" / "results.jsonl"
        file.parent.mkdir()
        file.write_text("".join(json.dumps(one) + "\n" for one in part))

    assert read_rows(tmp_path) == ROWS


def test_no_result_file_is_an_error_and_not_an_empty_table(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no result file"):
        read_rows(tmp_path)
