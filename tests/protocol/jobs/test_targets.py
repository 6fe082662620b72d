"""An error of a job reaches the task that it is about, in whatever way it points at it."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.results import rows_from
from airflow_provider_language.protocol.jobs.status import Job
from airflow_provider_language.protocol.jobs.targets import Aims, task_aimed_at
from airflow_provider_language.protocol.surfaces import LEGACY_ANALYZE
from tests.protocol.answers import JOB_ID, item, job_body, read


def legacy(*errors: dict[str, Any]) -> Job:
    failed = {"state": "failed"}
    tasks = {
        "entityRecognitionPiiTasks": [{"taskName": "private", **failed}],
        "sentimentAnalysisTasks": [{"taskName": "mood", **failed}, {"taskName": "Mood 2", **failed}],
    }
    body = {"jobId": JOB_ID, "status": "partiallyCompleted", "errors": list(errors)}
    return read({**body, "tasks": {"total": 3, "completed": 0, "failed": 3, **tasks}}, LEGACY_ANALYZE)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("#/tasks/entityRecognitionPiiTasks/0", "private"),
        ("#/tasks/piiEntityRecognitionTasks/0", "private"),
        ("#/Tasks/EntityRecognitionPiiTasks/0", "private"),
        ("#/tasks/PIIENTITYRECOGNITIONTASKS/0", "private"),
        ("/tasks/sentimentAnalysisTasks/1", "Mood 2"),
        ("#/tasks/0", "private"),
        ("#/tasks/2", "Mood 2"),
        ("private", "private"),
        (" mood 2 ", "Mood 2"),
        ("#/tasks/items/mood", "mood"),
        ("#/tasks/PiiEntityRecognition", "private"),
    ],
)
def test_a_failed_task_is_found_however_an_error_points_at_it(target: str, name: str) -> None:
    job = legacy({"code": "Odd", "message": "Because.", "target": target})
    aimed = task_aimed_at(target, job.items)
    assert aimed is not None
    assert aimed.name == name
    reasons = {row.task: row.error_message for row in rows_from([job])}
    assert reasons == {}  # no document is known here
    assert Aims(job).reason(aimed) == ServiceFault("Odd", "Because.", target.strip())


@pytest.mark.parametrize(
    "target",
    ["", "#", "#/tasks", "#/tasks/3", "#/tasks/sentimentAnalysisTasks/2", "SentimentAnalysis", "x" * 9000],
)
def test_an_error_that_points_at_nothing_is_told_for_the_job(target: str) -> None:
    job = legacy({"code": "Odd", "message": "Because.", "target": target})
    assert all(Aims(job).reason(one).message == "Because." for one in job.items)


def test_of_several_errors_each_is_told_with_its_tasks() -> None:
    errors = (
        {"code": "A", "message": "First.", "target": "mood"},
        {"code": "B", "message": "Second.", "target": "#/tasks/0"},
        {"code": "C", "message": "Of all."},
    )
    told = {fault.message: tasks for fault, tasks in Aims(legacy(*errors)).told().items()}
    assert told == {"First.": ["mood"], "Second.": ["private"], "Of all.": ["Mood 2"]}


def test_an_error_about_a_task_that_succeeded_is_told_with_it() -> None:
    errors = [{"code": "A", "message": "Odd.", "target": "a"}]
    job = read(job_body("partiallyCompleted", [item("a"), item("", status="failed")], errors=errors))
    assert list(Aims(job).told().values()) == [["a"]]
    assert Aims(job).reason(job.items[1]).message == "The service gave no reason."
