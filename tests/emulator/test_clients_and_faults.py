"""Faults as clients that are not ours meet them: Microsoft's SDK, and the two HTTP libraries under it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import requests
from azure.ai.textanalytics import ExtractKeyPhrasesAction, RecognizeEntitiesAction, TextAnalyticsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError, IncompleteReadError, ServiceResponseError

from airflow_provider_language.emulator import Emulator, Fault
from tests.emulator.conversations import CHAT, NEWEST, pii
from tests.emulator.fakes import Client, documents, fake_detect, fake_engines, task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulator.fakes import ManualClock

ACTIONS: list[Any] = [ExtractKeyPhrasesAction(), RecognizeEntitiesAction()]
POLLING: dict[str, Any] = {"polling_interval": 0.01}
TEXT_JOB: dict[str, Any] = {"analysisInput": {"documents": documents(1)}, "tasks": [task()]}
LEGACY_JOB: dict[str, Any] = {
    "analysisInput": {"documents": documents(1)},
    "tasks": {"keyPhraseExtractionTasks": [{"parameters": {}}]},
}
FAMILIES = {
    "/language/analyze-text/jobs?api-version=2023-04-01": TEXT_JOB,
    f"/language/analyze-conversations/jobs?api-version={NEWEST}": {
        "analysisInput": {"conversations": [CHAT]},
        "tasks": [pii()],
    },
    "/language/analyze-documents/jobs?api-version=2026-05-01": {
        "analysisInput": {
            "documents": [
                {
                    "id": "1",
                    "language": "en",
                    "source": {"kind": "AzureBlob", "location": "https://a.blob.core.windows.net/in/1.txt"},
                    "target": {"kind": "AzureContainer", "location": "https://a.blob.core.windows.net/out"},
                }
            ]
        },
        "tasks": [{"kind": "PiiEntityRecognition", "taskName": "pii"}],
    },
    "/text/analytics/v3.1/analyze": LEGACY_JOB,
    "/text/analytics/v3.1/entities/health/jobs": {"documents": documents(1)},
}


@pytest.fixture
def instant() -> Iterator[Emulator]:
    with Emulator(duration=0, engines=fake_engines(), detect_language=fake_detect) as running:
        yield running


@pytest.fixture(params=["2022-05-01", "v3.1"])
def sdk(instant: Emulator, request: pytest.FixtureRequest) -> Iterator[TextAnalyticsClient]:
    # Without a pause between its retries, for as long as the service names none.
    options: dict[str, Any] = {"api_version": request.param, "retry_backoff_factor": 0}
    with TextAnalyticsClient(instant.endpoint, AzureKeyCredential("any"), **options) as client:
        yield client


def analyze(sdk: TextAnalyticsClient) -> list[list[Any]]:
    poller = sdk.begin_analyze_actions(["a"], ACTIONS, **POLLING)
    return [list(document) for document in poller.result(30)]


def test_the_sdk_waits_as_told_by_a_429_and_submits_once(instant: Emulator, sdk: TextAnalyticsClient) -> None:
    instant.faults.add(Fault("throttled", operation="submit", retry_after=0, times=2))
    assert [[result.is_error for result in results] for results in analyze(sdk)] == [[False, False]]
    summary = instant.journal.summary()
    assert (summary.accepted, summary.statuses[429]) == (1, 2)


@pytest.mark.parametrize(("status", "jobs"), [(503, 2), (500, 2)])
def test_the_sdk_repeats_a_submission_that_had_been_accepted_and_the_journal_tells(
    instant: Emulator, sdk: TextAnalyticsClient, status: int, jobs: int
) -> None:
    instant.faults.add(Fault("error", operation="submit", status=status, after=True))
    analyze(sdk)
    assert instant.journal.summary().accepted == len(instant.jobs()) == jobs


def test_the_sdk_rides_out_lost_looks(instant: Emulator, sdk: TextAnalyticsClient) -> None:
    instant.faults.add(Fault("lost", operation="status", times=2))
    assert len(analyze(sdk)) == 1
    assert instant.journal.summary().statuses[0] == 2


def test_the_sdk_gives_a_used_up_quota_up_at_once(instant: Emulator, sdk: TextAnalyticsClient) -> None:
    instant.faults.add(Fault("quota", operation="submit", times=None))
    with pytest.raises(HttpResponseError, match="Out of call volume quota") as refused:
        analyze(sdk)
    assert (refused.value.status_code, len(instant.journal)) == (403, 1)


def test_the_sdk_does_not_take_half_an_answer_for_a_whole_one(
    instant: Emulator, sdk: TextAnalyticsClient
) -> None:
    instant.faults.add(Fault("truncated", operation="status", times=None))
    with pytest.raises((IncompleteReadError, ServiceResponseError, HttpResponseError)):
        analyze(sdk)


def test_the_sdk_tells_failed_actions_by_their_targets(instant: Emulator, sdk: TextAnalyticsClient) -> None:
    instant.faults.add(Fault("fail-tasks", tasks=(1,)))
    [results] = analyze(sdk)
    [failed] = [result for result in results if result.is_error]
    assert failed.error.code == "InternalServerError"
    assert "1 out of 2 job tasks failed. Failed job tasks : " in failed.error.message


def test_the_sdk_raises_when_errors_have_no_target(instant: Emulator, sdk: TextAnalyticsClient) -> None:
    instant.faults.add(Fault("fail-job", targets=False))
    with pytest.raises(HttpResponseError, match="2 out of 2 job tasks failed"):
        analyze(sdk)


def test_the_sdk_sees_a_job_that_somebody_else_cancelled() -> None:
    with Emulator(duration=3600, engines=fake_engines()) as emulator:
        emulator.faults.add(Fault("cancelled"))
        with TextAnalyticsClient(emulator.endpoint, AzureKeyCredential("any")) as sdk:
            poller = sdk.begin_analyze_actions(["a"], ACTIONS, **POLLING)
            poller.wait(30)
            assert poller.status() == "cancelled"


@pytest.mark.parametrize("path", FAMILIES)
@pytest.mark.parametrize("effect", ["fail-job", "endless"])
def test_jobs_of_every_family_fail_or_never_end(
    client: Client, emulator: Emulator, clock: ManualClock, path: str, effect: Any
) -> None:
    emulator.faults.add(Fault(effect))
    status = "failed" if effect == "fail-job" else "running"
    accepted = client.send("POST", path, FAMILIES[path])
    assert accepted.status_code == 202, accepted.text
    clock.advance(hours=1)
    body = client.state(accepted.headers["operation-location"])
    assert body["status"] == status
    assert bool(body["errors"]) is (status == "failed")
    assert [job.status for job in emulator.jobs()] == [status]


@pytest.mark.parametrize("path", FAMILIES)
@pytest.mark.parametrize("effect", ["expired", "cancelled"])
def test_jobs_of_every_family_expire_or_are_cancelled_by_others(
    client: Client, emulator: Emulator, path: str, effect: Any
) -> None:
    url = client.send("POST", path, FAMILIES[path]).headers["operation-location"]
    emulator.faults.add(Fault(effect))
    response = client.send("GET", url)
    assert response.status_code == (404 if effect == "expired" else 200)
    assert response.json().get("status") == (None if effect == "expired" else "cancelled")


def ask_by_requests(url: str) -> None:
    requests.get(url, headers={"Ocp-Apim-Subscription-Key": "any"}, timeout=0.5).json()


def ask_by_aiohttp(url: str) -> None:
    async def ask() -> None:
        timeout = aiohttp.ClientTimeout(total=0.5)
        headers = {"Ocp-Apim-Subscription-Key": "any"}
        async with (
            aiohttp.ClientSession(headers=headers, timeout=timeout) as session,
            session.get(url) as answer,
        ):
            await answer.json()

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("ask", "effect", "error"),
    [
        (ask_by_requests, "lost", requests.ConnectionError),
        (ask_by_requests, "reset", requests.ConnectionError),
        (ask_by_requests, "truncated", requests.exceptions.ChunkedEncodingError),
        (ask_by_requests, "page", requests.JSONDecodeError),
        (ask_by_requests, "hang", requests.ReadTimeout),
        (ask_by_aiohttp, "lost", aiohttp.ServerDisconnectedError),
        (ask_by_aiohttp, "reset", aiohttp.ClientOSError),
        (ask_by_aiohttp, "truncated", aiohttp.ClientPayloadError),
        (ask_by_aiohttp, "page", aiohttp.ContentTypeError),
        (ask_by_aiohttp, "hang", asyncio.TimeoutError),
    ],
)
def test_each_library_has_an_error_for_it_and_the_next_request_is_whole(
    instant: Emulator, ask: Callable[[str], None], effect: Any, error: type[Exception]
) -> None:
    url = Client(instant.endpoint).submitted(documents(1), [task()])
    instant.faults.add(Fault(effect, times=None))  # aiohttp asks once more by itself after a lost answer.
    with pytest.raises(error):
        ask(url)
    instant.faults.clear()
    ask(url)
