"""Fetching too late: what is gone is told as that, and costs no rows of other jobs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import FetchAnalyzeResultsOperator
from airflow_provider_language.protocol.defaults import KEPT
from tests.airflow_stands import TaskInstance, context_of
from tests.scripted_service import (
    ScriptedJobs,
    ScriptedService,
    job_body,
    job_location,
    refusal,
    task_item,
)

Serve = Callable[..., ScriptedService]
FOUND = {"id": "a", "keyPhrases": ["room"], "warnings": []}


def submitted(seconds_ago: float, **more: Any) -> dict[str, Any]:
    """What a submitter tells of a job with one document and one task."""
    return {
        "documents": [{"id": "a", "language": "en"}],
        "tasks": [{"kind": "KeyPhraseExtraction", "name": "phrases"}],
        "at": time.time() - seconds_ago,
        **more,
    }


def fetch(serve: Serve, output: Path, ages: list[float], **options: Any) -> TaskInstance:
    """Fetch as many jobs, of which the service still knows the first."""
    known = job_body("succeeded", items=[task_item([FOUND])])
    gone = refusal(404, "NotFound", "Job Not Found.")
    service = serve(ScriptedJobs({"job-0": [known], **{f"job-{n}": [gone] for n in range(1, len(ages))}}))
    ti = TaskInstance()
    FetchAnalyzeResultsOperator(
        task_id="task",
        operation_location=[job_location(service.endpoint, f"job-{n}") for n in range(len(ages))],
        submitted=[submitted(age, lost_submissions=number) for number, age in enumerate(ages)],
        output_path=str(output),
        **options,
    ).execute(context_of(ti))
    return ti


def test_an_expired_job_fails_the_fetch_for_good_before_anything_is_written(
    serve: Serve, tmp_path: Path
) -> None:
    with pytest.raises(AirflowFailException, match="not fetched in time"):
        fetch(serve, tmp_path / "rows.jsonl", [60, KEPT + 60])

    assert list(tmp_path.iterdir()) == []


def test_a_job_that_vanished_before_its_time_is_not_told_as_expired(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(AirflowFailException, match="Job Not Found") as failed:
        fetch(serve, tmp_path / "rows.jsonl", [60, 60], on_expired="missing")

    assert "not fetched in time" not in str(failed.value)


def test_the_rows_of_other_jobs_are_written_where_the_expired_ones_are_to_be_missing(
    serve: Serve, tmp_path: Path
) -> None:
    output = tmp_path / "rows.jsonl"

    with pytest.raises(AirflowFailException, match="1 of 2 rows"):
        fetch(serve, output, [60, KEPT + 60], on_expired="missing")

    found, missing = (json.loads(line) for line in output.read_text(encoding="utf-8").splitlines())
    assert (found["status"], found["result"]["keyPhrases"]) == ("ok", ["room"])
    assert (missing["status"], missing["error_code"], missing["job_id"]) == ("missing", "JobExpired", "job-1")
    assert (missing["document_id"], missing["task"], missing["kind"]) == (
        "a",
        "phrases",
        "KeyPhraseExtraction",
    )


def test_a_policy_that_there_is_not_is_refused_with_the_dag() -> None:
    with pytest.raises(InvalidInputError, match="fail or missing"):
        FetchAnalyzeResultsOperator(
            task_id="task",
            operation_location="x",
            output_path="/y.jsonl",
            on_expired="ignore",  # type: ignore[arg-type]
        )
