"""The table of the demonstration, from rows of results."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.findings import count, read_rows

if TYPE_CHECKING:
    from pathlib import Path


def row(document_id: str, kind: str, result: dict[str, Any], **other: Any) -> dict[str, Any]:
    found = {"document_id": document_id, "kind": kind, "result": result, "language": "en"}
    return {**found, "status": "ok", "error_code": None, "error_message": None, **other}


def error(document_id: str, kind: str, code: str, message: str) -> dict[str, Any]:
    told = {"document_id": document_id, "kind": kind, "result": None, "language": "auto"}
    return {**told, "status": "error", "error_code": code, "error_message": message}


ROWS = [
    error("2", "SentimentAnalysis", "UnsupportedLanguageCode", "not German"),
    row("1", "SentimentAnalysis", {"sentiment": "positive"}),
    row("1", "EntityRecognition", {"entities": [{"category": "Person"}, {"category": "Location"}]}),
    row("2", "EntityRecognition", {"entities": []}, language="de"),
    error("3", "EntityRecognition", "InvalidDocument", "empty"),
    row("1", "KeyPhraseExtraction", {"keyPhrases": ["nice room"]}),
]


def test_each_document_is_counted_once_in_the_language_that_was_detected() -> None:
    findings = count(ROWS)

    assert findings.documents == {"1", "2", "3"}
    assert findings.languages == Counter(en=1, de=1)


def test_statuses_labels_and_errors_are_counted_by_kind() -> None:
    findings = count(ROWS)

    assert findings.statuses == {
        "SentimentAnalysis": Counter(ok=1, error=1),
        "EntityRecognition": Counter(ok=2, error=1),
        "KeyPhraseExtraction": Counter(ok=1),
    }
    assert findings.labels == {
        "sentiment": Counter(positive=1),
        "EntityRecognition: categories": Counter(Person=1, Location=1),
    }
    assert findings.errors == Counter(UnsupportedLanguageCode=1, InvalidDocument=1)


def test_the_table_tells_an_error_in_the_services_words() -> None:
    assert "UnsupportedLanguageCode        1, such as: not German" in count(ROWS).table().splitlines()


def test_the_table_says_how_many_labels_it_leaves_out() -> None:
    entities = [{"category": f"Category{number}"} for number in range(8)]

    assert ", and 2 more" in count([row("1", "EntityRecognition", {"entities": entities})]).table()


def test_rows_are_read_from_all_result_files_below_the_folder(tmp_path: Path) -> None:
    for number, part in enumerate((ROWS[:2], ROWS[2:])):
        file = tmp_path / f"batch={number}" / "results.jsonl"
        file.parent.mkdir()
        file.write_text("".join(json.dumps(one) + "\n" for one in part))

    for other in ("_journal", "redacted"):
        (tmp_path / other / "run").mkdir(parents=True)
        (tmp_path / other / "run" / "in.jsonl").write_text('{"text": "no row"}\n')

    assert list(read_rows(tmp_path)) == ROWS


def test_no_result_file_is_an_error_and_not_an_empty_table(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no result file"):
        read_rows(tmp_path)
