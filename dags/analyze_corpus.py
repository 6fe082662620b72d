"""A corpus of any size in one task: sentiment, key phrases, entities and personal data of all its files.

One task reads the files, submits as many jobs as their limits need, at the rate that the service allows, and
lands rows in parts of 10,000 documents, tables of what was found, and a copy of the files without personal
data. A retry goes on where the last try was ended. Start it from the Airflow UI with files of your own;
`limit` tries it on the first documents, and `max_text_records` refuses a corpus that would cost more, before
anything is sent. What it has found is given out as an asset, which starts `load_tables`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

try:
    from airflow.sdk import Asset, Param, dag
except ImportError:  # Airflow 2.11
    from airflow.datasets import Dataset as Asset  # type: ignore[import-not-found,no-redef]
    from airflow.decorators import dag  # type: ignore[no-redef,attr-defined]
    from airflow.models.param import Param  # type: ignore[import-not-found,no-redef]

from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
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
    "encoding": "Of the files, if it is not UTF-8, such as `cp1252`.",
}
REVIEWS = Path(__file__).parent / "data" / "reviews.jsonl"


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    tags=["azure-ai-language", "example"],
    doc_md=__doc__,
    params={
        "source": Param(
            str(REVIEWS),
            type="string",
            description="A file of JSON lines or CSV, a folder of them or of .txt files, or a glob.",
        ),
        **{
            name: Param(None, type=["null", "string"], section="How the files are written", description=told)
            for name, told in LAYOUT.items()
        },
        "output": Param(
            "file:///tmp/analyze_corpus",
            type="string",
            description="The folder below which the results are written, on any object storage.",
        ),
        "limit": Param(
            None,
            type=["null", "integer"],
            exclusiveMinimum=0,  # Airflow 3.1 marks an empty field as wrong, if it has a minimum
            section="Bounds",
            description="Documents after which it ends, for a trial.",
        ),
        "max_text_records": Param(
            None,
            type=["null", "integer"],
            exclusiveMinimum=0,
            section="Bounds",
            description="Text records that the run may be charged at most.",
        ),
    },
)
def analyze_corpus() -> None:
    layout: Any = {name: f"{{{{ params.{name} }}}}" for name in LAYOUT}
    AnalyzeCorpusOperator(
        task_id="analyze",
        doc_md="Rows, tables, a redacted copy and a report of the whole corpus; a retry goes on.",
        source="{{ params.source }}",
        tasks=[SentimentAnalysis(), KeyPhraseExtraction(), EntityRecognition(), PiiEntityRecognition()],
        redacted_copy=True,
        destination="{{ params.output }}",
        # The first version whose results name the language that was detected.
        api_version="2026-05-15-preview",
        limit="{{ params.limit }}",
        max_text_records="{{ params.max_text_records }}",
        # An empty text or a language that a task does not know is a row with an error, not a failed run.
        max_failed_documents=0.5,
        outlets=[Asset("analyzed_corpus")],  # whose event tells what came of the run
        deferrable=True,
        retries=2,
        retry_delay=timedelta(seconds=30),
        **layout,
    )


analyze_corpus()
