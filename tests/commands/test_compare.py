"""The command that tells what another model found otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.__main__ import main


def rows(file: Path, model: str, *entities: dict[str, Any]) -> str:
    row = {
        "document_id": "a",
        "task": "pii",
        "kind": "PiiEntityRecognition",
        "status": "ok",
        "result": {"entities": entities},
        "model_version": model,
    }
    file.write_text(json.dumps(row) + "\n")
    return str(file)


def test_gains_and_losses_are_counted_and_their_places_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = {"category": "Person", "offset": 0, "length": 4, "text": "Anna"}
    before, after = rows(tmp_path / "a.jsonl", "1", anna), rows(tmp_path / "b.jsonl", "2")
    output = tmp_path / "changes.jsonl"

    assert main(["compare", before, after, "--to", str(output)]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "1 documents, 0 without a result in one of the runs; 0 findings in both",
        "Person: 1 lost, from 1 to 2",
    ]
    assert json.loads(output.read_text())["change"] == "lost"
    assert "Anna" not in output.read_text()
    assert main(["compare", before, after, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "documents": 1,
        "without_result": 0,
        "same": 0,
        "changes": [{"category": "Person", "before": "1", "after": "2", "change": "lost", "findings": 1}],
    }
    assert main(["compare", before, before]) == 0
    assert "1 findings in both" in capsys.readouterr().out


def test_runs_of_other_tasks_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = rows(tmp_path / "a.jsonl", "1")
    assert main(["compare", before, before, "--task", "other"]) == 1
    assert "no row of PiiEntityRecognition as 'other'" in capsys.readouterr().err
