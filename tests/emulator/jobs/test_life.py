from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator.jobs.life import Job, JobStore, Phase, Schedule
from tests.emulator.fakes import START, Client, documents, task

if TYPE_CHECKING:
    from tests.emulator.fakes import CountingEngine, ManualClock

TWO_TASKS = [task("KeyPhraseExtraction", "first"), task("EntityRecognition", "second")]
CANCEL_TOO_LATE = "Failed to cancel job with job id {} as its already completed."


def summary(body: dict[str, Any]) -> tuple[str, tuple[int, ...], list[str]]:
    tasks = body["tasks"]
    counts = tuple(tasks[name] for name in ("completed", "failed", "inProgress", "total"))
    return body["status"], counts, [item["taskName"] for item in tasks["items"]]


def cancel(client: Client, url: str) -> Any:
    return client.send("POST", url.replace("?", ":cancel?"))


def test_tasks_finish_one_after_the_other(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    seen = [summary(client.state(url))]
    for _ in range(3):
        clock.advance(seconds=4)
        seen.append(summary(client.state(url)))
    assert seen == [
        ("notStarted", (0, 0, 2, 2), []),
        ("running", (0, 0, 2, 2), []),
        ("running", (1, 0, 1, 2), ["first"]),
        ("succeeded", (2, 0, 0, 2), ["first", "second"]),
    ]


def test_a_job_that_is_not_looked_at_moves_on_all_the_same(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(hours=23)
    body = client.state(url)
    assert body["status"] == "succeeded"
    assert body["lastUpdatedDateTime"] == "2026-11-21T12:00:12Z"


def test_results_are_computed_once_however_often_they_are_looked_at(
    client: Client, clock: ManualClock, engines: dict[str, CountingEngine]
) -> None:
    url = client.submitted(documents(3), TWO_TASKS)
    clock.advance(seconds=12)
    assert client.state(url) == client.state(url)
    assert [len(engines[each["kind"]].calls) for each in TWO_TASKS] == [3, 3]


def test_times_are_written_as_recorded(client: Client, clock: ManualClock) -> None:
    clock.now = datetime(2026, 3, 1, 23, 59, 59, 250_000, tzinfo=timezone.utc)
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(seconds=12)
    body = client.state(url)
    assert body["createdDateTime"] == "2026-03-01T23:59:59Z"
    assert body["expirationDateTime"] == "2026-03-02T23:59:59Z"
    assert body["lastUpdatedDateTime"] == "2026-03-02T00:00:11Z"
    assert [item["lastUpdateDateTime"] for item in body["tasks"]["items"]] == [
        "2026-03-02T00:00:07.25Z",
        "2026-03-02T00:00:11.25Z",
    ]


def test_times_are_utc_whatever_the_zone_of_the_clock(client: Client, clock: ManualClock) -> None:
    clock.now = datetime(2026, 11, 21, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert (
        client.state(client.submitted(documents(1), TWO_TASKS))["createdDateTime"] == "2026-11-21T12:00:00Z"
    )


def test_a_task_that_ends_on_a_full_second_has_no_fraction(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(seconds=12)
    assert client.state(url)["tasks"]["items"][1]["lastUpdateDateTime"] == "2026-11-21T12:00:12Z"


def test_a_job_is_there_until_the_last_millisecond_of_its_day(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(hours=24, milliseconds=-1)
    assert client.state(url)["status"] == "succeeded"
    clock.advance(milliseconds=1)
    response = client.send("GET", url)
    job_id = url.split("/")[-1].split("?")[0]
    assert client.refusal(response) == (404, "NotFound", None, f"The job with id {job_id} was not found.")
    assert client.refusal(cancel(client, url))[0] == 404


def test_expired_jobs_are_dropped(client: Client, clock: ManualClock) -> None:
    old = client.submitted(documents(1), TWO_TASKS)
    clock.advance(hours=12)
    middle = client.submitted(documents(1), TWO_TASKS)
    clock.advance(hours=12)
    new = client.submitted(documents(1), TWO_TASKS)
    assert [client.send("GET", url).status_code for url in (old, middle, new)] == [404, 200, 200]


def test_cancelling_leaves_every_task_cancelled_and_empty(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), [*TWO_TASKS, task(name="third", modelVersion="2022-07-01")])
    clock.advance(seconds=6)
    assert client.state(url)["tasks"]["completed"] == 1
    response = cancel(client, url)
    assert (response.status_code, response.content) == (202, b"")
    assert response.headers["operation-location"] == url
    body = client.state(url)
    assert summary(body) == ("cancelled", (0, 0, 0, 3), ["first", "second", "third"])
    assert body["lastUpdatedDateTime"] == "2026-11-21T12:00:06Z"
    assert [(item["status"], item["results"]) for item in body["tasks"]["items"]] == [
        ("cancelled", {"documents": [], "errors": [], "modelVersion": "latest"}),
        ("cancelled", {"documents": [], "errors": [], "modelVersion": "latest"}),
        ("cancelled", {"documents": [], "errors": [], "modelVersion": "2022-07-01"}),
    ]


def test_a_cancelled_job_stays_cancelled_and_has_no_next_page(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(25), TWO_TASKS)
    cancel(client, url)
    clock.advance(hours=1)
    body = client.state(url, "&showStats=true")
    assert body["status"] == "cancelled"
    assert "nextLink" not in body
    assert "statistics" not in body["tasks"]["items"][0]["results"]


def test_a_finished_job_cannot_be_cancelled(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(seconds=12)
    job_id = client.state(url)["jobId"]
    assert client.refusal(cancel(client, url)) == (
        400,
        "InvalidRequest",
        None,
        CANCEL_TOO_LATE.format(job_id),
    )


def test_a_cancelled_job_cannot_be_cancelled_again(client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    assert cancel(client, url).status_code == 202
    assert client.refusal(cancel(client, url))[:2] == (400, "InvalidRequest")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_job_is_not_found(client: Client, method: str) -> None:
    suffix = ":cancel" if method == "POST" else ""
    path = f"/language/analyze-text/jobs/3e9e8518-492f-47f9-abd1-9a7468231086{suffix}?api-version=2023-04-01"
    assert client.refusal(client.send(method, path))[:2] == (404, "NotFound")


def test_a_job_of_one_api_is_unknown_to_the_other(client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    job_id = client.state(url)["jobId"]
    response = client.send("GET", f"/text/analytics/v3.1/analyze/jobs/{job_id}")
    assert client.refusal(response)[:2] == (404, "NotFound")


def test_a_job_is_cancelled_by_itself_after_the_time_it_was_given(client: Client, clock: ManualClock) -> None:
    client.api_version = "2026-05-01"
    url = client.submitted(documents(1), TWO_TASKS, cancelAfter=9.5)
    clock.advance(seconds=9)
    assert client.state(url)["status"] == "running"
    clock.advance(seconds=3)
    body = client.state(url)
    assert (body["status"], body["lastUpdatedDateTime"]) == ("cancelled", "2026-11-21T12:00:09Z")


@pytest.mark.parametrize(("version", "seconds"), [("2026-05-01", 12.0), ("2023-04-01", 1.0)])
def test_a_job_that_is_complete_in_time_or_of_an_older_version_is_not(
    client: Client, clock: ManualClock, version: str, seconds: float
) -> None:
    client.api_version = version
    url = client.submitted(documents(1), TWO_TASKS, cancelAfter=seconds)
    clock.advance(seconds=12)
    assert client.state(url)["status"] == "succeeded"


def test_a_job_without_duration_is_finished_when_it_is_submitted() -> None:
    progress = Schedule.plan(START, timedelta(0), tasks=3).progress(START)
    assert (progress.phase, progress.finished) == (Phase.FINISHED, (START,) * 3)


async def test_expired_jobs_take_no_room() -> None:
    def job(number: int) -> Job:
        schedule = Schedule.plan(START + timedelta(hours=number), timedelta(0), tasks=1)
        return Job(str(number), "family", None, (), 1, schedule, asyncio.Future())

    store = JobStore()
    for number in range(48):
        store.add(job(number), START + timedelta(hours=number))
    assert len(store) == 24


def test_the_first_of_two_cancellations_counts() -> None:
    schedule = Schedule.plan(START, timedelta(seconds=60), tasks=1, cancel_after=10)
    early, late = START + timedelta(seconds=5), START + timedelta(seconds=20)
    assert schedule.progress(late, cancelled=early).updated == early
    assert schedule.progress(late, cancelled=late).updated == START + timedelta(seconds=10)
