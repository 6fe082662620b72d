"""What the status page tells people, read as a browser would read it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
import requests

from airflow_provider_language.emulator import Emulator, Fault
from tests.emulator.fakes import Client, ManualClock, documents, fake_engines, task

HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """The tags, the attributes and the visible text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self._hidden = False
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._hidden = tag in ("style", "script")
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self._in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.words.append(data)
        if self._in_cell:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(self.words)


def load(emulator: Emulator) -> tuple[requests.Response, Page]:
    answer = requests.get(f"{emulator.endpoint}/_emulator/", timeout=30)
    assert answer.status_code == 200, answer.text
    return answer, Page(answer.text)


def test_a_new_emulator_has_nothing_to_tell_but_itself(emulator: Emulator) -> None:
    _, page = load(emulator)
    for words in (
        "Emulator of Azure AI Language",
        "Not the service",
        "2026-11-21 12:00:00 UTC",
        "12 s",
        "None.",
    ):
        assert words in page.text
    assert page.rows == []


def test_it_tells_jobs_with_their_states_requests_faults_and_the_clock(
    emulator: Emulator, client: Client, clock: ManualClock
) -> None:
    first = client.submitted(documents(3), [task(), task("EntityRecognition")], displayName="reviews")
    emulator.faults.add(Fault("throttled", operation="status", times=3, retry_after=7))
    client.send("GET", first)
    emulator.clock.advance(12)
    client.submitted(documents(1), [task()])
    _, page = load(emulator)
    jobs, faults = page.rows[1:3], page.rows[4:5]
    assert [row[1:6] for row in jobs] == [
        ["notStarted", "analyze-text", "KeyPhraseExtraction", "1", "12:00:24.000"],
        ["succeeded", "analyze-text", "KeyPhraseExtraction, EntityRecognition", "3", "12:00:12.000"],
    ]
    assert jobs[1][6] == "reviews"
    assert faults == [["1", "throttled", "status", "times=3, retry_after=7", "1", "1 of 3"]]
    assert [row[1:5] for row in page.rows[-3:]] == [
        ["POST", "/language/analyze-text/jobs?api-version=2023-04-01", "202", ""],
        ["GET", first.removeprefix(emulator.endpoint), "429", "throttled"],
        ["POST", "/language/analyze-text/jobs?api-version=2023-04-01", "202", ""],
    ]
    for words in ("1 notStarted, 1 succeeded", "2 jobs accepted", "2026-11-21 12:00:12 UTC"):
        assert words in page.text


def test_what_clients_say_is_shown_and_never_obeyed(emulator: Emulator, client: Client) -> None:
    client.submitted(documents(1), [task()], displayName=HOSTILE)
    client.send("GET", f"/{HOSTILE}?top={HOSTILE}")
    emulator.faults.add(Fault("lost", path=HOSTILE, method=HOSTILE, times=None))
    emulator.faults.add(Fault("fail-tasks", tasks=(0, 2)))
    _, page = load(emulator)
    assert HOSTILE in page.text
    told = [row[2:4] for row in page.rows if "lost" in row or "fail-tasks" in row]
    assert told == [
        ["submit, status, cancel, sync", f"method={HOSTILE}, path={HOSTILE}, times=all"],
        ["submit", "tasks=0+2"],
    ]
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_neither_texts_nor_keys_are_on_it() -> None:
    with Emulator(key="s3cret", duration=0, engines=fake_engines()) as emulator:
        client = Client(emulator.endpoint, headers={"Ocp-Apim-Subscription-Key": "s3cret"})
        client.state(client.submitted(documents(1, "s3cret"), [task()]), "&key=s3cret")
        answer, page = load(emulator)
    assert "s3cret" not in answer.text
    assert "succeeded" in page.text


def test_it_refers_to_nothing_outside_itself_and_its_policy_says_so(emulator: Emulator) -> None:
    answer, page = load(emulator)
    assert not [value for name, value in page.attributes if name in ("src", "href", "action")]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("jobs", [51, 60])
def test_of_many_jobs_the_newest_are_shown(emulator: Emulator, client: Client, jobs: int) -> None:
    for _ in range(jobs):
        client.submitted(documents(1), [task()])
    _, page = load(emulator)
    assert f"Jobs ({jobs})" in page.text
    assert "The newest 50:" in page.text
    assert sum("notStarted" in row for row in page.rows) == 50


def test_without_its_last_slash_it_is_found_all_the_same(emulator: Emulator) -> None:
    answer = requests.get(f"{emulator.endpoint}/_emulator", timeout=30)
    assert (answer.status_code, answer.url) == (200, f"{emulator.endpoint}/_emulator/")
