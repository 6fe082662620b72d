"""Customer reviews once a day: sentiment, key phrases, entities and personal data, from a file into a table.

The reviews are packed into as many jobs as the service needs, the jobs run at the same time, one deferred
sensor waits for all of them (and holds no worker), and one file of rows comes out. Start it from the
Airflow UI with a file or folder of your own.
"""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

try:
    from airflow.sdk import Param, XComArg, dag, task
except ImportError:  # Airflow 2.11
    from airflow.decorators import dag, task  # type: ignore[no-redef,attr-defined]
    from airflow.models.param import Param  # type: ignore[import-not-found,no-redef]
    from airflow.models.xcom_arg import XComArg

from airflow_provider_language.operators.analyze import (
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from airflow_provider_language.tasks import (
    EntityRecognition,
    KeyPhraseExtraction,
    PiiEntityRecognition,
    SentimentAnalysis,
)

LAYOUT = {
    "text_column": "The column of the texts, if it is not `text`.",
    "id_column": "The column of the ids, if it is not `id`.",
    "language_column": "The column of the languages, if it is not `language`.",
    "delimiter": "What parts the cells of CSV, if it is no comma.",
    "encoding": "Of the file, if it is not UTF-8, such as `cp1252`.",
}
REVIEWS = Path(__file__).parent / "data" / "reviews.jsonl"


@dag(
    schedule="@daily",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["azure-ai-language", "example"],
    doc_md=__doc__,
    params={
        "documents": Param(
            str(REVIEWS),
            type="string",
            description="A JSON lines or CSV file with a column `text`, or a folder of .txt files.",
        ),
        **{
            name: Param(None, type=["null", "string"], section="How the file is written", description=told)
            for name, told in LAYOUT.items()
        },
        "output": Param(
            "file:///tmp/analyze_reviews",
            type="string",
            description="The folder to write `results.jsonl` into, on any object storage.",
        ),
    },
)
def analyze_reviews() -> None:
    @task
    def find_batches(params: Any = None) -> list[dict[str, Any]]:
        """Tell which documents go into which job; the texts themselves stay where they are."""
        from airflow_provider_language.hooks.language import LanguageHook

        return LanguageHook().batches(params["documents"], **{name: params[name] for name in LAYOUT})

    submit = SubmitAnalyzeJobOperator.partial(
        task_id="submit",
        doc_md="Submits one job for each batch of reviews, once over all retries.",
        documents="{{ params.documents }}",
        tasks=[
            SentimentAnalysis(opinion_mining=True),
            KeyPhraseExtraction(),
            EntityRecognition(),
            PiiEntityRecognition(),
        ],
        # The first version whose results name the language that was detected.
        api_version="2026-05-15-preview",
        language="auto",
    ).expand(batch=find_batches())

    wait = AnalyzeJobSensor(
        task_id="wait",
        doc_md="Waits for all jobs in the triggerer, and holds no worker.",
        operation_location=submit.output,
        deferrable=True,
        retries=2,
        timeout=60 * 60,
    )

    fetch = FetchAnalyzeResultsOperator(
        task_id="fetch",
        doc_md="Writes a row for each review and task, and returns a manifest with what went wrong.",
        operation_location=submit.output,
        submitted=XComArg(submit, key="submitted"),
        output_path="{{ params.output }}/{{ run_id }}/results.jsonl",
        # An empty text or a language that a task does not know is a row with an error, not a failed run.
        fail_on_document_errors=0.5,
    )

    wait >> fetch


analyze_reviews()
