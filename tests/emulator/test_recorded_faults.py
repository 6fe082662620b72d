"""Ordered faults against the known failures of the service: quoted by users, mocked by the SDK's team."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator, Fault
from tests.emulator.fakes import Client, documents, fake_engines

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[3] / "shared" / "azure-language" / "recordings"
LEGACY = "/text/analytics/v3.1/analyze"
LEGACY_KINDS = {
    "entityRecognitionTasks": "EntityRecognition",
    "entityLinkingTasks": "EntityLinking",
    "entityRecognitionPiiTasks": "PiiEntityRecognition",
    "keyPhraseExtractionTasks": "KeyPhraseExtraction",
    "sentimentAnalysisTasks": "SentimentAnalysis",
}

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded traffic in {FOLDER}"),
]


def recording(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


@pytest.fixture
def instant() -> Iterator[Emulator]:
    engines = {kind: fake_engines()["KeyPhraseExtraction"] for kind in LEGACY_KINDS.values()}
    with Emulator(duration=0, engines=engines) as running:
        yield running


@pytest.fixture
def legacy(instant: Emulator) -> Client:
    return Client(instant.endpoint, api_version="2023-04-01")


def quoted(source: str) -> dict[str, Any]:
    items = recording("issue_quoted_errors_429_403_500")["items"]
    response: dict[str, Any] = next(item["response"] for item in items if item["source"] == source)
    return response


@pytest.mark.parametrize(
    ("source", "fault", "request_line"),
    [
        ("Azure/azure-sdk-for-net#26521", Fault("throttled"), ("GET", f"{LEGACY}/jobs/1")),
        ("Azure/azure-sdk-for-js#18941", Fault("throttled", retry_after=2), ("POST", LEGACY)),
        ("Azure/azure-sdk-for-python#25619", Fault("quota"), ("POST", LEGACY)),
    ],
)
def test_the_gateways_refusals_are_told_in_the_quoted_words(
    instant: Emulator, legacy: Client, source: str, fault: Fault, request_line: tuple[str, str]
) -> None:
    expected = quoted(source)
    instant.faults.add(fault)
    response = legacy.send(*request_line)
    text = json.dumps(expected["body"]).replace("v3.2-preview.2", "v3.1")
    assert (response.status_code, response.json()) == (expected["status"], json.loads(text))
    told = expected.get("headers", {})
    assert set(told) <= set(response.headers)
    assert response.headers["Retry-After"] == told.get("Retry-After", str(fault.retry_after))


def test_a_submission_that_the_service_fails_is_told_in_the_quoted_words(
    instant: Emulator, legacy: Client
) -> None:
    expected = quoted("Azure/azure-sdk-for-java#24908")
    instant.faults.add(Fault("error"))
    response = legacy.send("POST", LEGACY)
    assert response.status_code == expected["status"]
    assert response.json()["error"]["code"] == expected["body"]["error"]["code"]
    # The last word is the subscription of the user who quoted it.
    words = expected["body"]["error"]["message"].split()[:-1]
    assert response.json()["error"]["message"].split()[:-1] == words


def test_a_look_that_the_service_fails_has_the_quoted_headers(instant: Emulator, legacy: Client) -> None:
    expected = quoted("Azure/azure-sdk-for-net#26693")
    instant.faults.add(Fault("error"))
    response = legacy.send("GET", f"{LEGACY}/jobs/1")
    assert (response.status_code, response.json()["error"]["code"]) == (500, "InternalServerError")
    assert set(expected["headers"]) <= set(response.headers)


def items_of(body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the kind or group of each task with its item, by the tasks' names."""
    tasks = body["tasks"]
    if "items" in tasks:
        found = [(item["kind"].removesuffix("LROResults"), item) for item in tasks["items"]]
    else:
        found = [(group, item) for group in LEGACY_KINDS for item in tasks.get(group, [])]
    return sorted(found, key=lambda each: str(each[1]["taskName"]))


def failed(item: dict[str, Any]) -> bool:
    return "failed" in (item.get("state"), item.get("status"))


def submission(items: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    if "kind" in items[0][1]:
        return {"tasks": [{"kind": kind, "taskName": item["taskName"]} for kind, item in items]}
    groups: dict[str, Any] = {}
    for group, item in items:
        groups.setdefault(group, []).append({"taskName": item["taskName"], "parameters": {}})
    return {"tasks": groups}


def in_order_of_submission(body: dict[str, Any]) -> list[str]:
    tasks = body["tasks"]
    every = tasks if isinstance(tasks, list) else [task for group in tasks.values() for task in group]
    return [task["taskName"] for task in every]


@pytest.mark.parametrize(
    ("name", "path", "targets"),
    [
        ("mock_action_error_no_target", LEGACY, False),
        ("mock_action_error_with_targets", LEGACY, True),
        (
            "mock_action_error_no_target_language",
            "/language/analyze-text/jobs?api-version=2023-04-01",
            False,
        ),
        ("mock_action_job_failure_language", "/language/analyze-text/jobs?api-version=2023-04-01", False),
    ],
)
def test_failed_tasks_look_like_the_mocks(
    instant: Emulator, legacy: Client, name: str, path: str, targets: bool
) -> None:
    mock = recording(name)["response"]["body"]
    items = items_of(mock)
    body = {"analysisInput": {"documents": documents(1)}, **submission(items)}
    names = in_order_of_submission(body)
    failing = tuple(names.index(item["taskName"]) for _, item in items if failed(item))
    instant.faults.add(Fault("fail-tasks", tasks=failing, targets=targets))
    accepted = legacy.send("POST", path, body)
    assert accepted.status_code == 202, accepted.text
    state = legacy.state(accepted.headers["operation-location"])

    # The old preview that the mock was made for had another word for it.
    assert state["status"] == mock["status"].replace("partiallySucceeded", "partiallyCompleted")
    counts = ("completed", "failed", "inProgress", "total")
    assert [state["tasks"][count] for count in counts] == [mock["tasks"][count] for count in counts]
    told, expected = items_of(state), items_of(mock)
    assert [set(item) for _, item in told] == [set(item) for _, item in expected]
    assert [failed(item) for _, item in told] == [failed(item) for _, item in expected]
    assert sorted(error.get("target", "") for error in state["errors"]) == sorted(
        error.get("target", "") for error in mock["errors"]
    )
    if not targets:
        beginning = mock["errors"][0]["message"].partition(" : ")[0]
        assert [error["message"].partition(" : ")[0] for error in state["errors"]] == [beginning]
        assert state["errors"][0]["code"] == mock["errors"][0]["code"]
