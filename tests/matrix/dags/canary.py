"""Texts from other tasks, a SAS and a key on all their ways: by worker and triggerer, mapped and not."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

try:
    from airflow.sdk import DAG, XComArg, task
except ImportError:  # Airflow 2.11
    from airflow.decorators import task  # type: ignore[no-redef,attr-defined]
    from airflow.models.dag import DAG  # type: ignore[no-redef]
    from airflow.models.xcom_arg import XComArg

from airflow_provider_language.operators.analyze import (
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor

SAS = "{{ var.value.blob_sas }}"
BLOBS = "https://example.blob.core.windows.net"


def submit(task_id: str, **more: Any) -> Any:
    return SubmitAnalyzeJobOperator.partial(
        task_id=task_id, tasks=["KeyPhraseExtraction", "PiiEntityRecognition"], language="en", **more
    )


def owned(task_id: str, *, deferrable: bool) -> Any:
    return submit(task_id, wait_for_completion=True, deferrable=deferrable, defer_after=0, poll_interval=1)


def sensor(task_id: str, operation_location: Any, *, deferrable: bool) -> AnalyzeJobSensor:
    return AnalyzeJobSensor(
        task_id=task_id, operation_location=operation_location, deferrable=deferrable, poll_interval=1
    )


def fetch(task_id: str, submitted: Any) -> None:
    FetchAnalyzeResultsOperator(
        task_id=task_id,
        operation_location=submitted.output,
        submitted=XComArg(submitted, key="submitted"),
        output_path=f"{{{{ params.output }}}}/{task_id}.jsonl",
    )


with DAG(
    "canary",
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    params={"texts": "", "output": ""},
    default_args={"retries": 3, "retry_delay": timedelta(seconds=1)},
):

    @task(show_return_value_in_logs=False)
    def texts(params: Any = None) -> list[dict[str, str]]:
        """Rows of texts, which go on as an XCom."""
        return list(map(json.loads, Path(params["texts"]).read_text().splitlines()))

    @task(show_return_value_in_logs=False)
    def batches(params: Any = None) -> list[list[dict[str, str]]]:
        """Rows of texts for several jobs, which go on as an XCom."""
        return [[json.loads(line)] for line in Path(params["texts"]).read_text().splitlines()]

    rows, parts = texts(), batches()
    for place, deferrable in (("worker", False), ("triggerer", True)):
        one = owned(f"own_in_{place}", deferrable=deferrable).expand(documents=parts)
        fetch(f"fetch_own_in_{place}", one)
        alone = SubmitAnalyzeJobOperator(
            task_id=f"own_alone_in_{place}",
            documents=rows,
            tasks=["KeyPhraseExtraction"],
            language="en",
            wait_for_completion=True,
            deferrable=deferrable,
            defer_after=0,
            poll_interval=1,
        )
        fetch(f"fetch_alone_in_{place}", alone)
        many = submit(f"submit_for_{place}").expand(documents=parts)
        sensor(f"wait_in_{place}", many.output, deferrable=deferrable)
        files = SubmitAnalyzeJobOperator(
            task_id=f"files_in_{place}",
            documents=[
                {
                    "id": "1",
                    "source": f"{BLOBS}/letters/thanks.txt?{SAS}",
                    "target": f"{BLOBS}/redacted?{SAS}",
                }
            ],
            tasks=["PiiEntityRecognition"],
            language="en",
            wait_for_completion=True,
            deferrable=deferrable,
            defer_after=0,
            poll_interval=1,
        )
        fetch(f"fetch_files_in_{place}", files)
