"""Jobs from submission to results with the provider: one task submits them, one waits, one fetches."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, task

from airflow_provider_language.operators.analyze import FetchAnalyzeResultsOperator
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from tests.bench.plain_client import PATIENT, TEXTS

CONNECTION = "{{ params.connection }}"
WAYS = {
    "pipeline_of_ours": {"deferrable": True},
    "pipeline_of_ours_from_trigger": {"start_from_trigger": True},
}


@task
def submit(conn_id: str, jobs: str) -> list[str]:
    """Submit all jobs, and return their operation-locations."""
    from airflow_provider_language.hooks.language import LanguageHook

    hook = LanguageHook(conn_id)
    return [hook.submit(TEXTS, ["KeyPhraseExtraction"], language="en") for _ in range(int(jobs))]


for dag_id, way in WAYS.items():
    with DAG(dag_id, schedule=None, params={"connection": "", "jobs": 0, "output": ""}):
        locations: Any = submit(CONNECTION, "{{ params.jobs }}")
        wait = AnalyzeJobSensor(
            task_id="wait",
            operation_location=locations,
            azure_language_conn_id=CONNECTION,
            **way,
            **PATIENT,
        )
        fetch = FetchAnalyzeResultsOperator(
            task_id="fetch",
            operation_location=locations,
            azure_language_conn_id=CONNECTION,
            output_path="{{ params.output }}",
        )
        wait >> fetch
