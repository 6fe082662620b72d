"""A corpus in one task."""

from __future__ import annotations

from datetime import datetime, timezone

from airflow.sdk import dag

from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator


@dag(schedule=None, start_date=datetime(2026, 1, 1, tzinfo=timezone.utc))
def corpus_of_ours() -> None:
    AnalyzeCorpusOperator(
        task_id="analyze",
        source="{{ dag_run.conf['source'] }}",
        tasks=["KeyPhraseExtraction"],
        destination="{{ dag_run.conf['output'] }}",
        azure_language_conn_id="{{ dag_run.conf['connection'] }}",
        language="en",
        deferrable=False,
    )


corpus_of_ours()
