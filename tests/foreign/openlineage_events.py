"""What the operators tell OpenLineage by Airflow's own provider of it, in a real Airflow."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.matrix.airflow_command import AirflowCommand
from tests.system.emulator_process import EmulatorProcess

KEY = "a-key-that-nobody-else-may-see"
CANARY = "CANARY-a-sentence-of-a-document"
TEXTS = {"1": f"{CANARY}. The room was lovely.", "2": "Anna Smith lives in Seattle."}
DAG = """
    from __future__ import annotations

    try:
        from airflow.sdk import DAG, Asset
    except ImportError:
        from airflow import DAG
        from airflow.datasets import Dataset as Asset

    from airflow_provider_language.operators.analyze import (
        AnalyzeCorpusOperator,
        FetchAnalyzeResultsOperator,
        SubmitAnalyzeJobOperator,
    )
    from airflow_provider_language.tasks import PiiEntityRecognition, SentimentAnalysis

    FOLDER = {folder!r}
    COLUMNS = {{"text_column": "review_text", "id_column": "review_id"}}

    with DAG("lineage", schedule=None):
        AnalyzeCorpusOperator(
            task_id="corpus",
            source=f"{{FOLDER}}/reviews.jsonl",
            destination=f"{{FOLDER}}/analyzed",
            tasks=[PiiEntityRecognition()],
            tables_format="jsonl",
            redacted_copy=True,
            deferrable=True,
            defer_after=0,
            language="en",
            outlets=[Asset("x-language://analyzed")],
            **COLUMNS,
        )
        submit = SubmitAnalyzeJobOperator(
            task_id="submit",
            documents=f"{{FOLDER}}/reviews.jsonl",
            tasks=[SentimentAnalysis(), PiiEntityRecognition()],
            wait_for_completion=True,
            deferrable=True,
            defer_after=0,
            **COLUMNS,
        )
        FetchAnalyzeResultsOperator(
            task_id="fetch",
            operation_location=submit.output,
            submitted=submit.output["submitted"],
            output_path=f"{{FOLDER}}/rows.jsonl",
            tables_path=f"{{FOLDER}}/tables",
            tables_format="jsonl",
            outlets=[Asset("x-language://rows")],
        )
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lineage")
    (folder / "dags").mkdir()
    (folder / "dags" / "lineage.py").write_text(textwrap.dedent(DAG.format(folder=str(folder))))
    rows = [json.dumps({"review_id": id_, "review_text": text}) + "\n" for id_, text in TEXTS.items()]
    (folder / "reviews.jsonl").write_text("".join(rows))
    transport = {"type": "file", "log_file_path": str(folder / "events.jsonl"), "append": True}
    with EmulatorProcess(folder, key=KEY) as emulator:
        airflow = AirflowCommand(
            folder / "home",
            {
                **emulator.environment,
                "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
                "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
                "AIRFLOW__OPENLINEAGE__NAMESPACE": "airflow",
            },
        )
        airflow("db", "migrate")
        airflow("dags", "test", "lineage")
    return folder


@pytest.fixture(scope="module")
def completed(ran: Path) -> Mapping[str, Any]:
    """The last event of each task."""
    events = [json.loads(line) for line in (ran / "events.jsonl").read_text().splitlines()]
    return {event["job"]["name"]: event for event in events if event["eventType"] == "COMPLETE"}


def named(datasets: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["namespace"], one["name"]): one for one in datasets}


def test_the_corpus_tells_what_it_read_and_wrote_after_its_deferral(
    ran: Path, completed: Mapping[str, Any]
) -> None:
    event = completed["lineage.corpus"]
    inputs, outputs = named(event["inputs"]), named(event["outputs"])

    assert inputs["file", f"{ran}/reviews.jsonl"]["inputFacets"]["inputStatistics"]["rowCount"] == 2
    assert {name.removeprefix(f"{ran}/analyzed/") for _, name in outputs} == {
        "results",
        "redacted",
        "documents",
        "task_results",
        "warnings",
        "pii_entities",
        "redacted_texts",
    }
    redacted = outputs["file", f"{ran}/analyzed/redacted_texts"]
    assert redacted["outputFacets"]["outputStatistics"]["rowCount"] == 2
    assert redacted["facets"]["schema"]["fields"][0]["name"] == "document_id"
    made = redacted["facets"]["columnLineage"]["fields"]["redacted_text"]["inputFields"]
    assert [(one["name"], one["field"]) for one in made] == [(f"{ran}/reviews.jsonl", "review_text")]
    (how,) = made[0]["transformations"]
    assert how["masking"] is True
    assert how["description"].startswith("PiiEntityRecognition by model emulator-")


def test_a_job_tells_its_file_and_kinds_after_its_deferral(ran: Path, completed: Mapping[str, Any]) -> None:
    event = completed["lineage.submit"]

    (read,) = event["inputs"]
    assert (read["name"], read["inputFacets"]["inputStatistics"]["rowCount"]) == (f"{ran}/reviews.jsonl", 2)
    assert event["outputs"] == []
    assert event["job"]["facets"]["azureLanguage_tasks"]["kinds"] == [
        "SentimentAnalysis",
        "PiiEntityRecognition",
    ]


def test_the_fetch_tells_which_file_its_rows_were_found_in(ran: Path, completed: Mapping[str, Any]) -> None:
    event = completed["lineage.fetch"]
    outputs = named(event["outputs"])

    assert [one["name"] for one in event["inputs"]] == [f"{ran}/reviews.jsonl"]
    rows = outputs["file", f"{ran}/rows.jsonl"]
    assert rows["outputFacets"]["outputStatistics"]["rowCount"] == 4
    assert rows["outputFacets"]["outputStatistics"]["size"] == (ran / "rows.jsonl").stat().st_size
    sentiment = outputs["file", f"{ran}/tables/sentiment"]["facets"]["columnLineage"]["fields"]["sentiment"]
    assert sentiment["inputFields"][0]["transformations"][0]["description"].startswith("SentimentAnalysis by")
    figures = event["run"]["facets"]["azureLanguage_results"]["figures"]
    assert (figures["documents"], figures["rows"], figures["ok"]) == (2, 4, 4)
    assert set(figures["models"]) == {"SentimentAnalysis", "PiiEntityRecognition"}


def test_no_text_and_no_key_goes_to_lineage(ran: Path, completed: Mapping[str, Any]) -> None:
    told = (ran / "events.jsonl").read_text()

    assert len(completed) >= 3
    for secret in (CANARY, "lovely", "Anna Smith", KEY):
        assert secret not in told
