"""The example DAGs of texts, run by `airflow dags test` against the emulator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.matrix.airflow_command import AirflowCommand
from tests.system.demo import KEY
from tests.system.emulator_process import EmulatorProcess
from tests.system.findings import count, read_rows

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system


@pytest.mark.parametrize(
    ("dag_id", "source"), [("analyze_reviews", "documents"), ("analyze_corpus", "source")]
)
def test_the_example_runs_and_accounts_for_every_document(tmp_path: Path, dag_id: str, source: str) -> None:
    documents = tmp_path / "reviews.jsonl"
    texts = {"1": "The room was lovely.", "2": "Das Zimmer war schmutzig."}
    documents.write_text("".join(json.dumps({"id": id_, "text": text}) + "\n" for id_, text in texts.items()))
    output = tmp_path / "results"
    dags = tmp_path / "dags"
    dags.mkdir()
    # As the page of examples says it, to have them out of the wheel.
    (dags / "example.py").write_text(
        f"from airflow_provider_language.example_dags.{dag_id} import *  # noqa: F403\n"
    )
    with EmulatorProcess(tmp_path, key=KEY) as emulator:
        environment = {
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT": emulator.connection,
        }
        airflow = AirflowCommand(tmp_path / "home", environment)
        airflow("db", "migrate")
        airflow("dags", "reserialize")  # 3.0 runs no task that gives out an asset that it has not stored
        conf = {source: str(documents), "output": output.as_uri()}
        airflow("dags", "test", dag_id, "--conf", json.dumps(conf))

    findings = count(read_rows(output))
    assert findings.documents == set(texts)
    assert findings.statuses
    for statuses in findings.statuses.values():
        assert statuses.total() == len(texts)
        assert statuses["missing"] == 0
