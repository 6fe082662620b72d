from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.instruments.journal import (
    Entry,
    Journal,
    most_within,
    summarize,
    told_path,
    told_query,
)
from airflow_provider_language.emulator.protocol.operations import operation_of
from tests.emulator.fakes import START, Client, documents, fake_engines, task

if TYPE_CHECKING:
    from airflow_provider_language.emulator.protocol.operations import Operation

JOBS = "/language/analyze-text/jobs"


def entry(seconds: float = 0, operation: Operation = "status", **fields: Any) -> Entry:
    return Entry("GET", JOBS, "", 200, START + timedelta(seconds=seconds), operation, **fields)


def journal(*entries: Entry, capacity: int = 100) -> Journal:
    filled = Journal(capacity)
    for each in entries:
        filled.append(each)
    return filled


def test_the_oldest_are_forgotten_and_that_is_told() -> None:
    filled = journal(*(entry(at) for at in range(7)), capacity=5)
    assert [each.at for each in filled] == [START + timedelta(seconds=at) for at in range(2, 7)]
    assert filled.forgotten == 2
    filled.clear()
    assert (len(filled), filled.forgotten) == (0, 0)


def test_a_summary_counts_jobs_statuses_faults_and_rates() -> None:
    summary = summarize(
        [
            entry(0, "submit", accepted="1"),
            entry(0.5, "submit", accepted="2", fault="lost"),
            entry(0.9, "submit", fault="throttled"),
            entry(1.0, "submit"),
            entry(2.0),
        ]
    )
    assert (summary.requests, summary.accepted) == (5, 2)
    assert summary.statuses == {200: 5}
    assert summary.faults == {"lost": 1, "throttled": 1}
    submit, status = summary.operations["submit"], summary.operations["status"]
    assert (submit.requests, submit.per_second, submit.per_minute) == (4, 3, 4)
    assert (status.requests, status.per_second, status.per_minute) == (1, 1, 1)


@given(st.lists(st.integers(0, 5000), max_size=60).map(sorted), st.integers(1, 2000))
def test_the_highest_rate_is_that_of_the_fullest_window(milliseconds: list[int], span: int) -> None:
    moments = [START + timedelta(milliseconds=at) for at in milliseconds]
    expected = max((sum(at <= other < at + span for other in milliseconds) for at in milliseconds), default=0)
    assert most_within(timedelta(milliseconds=span), moments) == expected


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", JOBS, "submit"),
        ("POST", f"/{JOBS}", "submit"),
        ("GET", f"{JOBS}/1", "status"),
        ("POST", f"{JOBS}/1:cancel", "cancel"),
        ("POST", "/language/analyze-conversations/jobs", "submit"),
        ("GET", "/language/analyze-documents/jobs/1", "status"),
        ("POST", "/text/analytics/v3.1/analyze", "submit"),
        ("GET", "/text/analytics/v3.1/analyze/jobs/1", "status"),
        ("POST", "/text/analytics/v3.1/entities/health/jobs", "submit"),
        ("DELETE", "/text/analytics/v3.1/entities/health/jobs/1", "cancel"),
        ("POST", "/text/analytics/v3.1/entities/health", "sync"),
        ("POST", "/language/:analyze-text", "sync"),
        ("POST", f"{JOBS}/1", None),
        ("GET", f"{JOBS}/1:cancel", None),
        ("GET", "/", None),
    ],
)
def test_what_a_request_does_is_told_from_its_method_and_path(
    method: str, path: str, operation: str | None
) -> None:
    assert operation_of(method, path) == operation


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("api-version=2023-04-01&showStats=True&$top=5", "api-version=2023-04-01&showStats=True&$top=5"),
        ("", ""),
        ("subscription-key=s3cret", "subscription-key="),
        ("api-version=x&key=s3cret&text=hello%20world", "api-version=x&key=&text="),
    ],
)
def test_values_of_unknown_parameters_are_left_out(sent: str, told: str) -> None:
    assert told_query(sent) == told


def test_a_path_is_told_up_to_a_length() -> None:
    assert told_path("/" + "x" * 10_000) == "/" + "x" * 511


def test_neither_texts_nor_keys_are_kept() -> None:
    with Emulator(key="s3cret-key", duration=0, engines=fake_engines()) as emulator:
        client = Client(emulator.endpoint, headers={"Ocp-Apim-Subscription-Key": "s3cret-key"})
        client.state(client.submitted(documents(1, "s3cret-text"), [task()]), "&subscription-key=s3cret-key")
        assert len(emulator.journal) == 2
        assert "s3cret" not in "".join(repr(each.to_json()) for each in emulator.journal)


def test_a_journal_of_a_running_emulator_is_as_large_as_it_is_told_to_be() -> None:
    with Emulator(duration=0, engines=fake_engines(), journal_capacity=3) as emulator:
        client = Client(emulator.endpoint)
        for _ in range(5):
            client.send("GET", "/")
        assert (len(emulator.journal), emulator.journal.forgotten) == (3, 2)
        assert emulator.journal.summary().requests == 3
        assert len(emulator.journal.select(operation="submit")) == 0
