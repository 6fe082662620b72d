"""Messages of customers, read by models of one's own: which team, what about, which order.

The projects are those that the emulator ships as samples; for the service, name your own, trained and
deployed in Language Studio.
"""

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
from airflow_provider_language.tasks import (
    CustomEntityRecognition,
    CustomMultiLabelClassification,
    CustomSingleLabelClassification,
)

DEPLOYMENT = "production"


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["azure-ai-language", "example"],
    doc_md=__doc__,
    params={
        "messages": Param(
            str(Path(__file__).parent / "data" / "messages.jsonl"),
            type="string",
            description="A JSON lines or CSV file with a column `text`, or a folder of .txt files.",
        ),
        "output": Param(
            "file:///tmp/custom_model",
            type="string",
            description="The folder to write `messages.jsonl` into.",
        ),
    },
)
def custom_model() -> None:
    submit = SubmitAnalyzeJobOperator(
        task_id="submit",
        doc_md="Asks three deployed models in one job, and waits for it in the triggerer.",
        documents="{{ params.messages }}",
        tasks=[
            CustomSingleLabelClassification(project_name="support-topic", deployment_name=DEPLOYMENT),
            CustomMultiLabelClassification(project_name="support-concerns", deployment_name=DEPLOYMENT),
            CustomEntityRecognition(project_name="support-entities", deployment_name=DEPLOYMENT),
        ],
        language="en",
        wait_for_completion=True,
        deferrable=True,
        retries=2,
    )
    FetchAnalyzeResultsOperator(
        task_id="fetch",
        doc_md="Writes a row for each message and model.",
        operation_location=submit.output,
        submitted=XComArg(submit, key="submitted"),
        output_path="{{ params.output }}/{{ run_id }}/messages.jsonl",
    )


custom_model()
