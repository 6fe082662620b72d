"""Calls of a service centre: what each customer wanted, and how it was settled.

A CSV file has one row for each turn: which call, when, who speaks, in which role, and what was said. The
rows become conversations, and the results have one row for each call.
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
from airflow_provider_language.tasks import ConversationalSummarization


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["azure-ai-language", "example"],
    doc_md=__doc__,
    params={
        "calls": Param(
            str(Path(__file__).parent / "data" / "calls.csv"),
            type="string",
            description="A CSV or JSON lines file with a row for each turn: conversation_id, speaker, text.",
        ),
        "output": Param(
            "file:///tmp/summarize_calls",
            type="string",
            description="The folder to write `summaries.jsonl` into.",
        ),
    },
)
def summarize_calls() -> None:
    submit = SubmitAnalyzeJobOperator(
        task_id="submit",
        doc_md="Makes conversations of the rows, submits them as one job, and waits in the triggerer.",
        conversations="{{ params.calls }}",
        tasks=[
            ConversationalSummarization(task_name="call", summary_aspects=["issue", "resolution"]),
            ConversationalSummarization(task_name="recap", summary_aspects=["recap"]),
        ],
        language="en",
        wait_for_completion=True,
        deferrable=True,
        retries=2,
    )
    FetchAnalyzeResultsOperator(
        task_id="fetch",
        doc_md="Writes a row for each call and task.",
        operation_location=submit.output,
        submitted=XComArg(submit, key="submitted"),
        output_path="{{ params.output }}/{{ run_id }}/summaries.jsonl",
    )


summarize_calls()
