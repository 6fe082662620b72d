"""The control path over HTTP: who may ask, and what is answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import Client, ManualClock, documents, fake_engines, task


class Control:
    """Asks for the control path of one emulator."""

    def __init__(self, endpoint: str) -> None:
        self.url = f"{endpoint}/_emulator"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(method, self.url + path, json=body, headers=names, timeout=30)

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def control(emulator: Emulator) -> Control:
    return Control(emulator.endpoint)


def submit(client: Client, count: int = 1) -> list[str]:
    return [client.submitted(documents(1), [task()]) for _ in range(count)]


def test_faults_are_ordered_told_and_called_off(control: Control, client: Client, emulator: Emulator) -> None:
    first = control.ask("POST", "/faults", {"effect": "throttled", "operation": "submit", "times": None})
    second = control.ask("POST", "/faults", {"effect": "lost"})
    assert [first.status_code, second.status_code] == [201, 201]
    assert client.submit(documents(1), [task()]).status_code == 429
    told = control.get("/faults")["faults"]
    assert [(each["effect"], each["times"], each["met"], each["struck"]) for each in told] == [
        ("throttled", None, 1, 1),
        ("lost", 1, 1, 0),
    ]
    number = first.json()["id"]
    assert [control.ask("DELETE", f"/faults/{number}").status_code for _ in range(2)] == [200, 404]
    assert [each.fault.effect for each in emulator.faults] == ["lost"]
    assert control.ask("DELETE", "/faults").status_code == 200
    assert control.get("/faults") == {"faults": []}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"effect": "flood"}, "'effect' must be one of"),
        ({"effect": "lost", "times": "often"}, "'times' has a wrong type"),
        ([], "must be a JSON object"),
    ],
)
def test_what_is_no_fault_is_refused_with_the_reason(control: Control, body: Any, complaint: str) -> None:
    answer = control.ask("POST", "/faults", body)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_the_clock_moves_a_job_through_its_whole_life(control: Control, client: Client) -> None:
    [url] = submit(client)
    assert control.ask("POST", "/clock", {"advance": 12}).json() == {
        "now": "2026-11-21T12:00:12+00:00",
        "advanced": 12.0,
    }
    assert client.state(url)["status"] == "succeeded"
    control.ask("POST", "/clock", {"advance": 86_388})
    assert client.send("GET", url).status_code == 404
    assert control.get("/clock") == {"now": "2026-11-22T12:00:00+00:00", "advanced": 86_400.0}


@pytest.mark.parametrize(
    "body", [{"advance": -1}, {"advance": "1"}, {"advance": True}, {"advance": 1e300}, {}, 1]
)
def test_a_clock_that_cannot_go_there_stays(control: Control, body: Any) -> None:
    assert control.ask("POST", "/clock", body).status_code == 400
    assert control.get("/clock")["advanced"] == 0


def test_the_journal_is_asked_by_method_path_operation_and_time(
    control: Control, client: Client, clock: ManualClock
) -> None:
    [url] = submit(client)
    clock.advance(seconds=5)
    client.state(url)
    client.state(url)

    def count(query: str) -> int:
        return int(control.get(f"/journal?{query}")["summary"]["requests"])

    assert [count(query) for query in ("", "method=POST", "path=/jobs/", "operation=status")] == [3, 1, 2, 2]
    assert count("since=2026-11-21T12:00:05Z") == count("since=2026-11-21T13:00:05+01:00") == 2
    assert len(control.get("/journal?limit=1")["entries"]) == 1
    told = control.get("/journal")
    assert told["summary"] == {
        "requests": 3,
        "accepted": 1,
        "statuses": {"200": 2, "202": 1},
        "faults": {},
        "operations": {
            "submit": {"requests": 1, "per_second": 1, "per_minute": 1},
            "status": {"requests": 2, "per_second": 2, "per_minute": 2},
        },
    }
    assert told["entries"][0] == {
        "method": "POST",
        "path": "/language/analyze-text/jobs",
        "query": "api-version=2023-04-01",
        "status": 202,
        "at": "2026-11-21T12:00:00+00:00",
        "operation": "submit",
        "fault": None,
        "accepted": urlsplit(url).path.rpartition("/")[2],
    }
    assert control.ask("DELETE", "/journal").status_code == 200
    assert control.get("/journal")["entries"] == []


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-11-21T12:00:00", "limit=few", "verb=GET"])
def test_a_question_to_the_journal_that_makes_no_sense_is_refused(control: Control, query: str) -> None:
    assert control.ask("GET", f"/journal?{query}").status_code == 400


def test_jobs_are_told_without_their_texts(control: Control, client: Client) -> None:
    url = client.submitted(documents(2, "a secret"), [task(), task("EntityRecognition")], displayName="mine")
    answer = control.ask("GET", "/jobs")
    assert answer.json()["jobs"] == [
        {
            "id": urlsplit(url).path.rpartition("/")[2],
            "family": "analyze-text",
            "displayName": "mine",
            "status": "notStarted",
            "kinds": ["KeyPhraseExtraction", "EntityRecognition"],
            "documents": 2,
            "created": "2026-11-21T12:00:00+00:00",
            "ends": "2026-11-21T12:00:12+00:00",
            "expires": "2026-11-22T12:00:00+00:00",
        }
    ]


def test_control_needs_no_key_and_leaves_no_trace_in_the_journal() -> None:
    with Emulator(key="secret", engines=fake_engines()) as emulator:
        control = Control(emulator.endpoint)
        assert control.get("/jobs") == {"jobs": []}
        assert len(emulator.journal) == 0


@pytest.mark.parametrize("path", ["/nothing", "/faults/x", "/clock/1"])
def test_an_unknown_path_of_control_is_not_found(control: Control, path: str) -> None:
    assert control.ask("GET", path).status_code == 404


def test_an_unknown_method_of_control_is_not_allowed(control: Control) -> None:
    assert control.ask("PUT", "/faults").status_code == 405


@pytest.mark.parametrize(
    "host", ["attacker.example", "attacker.example:80", "127.0.0.1.attacker.example", "["]
)
def test_a_name_that_is_not_this_machines_is_refused(control: Control, host: str) -> None:
    for method, path in (("GET", "/"), ("GET", "/journal"), ("POST", "/faults"), ("GET", "/nothing")):
        assert control.ask(method, path, Host=host).status_code == 403


@pytest.mark.parametrize("host", ["localhost:1234", "LOCALHOST", "127.0.0.1", "[::1]:80"])
def test_every_name_of_the_loopback_interface_is_taken(control: Control, host: str) -> None:
    assert control.ask("GET", "/jobs", Host=host).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://attacker.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}],
)
def test_pages_of_others_change_nothing(
    control: Control, emulator: Emulator, headers: dict[str, str]
) -> None:
    assert control.ask("POST", "/faults", {"effect": "lost"}, **headers).status_code == 403
    assert control.ask("DELETE", "/journal", **headers).status_code == 403
    assert len(emulator.faults) == 0


def test_pages_of_its_own_may_change_something(control: Control, emulator: Emulator) -> None:
    headers = {"Origin": emulator.endpoint, "Sec_Fetch_Site": "same-origin"}
    assert control.ask("POST", "/faults", {"effect": "lost"}, **headers).status_code == 201


def test_a_form_cannot_order_a_fault(control: Control, emulator: Emulator) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        answer = requests.post(
            f"{control.url}/faults",
            data='{"effect": "lost"}',
            headers={"Content-Type": content_type},
            timeout=30,
        )
        assert answer.status_code == 400
    assert len(emulator.faults) == 0


def test_a_body_that_is_too_large_is_refused(control: Control) -> None:
    assert control.ask("POST", "/faults", {"effect": "x" * 1024 * 1024}).status_code == 413


@pytest.mark.parametrize("data", [b"", b"{", b"\xff"])
def test_a_body_that_is_no_json_is_refused(control: Control, data: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert requests.post(f"{control.url}/faults", data=data, headers=headers, timeout=30).status_code == 400


@pytest.mark.parametrize("path", ["/faults", "/clock"])
@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"effect": "lost", "lasts": Infinity}',
        b'{"effect": "lost", "path": "\\ud800"}',
    ],
    ids=["deep arrays", "deep objects", "infinity", "half a character"],
)
def test_json_that_cannot_be_told_again_is_refused_with_the_reason(
    control: Control, emulator: Emulator, path: str, data: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{control.url}{path}", data=data, headers=headers, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("The body is not valid JSON")
    assert (len(emulator.faults), emulator.clock.lead.total_seconds()) == (0, 0)
