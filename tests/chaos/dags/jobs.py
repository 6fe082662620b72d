"""DAGs whose tasks own a job, or wait for one, in the triggerer and in the worker."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

try:
    from airflow.sdk import DAG, XComArg
except ImportError:  # Airflow 2.11
    from airflow.models.dag import DAG  # type: ignore[no-redef]
    from airflow.models.xcom_arg import XComArg

from airflow_provider_language.operators.analyze import (
    AnalyzeCorpusOperator,
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor

BRIEF = 20
"""Seconds of an execution_timeout after which a corpus goes on in its next try."""
KNOWN = 1000
"""Documents that a ledger knows when a corpus is analyzed."""
SHORT = 40
"""Seconds of a time limit that a scene waits for."""
IMPATIENT: dict[str, Any] = {"tolerance": 4.0, "retries": 30}
"""Faults outlast the tolerance: the try fails, and Airflow starts another one."""


def stop_at_the_gate(context: Any) -> None:
    """Read the pipe of the run, which lasts until the scene lets go."""
    Path(context["params"]["gate"]).read_bytes()


def dag(dag_id: str, **more: Any) -> DAG:
    return DAG(
        dag_id,
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        max_active_runs=100,
        params={
            "connection": "azure_language_default",
            "documents": "",
            "output": "",
            "destination": "",
            "gate": "",
        },
        default_args={
            "azure_language_conn_id": "{{ params.connection }}",
            "retries": 3,
            "retry_delay": timedelta(seconds=1),
        },
        **more,
    )


def submit(**more: Any) -> SubmitAnalyzeJobOperator:
    return SubmitAnalyzeJobOperator(
        task_id="submit", documents="{{ params.documents }}", tasks=["KeyPhraseExtraction"], **more
    )


def fetch(submitted: SubmitAnalyzeJobOperator, **more: Any) -> FetchAnalyzeResultsOperator:
    return FetchAnalyzeResultsOperator(
        task_id="fetch",
        operation_location=submitted.output,
        submitted=XComArg(submitted, key="submitted"),
        output_path="{{ params.output }}",
        **more,
    )


def owner(dag_id: str, *, deferrable: bool, of_dag: dict[str, Any] | None = None, **more: Any) -> None:
    """A task that submits and waits, and one that fetches."""
    with dag(dag_id, **(of_dag or {})):
        submitted = submit(
            wait_for_completion=True, deferrable=deferrable, defer_after=0, poll_interval=1, **more
        )
        submitted >> fetch(submitted)


def sensor(dag_id: str, *, deferrable: bool, of_dag: dict[str, Any] | None = None, **more: Any) -> None:
    """A task that submits, one that waits, and one that fetches."""
    with dag(dag_id, **(of_dag or {})):
        submitted = submit()
        wait = AnalyzeJobSensor(
            task_id="wait",
            operation_location=submitted.output,
            deferrable=deferrable,
            defer_after=0,
            poll_interval=1,
            poke_interval=1,
            **more,
        )
        submitted >> wait >> fetch(submitted)


def corpus(dag_id: str, **more: Any) -> None:
    """A task that analyzes a corpus."""
    with dag(dag_id):
        analyze("analyze", **more)


def analyze(task_id: str, **more: Any) -> AnalyzeCorpusOperator:
    """It is tried often, and a few jobs are under way at a time."""
    return AnalyzeCorpusOperator(
        task_id=task_id,
        source="{{ params.documents }}",
        **{
            "destination": "{{ params.destination }}",
            "tasks": ["KeyPhraseExtraction", "SentimentAnalysis"],
            "retries": 30,
            "max_active_jobs": 60,
            "ledger": False,
            **more,
        },
    )


def corpora_with_a_ledger(dag_id: str) -> None:
    """A part of a corpus, and then twice the whole of it side by side; all three share a ledger."""
    with dag(dag_id):
        first, *both = (
            analyze(
                name,
                destination=f"{{{{ params.destination }}}}/{name}",
                ledger="{{ params.destination }}/ledger",
                rows="complete",
                **more,
            )
            for name, more in (("first", {"limit": KNOWN}), ("one", {}), ("other", {}))
        )
        first >> both


for place, deferrable in (("triggerer", True), ("worker", False)):
    owner(f"owner_in_{place}", deferrable=deferrable)
    owner(f"owner_with_a_timeout_in_{place}", deferrable=deferrable, timeout=SHORT)
    owner(
        f"owner_with_an_execution_timeout_in_{place}",
        deferrable=deferrable,
        execution_timeout=timedelta(seconds=SHORT),
        retries=0,
    )
    owner(
        f"owner_in_a_short_run_in_{place}",
        deferrable=deferrable,
        of_dag={"dagrun_timeout": timedelta(seconds=2 * SHORT)},
    )
    owner(f"impatient_owner_in_{place}", deferrable=deferrable, **IMPATIENT)
    sensor(f"sensor_in_{place}", deferrable=deferrable)
    sensor(f"sensor_with_a_timeout_in_{place}", deferrable=deferrable, timeout=SHORT)
    sensor(
        f"sensor_with_an_execution_timeout_in_{place}",
        deferrable=deferrable,
        execution_timeout=timedelta(seconds=SHORT),
        retries=0,
    )
    sensor(f"soft_sensor_with_a_timeout_in_{place}", deferrable=deferrable, timeout=SHORT, soft_fail=True)
    sensor(
        f"sensor_in_a_short_run_in_{place}",
        deferrable=deferrable,
        of_dag={"dagrun_timeout": timedelta(seconds=2 * SHORT)},
    )
    sensor(f"impatient_sensor_in_{place}", deferrable=deferrable, **IMPATIENT)

owner("gated_owner", deferrable=False, pre_execute=stop_at_the_gate)
owner("careful_owner", deferrable=False, on_lost_submission="fail")

with dag("impatient_fetch"):
    submitted = submit(wait_for_completion=True, deferrable=False, poll_interval=1)
    submitted >> fetch(submitted, **IMPATIENT)

corpus("corpus")
corpus("corpus_in_triggerer", deferrable=True, defer_after=0.5, max_active_jobs=1000)
corpus("corpus_of_calls", tasks=["ConversationalPIITask"])
corpus("corpus_that_cancels", cancel_on_kill=True)
corpora_with_a_ledger("corpora_with_a_ledger")
corpus("corpus_with_an_execution_timeout", execution_timeout=timedelta(seconds=BRIEF))
