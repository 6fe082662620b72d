"""The command that evaluates findings, over the sample that ships with the emulator."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.__main__ import main
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.protocol.evaluation.samples import labelled_from
from airflow_provider_language.tasks import PiiEntityRecognition
from tests.airflow_stands import KEY
from tests.corpus_runs import analyze

if TYPE_CHECKING:
    from tests.conftest import Connect

SAMPLE = Path(str(files("airflow_provider_language.emulator"))) / "samples" / "labelled.jsonl"


def test_the_sample_has_several_languages_and_says_what_it_measures() -> None:
    lines = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    documents = [labelled_from(line, f"Line {number}") for number, line in enumerate(lines, start=1)]
    assert len({document.id for document in documents}) == len(documents) >= 30
    assert len({document.language for document in documents}) >= 6
    assert all("measure the emulator" in str(document.note) for document in documents)


def test_the_emulator_is_evaluated_over_its_sample(
    connect: Connect, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Emulator(key=KEY, duration=0) as running:
        connect(running.endpoint)
        results = analyze(tmp_path, source=str(SAMPLE), tasks=[PiiEntityRecognition()])["path"]
    output = tmp_path / "evaluation.json"

    assert main(["evaluate", results, "--sample", str(SAMPLE), "--to", str(output)]) == 0

    told = capsys.readouterr().out
    assert "measure the emulator of airflow-provider-language, and not the service." in told
    assert "39 documents, 0 without a result; by model version: " in told
    figures = {(one["category"], one["language"]): one for one in json.loads(output.read_text())["figures"]}
    assert figures["Email", "*"]["characters"]["recall"]["value"] > 0.9
    assert "Anna Whitfield" not in told + output.read_text()
    assert main(["evaluate", results, "--sample", str(SAMPLE), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(output.read_text())
    assert main(["evaluate", results, "--sample", str(SAMPLE), "--minimum-recall", "Person=1"]) == 1
    assert "recall of Person is" in capsys.readouterr().err


@pytest.mark.parametrize("said", ["Person", "Person=high"])
def test_what_is_no_demand_is_told(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["evaluate", "/rows.jsonl", "--sample", "/sample.jsonl", "--minimum-recall", said])
    assert "not a share such as Person=0.95" in capsys.readouterr().err
