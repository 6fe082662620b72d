"""DAGs whose sensors the scheduler starts in the triggerer, and one that a worker defers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import DAG, Asset, task_group

from airflow_provider_language.operators.analyze import SubmitAnalyzeJobOperator
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor

SHORT = 15
"""Seconds of a time limit that a test waits for."""


def dag(dag_id: str) -> DAG:
    return DAG(
        dag_id,
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        params={"connection": "azure_language_default"},
        default_args={
            "azure_language_conn_id": "{{ params.connection }}",
            "retries": 1,
            "retry_delay": timedelta(seconds=1),
        },
    )


def submit(task_id: str = "submit", *, documents: Any = ("The garden was lovely.",)) -> Any:
    return SubmitAnalyzeJobOperator(task_id=task_id, documents=documents, tasks=["KeyPhraseExtraction"])


def wait(operation_location: Any, *, start_from_trigger: bool = True, **more: Any) -> AnalyzeJobSensor:
    return AnalyzeJobSensor(
        task_id="wait",
        operation_location=operation_location,
        start_from_trigger=start_from_trigger,
        poll_interval=1,
        **more,
    )


SENSORS: dict[str, dict[str, Any]] = {
    "started": {},
    "started_and_owning": {"cancel_on_kill": True},
    "started_with_a_timeout": {"timeout": SHORT},
    "started_with_an_execution_timeout": {"execution_timeout": timedelta(seconds=SHORT), "retries": 0},
    "started_softly_with_a_timeout": {"timeout": SHORT, "soft_fail": True},
    "started_with_an_outlet": {"outlets": [Asset("reviews")]},
}
for dag_id, options in SENSORS.items():
    with dag(dag_id):
        wait(submit().output, **options)

with dag("deferred"):
    wait(submit().output, start_from_trigger=False, deferrable=True)

with dag("started_by_a_template"):
    jobs = "{{ ti.xcom_pull(task_ids=['submit', 'again'], map_indexes=-1) }}"
    [submit(), submit("again")] >> wait(jobs)

with dag("started_in_a_mapped_group"):

    @task_group
    def analyze(documents: Any) -> None:
        wait(submit(documents=documents).output)

    analyze.expand(documents=[["The garden was lovely."], ["The kitchen was clean."]])
