from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import Client, broken_engine, documents, fake_engines

if TYPE_CHECKING:
    import requests

    from tests.emulator.fakes import CountingEngine, ManualClock

ANALYZE = "/text/analytics/v3.1/analyze"
TASKS = {
    "sentimentAnalysisTasks": [{"taskName": "s", "parameters": {"opinionMining": True}}],
    "entityRecognitionTasks": [
        {"taskName": "e1", "parameters": {"model-version": "latest", "stringIndexType": "TextElement_v8"}},
        {"taskName": "e2", "parameters": {}},
    ],
}


def submit(client: Client, tasks: Any, texts: Any = None, **fields: Any) -> requests.Response:
    body = {
        "analysisInput": {"documents": documents(1) if texts is None else texts},
        "tasks": tasks,
        **fields,
    }
    return client.send("POST", ANALYZE, body)


def test_accepted_is_chunked_and_its_location_has_no_query(client: Client, emulator: Emulator) -> None:
    response = submit(client, TASKS)
    assert response.status_code == 202
    assert response.headers["operation-location"].startswith(f"{emulator.endpoint}{ANALYZE}/jobs/")
    assert "?" not in response.headers["operation-location"]
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert not {"Content-Length", "Content-Type"} & set(response.headers)


def test_tasks_appear_in_the_array_of_their_kind_when_they_are_finished(
    client: Client, clock: ManualClock
) -> None:
    url = submit(client, TASKS, displayName="mine").headers["operation-location"]
    body = client.state(url)
    assert list(body) == [
        "jobId",
        "lastUpdateDateTime",
        "createdDateTime",
        "expirationDateTime",
        "status",
        "errors",
        "displayName",
        "tasks",
    ]
    assert body["tasks"] == {"completed": 0, "failed": 0, "inProgress": 3, "total": 3}
    clock.advance(seconds=6)
    running = client.state(url)
    assert (running["status"], list(running["tasks"])[4:]) == ("running", ["sentimentAnalysisTasks"])
    clock.advance(seconds=6)
    body = client.state(url)
    assert (body["status"], list(body["tasks"])[4:]) == (
        "succeeded",
        ["entityRecognitionTasks", "sentimentAnalysisTasks"],
    )
    items = body["tasks"]["entityRecognitionTasks"]
    assert [item["taskName"] for item in items] == ["e1", "e2"]
    assert list(items[0]) == ["lastUpdateDateTime", "taskName", "state", "results"]
    assert items[0]["state"] == "succeeded"


def test_parameters_reach_the_engine_under_the_names_of_the_language_api(
    client: Client, clock: ManualClock, engines: dict[str, CountingEngine]
) -> None:
    url = submit(client, TASKS).headers["operation-location"]
    clock.advance(seconds=12)
    client.state(url)
    assert [parameters for _, _, parameters in engines["EntityRecognition"].calls] == [
        {"modelVersion": "latest", "stringIndexType": "TextElements_v8"},
        {},
    ]


@pytest.mark.parametrize(
    ("tasks", "texts", "inner"),
    [
        ({}, None, "InvalidRequestBodyFormat"),
        (None, None, "InvalidRequestBodyFormat"),
        ([], None, "InvalidRequestBodyFormat"),
        ({"sentimentAnalysisTasks": []}, None, "InvalidRequestBodyFormat"),
        ({"extractiveSummarizationTasks": [{}]}, None, "InvalidParameterValue"),
        (
            {"entityRecognitionTasks": [{"parameters": {"model-version": "bad"}}]},
            None,
            "InvalidParameterValue",
        ),
        (
            {"entityRecognitionTasks": [{"parameters": {"stringIndexType": "Bytes"}}]},
            None,
            "InvalidParameterValue",
        ),
        ({"entityLinkingTasks": [{}]}, None, "InvalidParameterValue"),
        (TASKS, [], "MissingInputRecords"),
        (TASKS, documents(26), "InvalidDocumentBatch"),
        (TASKS, [*documents(1), *documents(1)], "InvalidDocument"),
    ],
)
def test_what_the_service_refuses_is_refused(client: Client, tasks: Any, texts: Any, inner: str) -> None:
    assert client.refusal(submit(client, tasks, texts))[:3] == (400, "InvalidRequest", inner)


def test_a_failed_task_is_pointed_at_by_its_array_and_its_place_there() -> None:
    with Emulator(duration=0, engines={**fake_engines(), "EntityRecognition": broken_engine}) as emulator:
        client = Client(emulator.endpoint)
        body = client.state(submit(client, TASKS).headers["operation-location"])
    assert body["status"] == "partiallyCompleted"
    assert [error["target"] for error in body["errors"]] == [
        "#/tasks/entityRecognitionTasks/0",
        "#/tasks/entityRecognitionTasks/1",
    ]
    failed = body["tasks"]["entityRecognitionTasks"]
    assert [(item["state"], "results" in item) for item in failed] == [("failed", False)] * 2


def test_languages_are_detected_at_once(client: Client) -> None:
    response = client.send(
        "POST", "/text/analytics/v3.1/languages?showStats=true", {"documents": documents(2)}
    )
    assert response.headers["Transfer-Encoding"] == "chunked"
    body = response.json()
    assert list(body) == ["statistics", "documents", "errors", "modelVersion"]
    assert [document["detectedLanguage"]["name"] for document in body["documents"]] == ["English", "English"]
    refused = client.send("POST", "/text/analytics/v3.1/languages", {"documents": []})
    assert client.refusal(refused)[2] == "MissingInputRecords"
