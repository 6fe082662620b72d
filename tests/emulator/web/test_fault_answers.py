"""What a client meets when a fault is ordered, over real connections."""

from __future__ import annotations

import json
import socket
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

from airflow_provider_language.emulator import Emulator, Fault
from tests.emulator.fakes import Client, documents, fake_engines, task

if TYPE_CHECKING:
    from airflow_provider_language.emulator.instruments.journal import Entry
    from tests.emulator.fakes import ManualClock

TWO_TASKS = [task("KeyPhraseExtraction", "first"), task("EntityRecognition", "second")]
RATE_EXCEEDED = (
    "Requests to the {} Operation under Language API (2023-04-01) have exceeded rate limit of your current "
    "TextAnalytics S pricing tier. Please retry after {}. Please contact Azure support service if you would "
    "like to further increase the default rate limit."
)


def last(emulator: Emulator) -> Entry:
    return list(emulator.journal)[-1]


def kept_jobs(emulator: Emulator) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = requests.get(f"{emulator.endpoint}/_emulator/jobs", timeout=30).json()[
        "jobs"
    ]
    return jobs


def test_a_throttled_request_gets_the_recorded_answer_and_begins_no_job(
    emulator: Emulator, client: Client
) -> None:
    emulator.faults.add(Fault("throttled", operation="submit", retry_after=2))
    response = client.submit(documents(1), TWO_TASKS)
    message = RATE_EXCEEDED.format("Submit analysis job", "2 seconds")
    assert client.refusal(response) == (429, "429", None, message)
    assert response.headers["Retry-After"] == "2"
    assert "policy-id" in response.headers
    assert (last(emulator).status, last(emulator).fault, last(emulator).accepted) == (429, "throttled", None)
    assert kept_jobs(emulator) == []
    assert client.submit(documents(1), TWO_TASKS).status_code == 202


def test_a_throttled_look_names_its_operation_and_waits_a_second(emulator: Emulator, client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    emulator.faults.add(Fault("throttled", operation="status"))
    response = client.send("GET", url)
    assert client.refusal(response)[3] == RATE_EXCEEDED.format("Get analysis status and results", "1 second")
    assert response.headers["Retry-After"] == "1"
    assert client.state(url)["status"] == "notStarted"


def test_a_used_up_quota_is_told_as_recorded(emulator: Emulator, client: Client) -> None:
    emulator.faults.add(Fault("quota"))
    response = client.submit(documents(1), TWO_TASKS)
    assert client.refusal(response)[:2] == (403, "403")
    assert response.json()["error"]["message"].startswith("Out of call volume quota for TextAnalytics F0")
    assert response.headers["Retry-After"] == "186688"


@pytest.mark.parametrize("refusal", [(500, "InternalServerError"), (503, "ServiceUnavailable")])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("retry_after", [None, 3])
def test_an_error_comes_before_or_after_the_job_was_accepted(
    emulator: Emulator, client: Client, refusal: tuple[int, str], after: bool, retry_after: int | None
) -> None:
    emulator.faults.add(Fault("error", status=refusal[0], after=after, retry_after=retry_after))
    response = client.submit(documents(1), TWO_TASKS)
    assert client.refusal(response)[:2] == refusal
    assert response.headers.get("Retry-After") == (None if retry_after is None else "3")
    assert [job["id"] for job in kept_jobs(emulator)] == ([last(emulator).accepted] if after else [])
    assert (last(emulator).accepted is not None) is after


@pytest.mark.parametrize(("status", "title"), [(502, "502 Bad Gateway"), (504, "504 Gateway Timeout")])
def test_a_proxys_error_is_a_page(emulator: Emulator, client: Client, status: int, title: str) -> None:
    emulator.faults.add(Fault("error", status=status))
    response = client.submit(documents(1), TWO_TASKS)
    assert (response.status_code, response.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert title in response.text


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("effect", ["lost", "hang"])
def test_a_lost_answer_is_a_closed_connection_with_or_without_a_job(
    emulator: Emulator, client: Client, effect: Any, after: bool
) -> None:
    emulator.faults.add(Fault(effect, after=after, seconds=0.01))
    with pytest.raises(requests.ConnectionError, match="Remote end closed connection without response"):
        client.submit(documents(1), TWO_TASKS)
    emulator.faults.clear()
    assert len(kept_jobs(emulator)) == after
    assert (last(emulator).status, last(emulator).fault) == (0, effect)
    assert (last(emulator).accepted is not None) is after


def test_a_lost_answer_to_a_large_request_is_closed_likewise(emulator: Emulator, client: Client) -> None:
    emulator.faults.add(Fault("lost"))
    with pytest.raises(requests.ConnectionError, match="Remote end closed connection without response"):
        client.submit(documents(25, "x" * 4000), TWO_TASKS)


@pytest.mark.parametrize("after", [False, True])
def test_a_reset_connection_is_one_with_or_without_a_job(
    emulator: Emulator, client: Client, after: bool
) -> None:
    emulator.faults.add(Fault("reset", after=after))
    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        client.submit(documents(1), TWO_TASKS)
    assert len(kept_jobs(emulator)) == after
    assert (last(emulator).status, last(emulator).fault) == (0, "reset")


def test_an_outage_ends_by_the_clock(emulator: Emulator, client: Client) -> None:
    emulator.faults.add(Fault("error", status=503, times=None, lasts=60))
    assert [client.submit(documents(1), TWO_TASKS).status_code for _ in range(3)] == [503] * 3
    emulator.clock.advance(60)
    assert client.submit(documents(1), TWO_TASKS).status_code == 202


def test_a_lost_look_changes_nothing(emulator: Emulator, client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    emulator.faults.add(Fault("lost", operation="status"))
    with pytest.raises(requests.ConnectionError):
        client.state(url)
    assert client.state(url)["status"] == "notStarted"


def test_a_truncated_body_ends_before_its_length(emulator: Emulator, client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    emulator.faults.add(Fault("truncated", operation="status"))
    response = requests.get(url, headers=client.headers, stream=True, timeout=30)
    assert response.status_code == 200
    length = int(response.headers["Content-Length"])
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        response.content  # noqa: B018 - reading is what fails
    assert length == len(client.send("GET", url).content)


def test_a_truncated_chunked_body_has_no_last_chunk(emulator: Emulator, client: Client) -> None:
    emulator.faults.add(Fault("truncated"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.submit(documents(26), TWO_TASKS)


def test_a_truncated_acceptance_breaks_off_in_its_head_and_leaves_a_job(emulator: Emulator) -> None:
    emulator.faults.add(Fault("truncated"))
    request = "POST /language/analyze-text/jobs?api-version=2023-04-01 HTTP/1.1\r\nHost: localhost\r\n"
    body = json.dumps({"analysisInput": {"documents": documents(1)}, "tasks": TWO_TASKS})
    head = f"{request}Ocp-Apim-Subscription-Key: any\r\nContent-Length: {len(body)}\r\n\r\n"
    port = int(emulator.endpoint.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall((head + body).encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received == b"HTTP/1.1 202 Acc"
    assert [job["id"] for job in kept_jobs(emulator)] == [last(emulator).accepted]


@pytest.mark.parametrize("after", [False, True])
def test_a_page_in_between_is_a_200_that_is_no_json(emulator: Emulator, client: Client, after: bool) -> None:
    emulator.faults.add(Fault("page", after=after))
    response = client.submit(documents(1), TWO_TASKS)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    with pytest.raises(requests.JSONDecodeError):
        response.json()
    assert len(kept_jobs(emulator)) == after


def late_answer(url: str, client: Client) -> requests.Response:
    """Return the answer to a request whose like had none yet when its client gave up."""
    with pytest.raises(requests.ReadTimeout):
        requests.get(url, headers=client.headers, timeout=0.1)
    return requests.get(url, headers=client.headers, timeout=30)


def test_a_slow_answer_is_late_and_whole(emulator: Emulator, client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    emulator.faults.add(Fault("slow", seconds=0.3, times=2))
    assert late_answer(url, client).json() == client.state(url)


def test_any_answer_can_be_late(emulator: Emulator, client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    emulator.faults.add(Fault("throttled", seconds=0.3, times=2))
    assert late_answer(url, client).status_code == 429


def test_a_hanging_socket_gives_the_client_its_own_timeout(emulator: Emulator, client: Client) -> None:
    emulator.faults.add(Fault("hang"))
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{emulator.endpoint}/language/:analyze-text", json={}, timeout=0.2)
    assert client.submit(documents(1), TWO_TASKS).status_code == 202


def test_hanging_sockets_end_with_the_emulator() -> None:
    emulator = Emulator(duration=0, engines=fake_engines())
    emulator.faults.add(Fault("hang", seconds=3600))
    port = int(emulator.endpoint.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=0.2) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(30)
        closing = Thread(target=emulator.close)
        closing.start()
        assert connection.recv(1) == b""
        closing.join()


def test_a_task_that_fails_leaves_the_job_partially_completed(
    emulator: Emulator, client: Client, clock: ManualClock
) -> None:
    emulator.faults.add(Fault("fail-tasks", tasks=(1,)))
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(seconds=12)
    body = client.state(url)
    assert body["status"] == "partiallyCompleted"
    assert (body["tasks"]["completed"], body["tasks"]["failed"]) == (1, 1)
    [error] = body["errors"]
    assert error["code"] == "InternalServerError"
    assert error["message"].startswith("1 out of 2 job tasks failed. Failed job tasks : entityrecognition.")
    assert error["target"] == "#/tasks/items/1"
    failed = body["tasks"]["items"][1]
    assert (failed["status"], "results" in failed) == ("failed", False)
    assert "results" in body["tasks"]["items"][0]
    assert [job["status"] for job in kept_jobs(emulator)] == ["partiallyCompleted"]


def test_errors_without_a_target_are_one_for_all_tasks(
    emulator: Emulator, client: Client, clock: ManualClock
) -> None:
    emulator.faults.add(Fault("fail-job", targets=False))
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(seconds=12)
    body = client.state(url)
    assert body["status"] == "failed"
    [error] = body["errors"]
    assert set(error) == {"code", "message"}
    assert error["message"].startswith(
        "2 out of 2 job tasks failed. Failed job tasks : keyphraseextraction, entityrecognition."
    )


def test_a_legacy_job_fails_with_the_legacy_targets(
    emulator: Emulator, client: Client, clock: ManualClock
) -> None:
    emulator.faults.add(Fault("fail-job"))
    body = {
        "analysisInput": {"documents": documents(1)},
        "tasks": {"entityRecognitionTasks": [{"parameters": {}}]},
    }
    accepted = client.send("POST", "/text/analytics/v3.1/analyze", body)
    clock.advance(seconds=12)
    state = client.state(accepted.headers["operation-location"])
    assert (state["status"], state["errors"][0]["target"]) == ("failed", "#/tasks/entityRecognitionTasks/0")


def test_an_endless_job_runs_until_it_expires(emulator: Emulator, client: Client, clock: ManualClock) -> None:
    emulator.faults.add(Fault("endless"))
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(hours=23)
    body = client.state(url)
    assert (body["status"], body["tasks"]["items"]) == ("running", [])
    assert [job["ends"] for job in kept_jobs(emulator)] == [None]
    clock.advance(hours=1)
    assert client.send("GET", url).status_code == 404


def test_an_endless_job_can_be_cancelled_and_ends_by_itself_where_it_was_told_to(
    emulator: Emulator, client: Client, clock: ManualClock
) -> None:
    client.api_version = "2026-05-01"
    emulator.faults.add(Fault("endless", times=2))
    first = client.submitted(documents(1), TWO_TASKS)
    second = client.submitted(documents(1), TWO_TASKS, cancelAfter=60)
    assert client.send("POST", first.replace("?", ":cancel?")).status_code == 202
    clock.advance(seconds=60)
    assert [client.state(url)["status"] for url in (first, second)] == ["cancelled", "cancelled"]


def test_a_job_expires_when_it_is_ordered_to(emulator: Emulator, client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    emulator.faults.add(Fault("expired", nth=2))
    assert client.state(url)["status"] == "notStarted"
    assert client.refusal(client.send("GET", url))[:2] == (404, "NotFound")
    assert client.send("GET", url).status_code == 404


def test_somebody_else_cancels_a_job(emulator: Emulator, client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    emulator.faults.add(Fault("cancelled"))
    assert client.state(url)["status"] == "cancelled"
    assert emulator.journal.count("POST", ":cancel") == 0


def test_nobody_cancels_a_job_that_has_ended(emulator: Emulator, client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    clock.advance(seconds=12)
    emulator.faults.add(Fault("cancelled"))
    assert client.state(url)["status"] == "succeeded"


def test_the_journal_tells_the_job_of_an_ordinary_submission(emulator: Emulator, client: Client) -> None:
    url = client.submitted(documents(1), TWO_TASKS)
    entry = last(emulator)
    assert (entry.operation, entry.fault) == ("submit", None)
    assert entry.accepted == urlsplit(url).path.rpartition("/")[2]


def test_no_fault_changes_the_control_path(emulator: Emulator) -> None:
    emulator.faults.add(Fault("lost", times=None))
    assert kept_jobs(emulator) == []
