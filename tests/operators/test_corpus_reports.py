"""The report of a run: beside its rows, once they are all there, and in comparison with the run before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.running.corpus.places import RunPlaces
from tests.airflow_stands import TaskInstance
from tests.corpus_runs import Hurried, analyze, manifest_in, write

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

SECRET = "maria.silva@example.com"


def page_of(manifest: dict[str, Any]) -> str:
    return Path(manifest["report"]).read_text()


def test_a_run_has_a_report_with_its_figures_and_none_of_its_texts(
    language: Emulator, tmp_path: Path
) -> None:
    source = tmp_path / "in.jsonl"
    lines = [{"id": f"id-{n}", "text": f"A fine day in Lisbon, says {SECRET}"} for n in range(5)]
    source.write_text("".join(json.dumps(one) + "\n" for one in [*lines, {"id": "empty", "text": ""}]))

    manifest = analyze(
        tmp_path,
        source=str(source),
        tasks=["SentimentAnalysis", "PiiEntityRecognition"],
        max_failed_documents=1.0,
    )

    page = page_of(manifest)
    assert "<dt>documents</dt><dd>6</dd>" in page
    assert "InvalidDocument" in page
    assert "Sentiment" in page
    assert SECRET not in page
    assert "fine day" not in page
    told = manifest_in(tmp_path)
    assert told["findings"]["languages"]
    assert SECRET not in json.dumps(told)
    assert told["began"] <= told["ended"]


def test_a_report_compares_a_run_with_the_one_that_was_complete_before(
    language: Emulator, tmp_path: Path
) -> None:
    first = analyze(tmp_path, TaskInstance(run_id="one"), source=write(tmp_path / "a.jsonl", 3))
    second = analyze(tmp_path, TaskInstance(run_id="two"), source=write(tmp_path / "b.jsonl", 4))

    assert "Compared with" not in page_of(first)
    assert "Compared with the run before" in page_of(second)


@pytest.mark.parametrize("said", ["no JSON", '{"run": "../../elsewhere"}', '{"run": []}', "[]"])
def test_a_note_of_the_latest_run_that_says_nothing_ends_no_run(
    language: Emulator, tmp_path: Path, said: str
) -> None:
    places = RunPlaces.of(str(tmp_path / "out"), TaskInstance().dag_id, "run", "task", -1)
    Path(places.latest).parent.mkdir(parents=True)
    Path(places.latest).write_text(said)

    manifest = analyze(tmp_path, source=write(tmp_path / "a.jsonl", 3))

    assert manifest["complete"]
    assert "Compared with" not in page_of(manifest)


@pytest.mark.parametrize("tables_format", ["parquet", None])
def test_a_report_needs_no_tables_and_tables_need_no_report(
    language: Emulator, tmp_path: Path, tables_format: Any
) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    with_one = analyze(tmp_path / "with", source=source, tables_format=tables_format)
    without = analyze(tmp_path / "without", source=source, tables_format=tables_format, report=False)

    assert "<dt>documents</dt><dd>3</dd>" in page_of(with_one)
    assert without["report"] is None
    assert not list((tmp_path / "without").rglob("report.html"))
    assert with_one["tables"] == without["tables"]


@pytest.mark.parametrize(
    "name", ["report", "redacted_only", "redacted_copy", "native_documents", "cancel_on_kill"]
)
def test_a_flag_that_is_a_text_is_refused_rather_than_taken_for_true(name: str) -> None:
    options: dict[str, Any] = {name: "False"}
    with pytest.raises(InvalidInputError, match=f"{name} is a str instead of True or False"):
        Hurried(task_id="task", source="/in", tasks=["SentimentAnalysis"], destination="/out", **options)
