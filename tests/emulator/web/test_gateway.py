from __future__ import annotations

import socket
import threading
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import Client, documents, fake_detect, fake_engines, task

if TYPE_CHECKING:
    from tests.emulator.fakes import ManualClock

GATEWAY = {"apim-request-id", "Content-Length", "Content-Type", "Date", "x-emulator"}
SERVICE = {
    "apim-request-id",
    "Date",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "x-envoy-upstream-service-time",
    "x-ms-region",
    "x-emulator",
}
DENIED = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key "
    "for an active subscription and use a correct regional API endpoint for your resource."
)


def address(emulator: Emulator) -> tuple[str, int]:
    host, port = urlsplit(emulator.endpoint).netloc.split(":")
    return host, int(port)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Ocp-Apim-Subscription-Key": ""},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic abc"},
    ],
)
def test_a_request_without_a_key_is_turned_away(client: Client, headers: dict[str, str]) -> None:
    response = client.send("GET", "/language/analyze-text/jobs/x?api-version=2023-04-01", headers=headers)
    assert client.refusal(response) == (401, "401", None, DENIED)
    assert set(response.headers) == GATEWAY
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "headers",
    [{"Ocp-Apim-Subscription-Key": "x"}, {"Authorization": "Bearer x"}, {"authorization": "bearer x"}],
)
def test_any_key_and_any_token_are_let_in(client: Client, headers: dict[str, str]) -> None:
    client.headers = headers
    assert client.submit(documents(1), [task()]).status_code == 202


def test_only_the_named_key_is_let_in() -> None:
    with Emulator(key="right", engines=fake_engines(), detect_language=fake_detect) as emulator:
        statuses = [
            Client(emulator.endpoint, headers=headers).submit(documents(1), [task()]).status_code
            for headers in (
                {"Ocp-Apim-Subscription-Key": "right"},
                {"Authorization": "Bearer right"},
                {"Ocp-Apim-Subscription-Key": "wrong"},
                {"Ocp-Apim-Subscription-Key": "r\u00efght"},
                {},
            )
        ]
    assert statuses == [202, 202, 401, 401, 401]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/language/analyze-text/jobs?api-version=2023-04-01"),
        ("DELETE", "/language/analyze-text/jobs/x?api-version=2023-04-01"),
        ("POST", "/text/analytics/v3.1/analyze/jobs/x:cancel"),
        ("POST", "/text/analytics/v3.2-preview.1/analyze"),
    ],
)
def test_an_unknown_path_or_method_is_turned_away(client: Client, method: str, path: str) -> None:
    response = client.send(method, path)
    assert client.refusal(response) == (404, "404", None, "Resource not found")
    assert set(response.headers) == GATEWAY


def test_accepted_has_the_recorded_headers_and_no_body(client: Client) -> None:
    response = client.submit(documents(1), [task()])
    assert set(response.headers) == SERVICE | {"Content-Length", "operation-location"}
    assert response.headers["Content-Length"] == "0"
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["x-envoy-upstream-service-time"].isdigit()
    assert response.headers["x-emulator"].startswith("airflow-provider-language/")
    assert uuid.UUID(response.headers["apim-request-id"]).version == 4


def test_found_has_the_recorded_headers(client: Client) -> None:
    response = client.send("GET", client.submitted(documents(1), [task()]))
    assert set(response.headers) == SERVICE | {"Content-Length", "Content-Type"}
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"


def test_a_refusal_is_chunked(client: Client) -> None:
    response = client.submit(documents(26), [task()])
    assert set(response.headers) == SERVICE | {"Content-Type", "Transfer-Encoding"}
    assert response.headers["Transfer-Encoding"] == "chunked"


def test_the_date_is_that_of_the_clock(client: Client, clock: ManualClock) -> None:
    clock.advance(days=1, hours=1)
    response = client.submit(documents(1), [task()])
    assert response.headers["Date"] == "Sun, 22 Nov 2026 13:00:00 GMT"


def test_each_response_has_its_own_request_id(client: Client) -> None:
    responses = [client.send("GET", "/") for _ in range(3)]
    assert len({response.headers["apim-request-id"] for response in responses}) == 3


def test_the_operation_location_is_made_of_the_host_that_was_asked_for(client: Client) -> None:
    client.headers = {**client.headers, "Host": "emulator.internal:8080"}
    location = client.submitted(documents(1), [task()])
    assert location.startswith("http://emulator.internal:8080/language/analyze-text/jobs/")


def test_a_doubled_slash_is_taken_and_not_given_back(client: Client, emulator: Emulator) -> None:
    # An HTTP library would tidy the path up, so the request is written by hand.
    request = (
        "POST //language/analyze-text/jobs?api-version=2023-04-01 HTTP/1.1\r\nHost: here\r\n"
        "Ocp-Apim-Subscription-Key: any\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}"
    )
    body = '{"analysisInput":{"documents":[{"id":"1","text":"a"}]},"tasks":[{"kind":"KeyPhraseExtraction"}]}'
    with socket.create_connection(address(emulator), timeout=10) as connection:
        connection.sendall(request.format(len(body), body).encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 202 ")
    assert "operation-location: http://here/language/analyze-text/jobs/" in answer


def test_a_body_is_compact_raw_and_keeps_its_floats(client: Client, clock: ManualClock) -> None:
    texts = [{"id": "\u00e9\U0001f600", "text": "a", "language": "en"}]
    url = client.submitted(texts, [task("SentimentAnalysis")])
    clock.advance(seconds=12)
    content = client.send("GET", url).content.decode()
    assert (
        '"documents":[{"id":"\u00e9\U0001f600","sentiment":"neutral","confidenceScores":'
        '{"positive":0.0,"neutral":1.0,"negative":0.0},"sentences":[],"warnings":[]}],"errors":[]'
    ) in content


def test_the_journal_tells_each_request_and_what_became_of_it(
    emulator: Emulator, client: Client, clock: ManualClock
) -> None:
    url = client.submitted(documents(1), [task()])
    client.send("GET", "/nowhere", headers={})
    clock.advance(seconds=12)
    client.state(url, "&showStats=True")
    seen = [(entry.method, entry.path, entry.query, entry.status) for entry in emulator.journal]
    job = urlsplit(url).path
    assert seen == [
        ("POST", "/language/analyze-text/jobs", "api-version=2023-04-01", 202),
        ("GET", "/nowhere", "", 404),
        ("GET", job, "api-version=2023-04-01&showStats=True", 200),
    ]
    assert [entry.at for entry in emulator.journal][-1] == clock.now
    assert len(emulator.journal) == 3
    assert (emulator.journal.count("POST"), emulator.journal.count("GET", job)) == (1, 1)


def test_a_taken_port_is_an_error_and_leaves_no_thread_behind(emulator: Emulator) -> None:
    threads = threading.active_count()
    with pytest.raises(OSError, match="address already in use"):
        Emulator(port=address(emulator)[1])
    assert threading.active_count() == threads


def test_two_emulators_do_not_know_each_other_and_a_closed_one_is_gone() -> None:
    first, second = Emulator(engines=fake_engines()), Emulator(engines=fake_engines())
    try:
        url = Client(first.endpoint).submitted(documents(1), [task()])
        job = urlsplit(url)
        assert Client(second.endpoint).send("GET", f"{job.path}?{job.query}").status_code == 404
    finally:
        first.close()
        second.close()
    first.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(first), timeout=10)
