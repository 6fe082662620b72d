"""Clinical notes: diagnoses, medication and how they relate, as entities and as FHIR bundles."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

try:
    from airflow.sdk import Param, XComArg, dag
except ImportError:  # Airflow 2.11
    from airflow.decorators import dag  # type: ignore[no-redef,attr-defined]
    from airflow.models.param import Param  # type: ignore[import-not-found,no-redef]
    from airflow.models.xcom_arg import XComArg

from airflow_provider_language.operators.analyze import (
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.tasks import Healthcare, PiiEntityRecognition


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["azure-ai-language", "example"],
    doc_md=__doc__,
    params={
        "notes": Param(
            str(Path(__file__).parent / "data" / "notes.jsonl"),
            type="string",
            description="A JSON lines or CSV file with a column `text`, or a folder of .txt files.",
        ),
        "output": Param(
            "file:///tmp/clinical_notes",
            type="string",
            description="The folder to write `findings.jsonl` into.",
        ),
    },
)
def clinical_notes() -> None:
    submit = SubmitAnalyzeJobOperator(
        task_id="submit",
        doc_md="Submits the notes as one job, waits for it in the triggerer, and cancels it if it is ended.",
        documents="{{ params.notes }}",
        tasks=[
            Healthcare(fhir_version="4.0.1", document_type="ProgressNote"),
            PiiEntityRecognition(domain="phi"),
        ],
        wait_for_completion=True,
        deferrable=True,
        retries=2,
    )
    FetchAnalyzeResultsOperator(
        task_id="fetch",
        doc_md="Writes a row for each note and task: entities with their relations, and the redacted note.",
        operation_location=submit.output,
        submitted=XComArg(submit, key="submitted"),
        output_path="{{ params.output }}/{{ run_id }}/findings.jsonl",
    )


clinical_notes()
