"""The hook runs jobs of the service from a worker: submit, look, wait, fetch, cancel, detect languages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from airflow_provider_language.documents import Document
from airflow_provider_language.exceptions import (
    InvalidInputError,
    JobCancelledError,
    JobNotFinishedError,
    JobTimeoutError,
    ResourceNotFoundError,
    SubmissionLostError,
)
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.resources import known
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.flows import Cancellation
from airflow_provider_language.protocol.jobs.results import RowStatus
from airflow_provider_language.protocol.jobs.status import State
from airflow_provider_language.protocol.pacing.durations import Group
from airflow_provider_language.protocol.retries import RetryPolicy
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from airflow_provider_language.tasks import KeyPhraseExtraction
from tests.airflow_stands import HURRIED
from tests.scripted_service import Answer, ScriptedJobs, ScriptedService, job_location

if TYPE_CHECKING:
    import requests_mock as requests_mocking

    from airflow_provider_language.emulator import Emulator
    from tests.conftest import Connect

Serve = Callable[..., ScriptedService]
TASKS = ["KeyPhraseExtraction"]
ROWS = [{"id": "a", "text": "hello", "language": "en"}, {"id": "b", "text": "good bye", "language": "en"}]


def hurried_hook(**options: Any) -> LanguageHook:
    return LanguageHook(settings=Settings(pace=HURRIED), **options)


def test_a_submitted_job_is_named_by_its_place_on_the_connections_endpoint(language: Emulator) -> None:
    location = LanguageHook().submit(ROWS, TASKS)

    assert location.startswith(f"{language.endpoint}/language/analyze-text/jobs/")
    assert location.endswith(f"?api-version={DEFAULT_VERSION}")
    assert [(entry.method, entry.status) for entry in language.journal] == [("POST", 202)]


def test_texts_rows_and_documents_are_all_documents(language: Emulator) -> None:
    for documents in (["hello"], [{"text": "hello"}], [Document("0", "hello")]):
        location = LanguageHook().submit(documents, [KeyPhraseExtraction()], language="en")

        (row,) = LanguageHook().results(location)
        assert (row.document_id, row.status, row.language) == ("0", RowStatus.OK, None)


def test_options_of_a_job_reach_the_service(language: Emulator) -> None:
    hook = LanguageHook()

    location = hook.submit(ROWS, TASKS, display_name="reviews of a day", cancel_after=60)

    assert hook.get(location).display_name == "reviews of a day"


def test_the_version_of_the_hook_comes_before_the_connections(language: Emulator, connect: Connect) -> None:
    connect(language.endpoint, extra={"api_version": "2023-04-01"})

    assert LanguageHook().submit(ROWS, TASKS).endswith("api-version=2023-04-01")
    assert LanguageHook(api_version="2024-11-01").submit(ROWS, TASKS).endswith("api-version=2024-11-01")


def test_documents_that_the_service_would_refuse_are_not_sent(language: Emulator) -> None:
    with pytest.raises(InvalidInputError):
        LanguageHook().submit([{"id": "a", "text": "one"}, {"id": "a", "text": "two"}], TASKS)

    assert len(language.journal) == 0


def test_a_look_tells_the_jobs_state(language: Emulator) -> None:
    hook = LanguageHook()

    job = hook.get(hook.submit(ROWS, TASKS))

    assert job.state is State.SUCCEEDED
    assert (job.finished, job.total) == (1, 1)


def test_waiting_ends_with_the_job(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["notStarted", "running", "running", "succeeded"]}))

    job = hurried_hook().wait(job_location(service.endpoint), poll_interval=0)

    assert job.state is State.SUCCEEDED
    assert len(service.seen) == 4


def test_waiting_ends_at_its_deadline(endless: Emulator) -> None:
    hook = hurried_hook()
    location = hook.submit(ROWS, TASKS)

    with pytest.raises(JobTimeoutError):
        hook.wait(location, timeout=0, poll_interval=0)


def test_watching_returns_a_job_that_is_still_running_at_the_deadline(endless: Emulator) -> None:
    hook = hurried_hook()

    job = hook.watch(hook.submit(ROWS, TASKS), deadline=0, poll_interval=0)

    assert job.state is State.ACTIVE


def test_results_come_once_per_document_and_task_in_the_order_of_submission(language: Emulator) -> None:
    hook = LanguageHook()
    location = hook.submit(ROWS, ["KeyPhraseExtraction", "SentimentAnalysis"])

    rows = hook.results(location, submitted=["b", "a"])

    assert [(row.kind, row.document_id) for row in rows] == [
        ("KeyPhraseExtraction", "b"),
        ("KeyPhraseExtraction", "a"),
        ("SentimentAnalysis", "b"),
        ("SentimentAnalysis", "a"),
    ]
    assert {row.status for row in rows} == {RowStatus.OK}


def test_a_document_without_a_result_comes_out_as_missing(language: Emulator) -> None:
    hook = LanguageHook()
    location = hook.submit(ROWS, TASKS)

    rows = hook.results(location, submitted=["a", "b", {"id": "c", "language": "de"}])

    assert [(row.document_id, row.status) for row in rows][2] == ("c", RowStatus.MISSING)
    assert rows[2].language == "de"


def test_collecting_a_job_that_has_ended_takes_one_request(language: Emulator) -> None:
    hook = hurried_hook()
    location = hook.submit(ROWS, TASKS)

    rows = hook.collect(location, ["b", "a"])

    assert [(row.document_id, row.status) for row in rows] == [("b", RowStatus.OK), ("a", RowStatus.OK)]
    assert language.journal.count("GET") == 1


def test_collecting_ends_at_its_deadline(endless: Emulator) -> None:
    hook = hurried_hook()
    location = hook.submit(ROWS, TASKS)

    with pytest.raises(JobTimeoutError):
        hook.collect(location, timeout=0, poll_interval=0)


def test_collecting_learns_how_long_jobs_take_from_when_this_one_was_submitted(language: Emulator) -> None:
    hook = hurried_hook()
    location = hook.submit(ROWS, TASKS)
    submitted = {"documents": [{"id": row["id"]} for row in ROWS], "at": time.time()}

    assert len(hook.collect(location, submitted)) == len(ROWS)
    assert known(hook.connection_settings).resource.durations.count(Group.of("analyze-text", None)) == 1


def test_results_that_are_not_there_yet_are_no_results(endless: Emulator) -> None:
    hook = LanguageHook()

    with pytest.raises(JobNotFinishedError):
        hook.results(hook.submit(ROWS, TASKS))


def test_a_cancelled_job_has_no_results(endless: Emulator) -> None:
    hook = LanguageHook()
    location = hook.submit(ROWS, TASKS)

    assert hook.cancel(location) is Cancellation.REQUESTED
    with pytest.raises(JobCancelledError):
        hook.results(location)


def test_cancelling_a_job_that_has_ended_is_no_error(language: Emulator) -> None:
    hook = LanguageHook()

    assert hook.cancel(hook.submit(ROWS, TASKS)) is Cancellation.ALREADY_ENDED


def test_an_unknown_job_is_not_found(language: Emulator) -> None:
    with pytest.raises(ResourceNotFoundError, match="24 hours"):
        LanguageHook().get(job_location(language.endpoint, "00000000-0000-0000-0000-000000000000"))


def test_languages_are_detected_without_a_job(language: Emulator) -> None:
    rows = LanguageHook().detect_language(["hello", "¿que?"])

    assert [(row.document_id, row.language) for row in rows] == [("0", "en"), ("1", "es")]
    assert language.journal.count("POST", "/jobs") == 0


def test_an_answer_that_is_lost_is_told_as_perhaps_billed(serve: Serve) -> None:
    service = serve(lambda _: Answer(500, "<html>"))

    with pytest.raises(SubmissionLostError, match="both are billed"):
        LanguageHook().submit(ROWS, TASKS)

    assert len(service.seen) == 1


def test_a_job_that_is_accepted_under_another_name_of_the_service_stays_at_the_own_endpoint(
    serve: Serve, stranger: ScriptedService
) -> None:
    location = job_location(stranger.endpoint, "job-7")
    service = serve(lambda _: Answer(202, "", {"operation-location": location}))

    submitted = LanguageHook().submit(ROWS, TASKS)

    assert submitted == job_location(service.endpoint, "job-7")
    assert stranger.seen == []


def test_the_next_pages_are_asked_for_at_the_own_endpoint(serve: Serve, stranger: ScriptedService) -> None:
    from tests.scripted_service import job_body, task_item

    def page(id_: str, **fields: Any) -> dict[str, Any]:
        document = {"id": id_, "keyPhrases": [], "warnings": []}
        return job_body("succeeded", items=[task_item([document])], **fields)

    first = page(
        "a", nextLink=f"{stranger.endpoint}/language/elsewhere?api-version=x&skip=1&top=1&key=please"
    )
    service = serve(ScriptedJobs({"job-1": [first, page("b")]}))

    rows = LanguageHook().results(job_location(service.endpoint))

    assert [row.document_id for row in rows] == ["a", "b"]
    second = urlsplit(service.seen[1].target)
    assert second.path == "/language/analyze-text/jobs/job-1"
    assert set(second.query.split("&")) == {"api-version=2026-05-01", "skip=1", "top=1", "showStats=true"}
    assert stranger.seen == []


def test_one_canned_answer_is_enough_for_a_test_of_somebody_elses_task(
    connect: Connect, requests_mock: requests_mocking.Mocker
) -> None:
    connect("https://name.cognitiveservices.azure.com")
    requests_mock.get(
        "https://name.cognitiveservices.azure.com/language/analyze-text/jobs/job-1",
        json={"jobId": "job-1", "status": "succeeded", "tasks": {"total": 1, "items": []}},
    )

    assert (
        LanguageHook().get(job_location("https://name.cognitiveservices.azure.com")).state is State.SUCCEEDED
    )


def test_faults_are_ridden_out_as_the_settings_say(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": [Answer(503, "", {"Retry-After": "0"}), "succeeded"]}))
    settings = Settings(retries=RetryPolicy(tolerance=60, base=0), pace=HURRIED, random=lambda: 0.0)

    hook = LanguageHook(settings=replace(settings))

    assert hook.get(job_location(service.endpoint)).state is State.SUCCEEDED
    assert len(service.seen) == 2
