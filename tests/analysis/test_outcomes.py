"""How a wait for many jobs ended, told in an event that is small and has no text in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_language import exceptions
from airflow_provider_language.analysis.jobs import Job
from airflow_provider_language.analysis.outcomes import (
    Outcome,
    Trouble,
    ended_event,
    error_event,
    event_error,
)
from airflow_provider_language.exceptions import (
    JobCancelledError,
    JobError,
    JobFailedError,
    JobPartiallyCompletedError,
    JobTimeoutError,
    LanguageError,
    QuotaExceededError,
)
from tests.analysis.answers import item, job_body, read

STATUSES = {
    "succeeded": None,
    "partiallyCompleted": JobPartiallyCompletedError,
    "running": JobTimeoutError,
    "cancelled": JobCancelledError,
    "failed": JobFailedError,
}


def job(status: str, job_id: str = "j", **more: Any) -> Job:
    return read({**job_body(status, [item("a", ["1"])], **more), "jobId": job_id})


def through_json(event: dict[str, Any]) -> dict[str, Any]:
    """As Airflow stores an event between triggerer and worker."""
    stored: dict[str, Any] = json.loads(json.dumps(event))
    return stored


@pytest.mark.parametrize(("status", "error"), STATUSES.items())
def test_a_job_s_end_is_success_or_an_error_of_its_kind(status: str, error: type[JobError] | None) -> None:
    raised = event_error(through_json(ended_event([job(status)])), allow_partial=False)
    assert type(raised) is (type(None) if error is None else error)
    if raised is not None:
        assert raised.job_id == "j"


def test_the_gravest_end_is_the_one_that_is_raised() -> None:
    left = list(STATUSES)
    while len(left) > 1:
        raised = event_error(ended_event([job(status) for status in left]), allow_partial=False)
        assert type(raised) is STATUSES[left.pop()]


def test_what_is_allowed_is_no_error_and_hides_none() -> None:
    partials = [job("partiallyCompleted", str(number)) for number in range(10)]
    assert event_error(ended_event(partials), allow_partial=True) is None
    raised = event_error(ended_event([*partials, job("running", "late")]), allow_partial=True)
    assert isinstance(raised, JobTimeoutError)
    assert raised.job_id == "late"


def test_no_jobs_are_no_trouble() -> None:
    assert event_error(ended_event([]), allow_partial=False) is None


def test_an_error_says_how_many_jobs_ended_so_and_why_the_first_did() -> None:
    errors = [{"code": "InternalServerError", "message": "1 of 1 tasks failed"}]
    jobs = [job("failed", "f", errors=errors), job("succeeded"), job("failed", "g")]
    raised = event_error(through_json(ended_event(jobs)), allow_partial=False)
    assert raised is not None
    assert raised.message == "2 of 3 jobs failed: 1 of 1 tasks failed."
    assert (raised.code, raised.job_id) == ("InternalServerError", "f")


def test_a_job_out_of_time_is_told_as_that() -> None:
    raised = event_error(ended_event([job("running")]), allow_partial=False)
    assert raised is not None
    assert raised.message == "1 of 1 jobs did not end in time."


def test_an_outcome_survives_as_json() -> None:
    outcome = Outcome.of([job("succeeded"), job("failed", "f"), job("cancelled", "c")])
    assert outcome.troubles == (Trouble("f", "FAILED", None, None), Trouble("c", "CANCELLED", None, None))
    assert Outcome.from_dict(through_json(outcome.to_dict())) == outcome


@pytest.mark.parametrize("character", ["x", "é", "資", "😀", '"', "\x00"])
def test_an_event_of_many_jobs_stays_under_two_kilobytes(character: str) -> None:
    errors = [{"code": character * 1000, "message": character * 10_000}]
    jobs = [job("failed", "b89699e5-70da-4fc8-86ec-44aeb7d37ee7", errors=errors) for _ in range(10_000)]
    event = ended_event(jobs)
    assert event["outcome"]["counts"] == {"FAILED": 10_000}
    assert len(json.dumps(event)) < 2048


def test_an_error_met_in_the_triggerer_is_raised_as_what_it_was() -> None:
    met = QuotaExceededError("Out of quota.", status=403, code="403", request_id="r", job_id="j")
    raised = event_error(through_json(error_event(met)), allow_partial=False)
    assert type(raised) is QuotaExceededError
    assert str(raised) == str(met)


@pytest.mark.parametrize(
    "class_",
    [
        value
        for value in vars(exceptions).values()
        if isinstance(value, type) and issubclass(value, LanguageError)
    ],
)
def test_every_error_survives_an_event(class_: type[LanguageError]) -> None:
    raised = event_error(through_json(error_event(class_("Why."))), allow_partial=False)
    assert type(raised) is class_


def test_an_error_of_another_version_of_the_provider_is_a_plain_one() -> None:
    event = {**error_event(LanguageError("Why.")), "error": "ErrorOfTheFuture"}
    raised = event_error(event, allow_partial=True)
    assert type(raised) is LanguageError


def test_a_long_message_is_cut() -> None:
    assert len(json.dumps(error_event(LanguageError("x" * 10_000)))) < 1000
