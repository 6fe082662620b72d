"""DAGs as their authors write them, each about one thing that only a run can show."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

try:
    from airflow.sdk import XComArg, dag, task
except ImportError:  # Airflow 2.11
    from airflow.decorators import dag, task  # type: ignore[no-redef,attr-defined]
    from airflow.models.xcom_arg import XComArg

from airflow_provider_language.operators.analyze import (
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from airflow_provider_language.tasks import KeyPhraseExtraction

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
SECRET_TEXT = "SECRET-TEXT-of-a-document-in-a-dag-file"
PARAMS = {"output": ""}


@dag(schedule=None, start_date=START, catchup=False, params=PARAMS)
def owned() -> None:
    """A job that its submitter waits for in the triggerer; its results are fetched by the next task."""
    submit = SubmitAnalyzeJobOperator(
        task_id="submit",
        documents=[
            {"id": "{{ run_id }}", "text": SECRET_TEXT, "language": "en"},
            {"id": "b", "text": "hello"},
        ],
        tasks=[KeyPhraseExtraction()],
        display_name="{{ dag.dag_id }}",
        wait_for_completion=True,
        deferrable=True,
        defer_after=0.0,
        language="en",
    )
    FetchAnalyzeResultsOperator(
        task_id="fetch",
        operation_location=submit.output,
        submitted=XComArg(submit, key="submitted"),
        output_path="{{ params.output }}/owned.jsonl",
    )


@dag(schedule=None, start_date=START, catchup=False, params=PARAMS)
def mapped() -> None:
    """A job for each list of documents, a sensor and a file for each job."""
    submit = SubmitAnalyzeJobOperator.partial(
        task_id="submit", tasks=["KeyPhraseExtraction"], language="en"
    ).expand(documents=[[SECRET_TEXT, "two"], ["three"]])
    wait = AnalyzeJobSensor.partial(task_id="wait", poke_interval=0.1).expand(
        operation_location=submit.output
    )
    fetch = FetchAnalyzeResultsOperator.partial(
        task_id="fetch", output_path="{{ params.output }}/mapped-{{ ti.map_index }}.jsonl"
    ).expand(operation_location=submit.output)
    wait >> fetch


@dag(schedule=None, start_date=START, catchup=False, params=PARAMS)
def from_tasks() -> None:
    """Documents that other tasks return, one from each; and the hook within a task of its own."""

    @task
    def read(number: int) -> dict[str, Any]:
        return {"id": f"document-{number}", "text": f"This is number {number}."}

    @task
    def detect(documents: Any) -> list[str]:
        from airflow_provider_language.hooks.language import LanguageHook

        hook = LanguageHook()
        rows = hook.detect_language(documents)
        job = hook.wait(hook.submit(documents, ["SentimentAnalysis"], language="en"), timeout=60)
        return [*(str(row.language) for row in rows), job.status]

    documents = read.expand(number=[1, 2, 3])
    submit = SubmitAnalyzeJobOperator(
        task_id="submit",
        documents=documents,
        tasks=["KeyPhraseExtraction"],
        language="en",
        wait_for_completion=True,
    )
    FetchAnalyzeResultsOperator(
        task_id="fetch",
        operation_location=submit.output,
        submitted=XComArg(submit, key="submitted"),
        output_path="{{ params.output }}/from_tasks.jsonl",
    )
    detect(documents)


DAGS = {"owned": owned(), "mapped": mapped(), "from_tasks": from_tasks()}
