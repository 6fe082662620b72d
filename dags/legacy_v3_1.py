"""The legacy Text Analytics API v3.1, for those who cannot leave it yet: the same operators, another version.

It has one family of jobs for five kinds of tasks, and another one for health. One sensor waits for both.
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
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from airflow_provider_language.tasks import Healthcare, KeyPhraseExtraction, SentimentAnalysis


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
            "file:///tmp/legacy_v3_1", type="string", description="The folder to write `results.jsonl` into."
        ),
    },
)
def legacy_v3_1() -> None:
    texts = SubmitAnalyzeJobOperator(
        task_id="submit_texts",
        doc_md="A job of the kinds that the legacy API has for texts.",
        documents="{{ params.notes }}",
        tasks=[SentimentAnalysis(opinion_mining=True), KeyPhraseExtraction()],
        api_version="v3.1",
    )
    health = SubmitAnalyzeJobOperator(
        task_id="submit_health",
        doc_md="A job of health, which has a family of its own there.",
        documents="{{ params.notes }}",
        tasks=[Healthcare()],
        api_version="v3.1",
    )
    wait = AnalyzeJobSensor(
        task_id="wait",
        doc_md="Waits for both jobs in the triggerer.",
        operation_location=[texts.output, health.output],
        deferrable=True,
        retries=2,
        timeout=60 * 60,
    )
    fetch = FetchAnalyzeResultsOperator(
        task_id="fetch",
        doc_md="Writes the rows of both jobs into one file.",
        operation_location=[texts.output, health.output],
        submitted=[XComArg(texts, key="submitted"), XComArg(health, key="submitted")],
        output_path="{{ params.output }}/{{ run_id }}/results.jsonl",
    )

    wait >> fetch


legacy_v3_1()
