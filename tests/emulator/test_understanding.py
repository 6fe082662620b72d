from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

PARAMETERS = {"projectName": "assistant", "deploymentName": "production"}
PATH = "/language/:analyze-conversations?api-version="


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Emulator() as emulator:
        yield Client(emulator.endpoint)


def ask(client: Client, text: Any, version: str = "2024-11-01", **changes: Any) -> requests.Response:
    item = {"id": "1", "participantId": "1", "text": text}
    parameters = {**PARAMETERS, **changes.pop("parameters", {})}
    body = {"kind": "Conversation", "analysisInput": {"conversationItem": item}, "parameters": parameters}
    return client.send("POST", PATH + version, {**body, **changes})


@pytest.mark.parametrize("version", ["2022-05-01", "2023-04-01", "2024-11-01", "2025-11-15-preview"])
def test_an_utterance_has_an_intent_and_entities(client: Client, version: str) -> None:
    response = ask(client, "Send an email to Carol about tomorrow's demo", version)
    assert response.status_code == 200
    body = response.json()
    assert (list(body), body["kind"]) == (["kind", "result"], "ConversationResult")
    assert list(body["result"]) == ["query", "prediction"]
    prediction = body["result"]["prediction"]
    assert list(prediction) == ["topIntent", "projectKind", "intents", "entities"]
    assert (prediction["topIntent"], prediction["projectKind"]) == ("SendEmail", "Conversation")
    assert {intent["category"] for intent in prediction["intents"]} == {"SendEmail", "BookMeeting", "None"}
    assert prediction["entities"] == [
        {"category": "Contact", "text": "Carol", "offset": 17, "length": 5, "confidenceScore": 0.9},
        {"category": "Day", "text": "tomorrow", "offset": 29, "length": 8, "confidenceScore": 0.8},
    ]


def test_an_utterance_that_no_intent_fits_has_none(client: Client) -> None:
    prediction = ask(client, "zzz").json()["result"]["prediction"]
    assert (prediction["topIntent"], prediction["entities"]) == ("None", [])


@pytest.mark.parametrize(
    ("unit", "offset"), [("TextElements_v8", 11), ("UnicodeCodePoint", 12), ("Utf16CodeUnit", 14)]
)
def test_offsets_count_what_was_asked(client: Client, unit: str, offset: int) -> None:
    response = ask(client, "👍🏽 write to Carol", parameters={"stringIndexType": unit})
    [entity] = response.json()["result"]["prediction"]["entities"]
    assert (entity["text"], entity["offset"]) == ("Carol", offset)


@pytest.mark.parametrize(
    "names", [{"projectName": "nowhere"}, {"deploymentName": "nowhere"}, {"projectName": "support-topic"}]
)
def test_an_unknown_project_is_answered_like_an_unknown_deployment(
    client: Client, names: dict[str, str]
) -> None:
    response = ask(client, "hello", parameters=names)
    assert response.status_code == 404
    assert response.json() == {
        "error": {
            "code": "NotFound",
            "message": "The specified deployment cannot be found within the provided subscription.",
        }
    }
    assert response.headers["request-id"] == response.headers["apim-request-id"]


@pytest.mark.parametrize(
    ("text", "changes", "inner"),
    [
        ("", {}, "InvalidDocument"),
        (7, {}, "InvalidRequestBodyFormat"),
        ("a", {"kind": "ConversationalAI"}, "InvalidParameterValue"),
        ("a", {"analysisInput": {}}, "InvalidDocument"),
        ("a", {"parameters": {"projectName": None}}, "InvalidParameterValue"),
        ("a", {"parameters": {"stringIndexType": "bytes"}}, "InvalidParameterValue"),
        ("a", {"parameters": {"verbose": "yes"}}, "InvalidParameterValue"),
    ],
)
def test_bad_requests_are_refused(client: Client, text: Any, changes: dict[str, Any], inner: str) -> None:
    assert client.refusal(ask(client, text, **changes))[::2] == (400, inner)


def test_an_unknown_version_has_no_route(client: Client) -> None:
    assert ask(client, "a", "2026-05-01").status_code == 404


def test_a_folder_of_ones_own_describes_other_intents(tmp_path: Any) -> None:
    project = {
        "projectKind": "Conversation",
        "projectName": "home",
        "deploymentName": "test",
        "intents": [{"category": "LightsOn", "keywords": ["lights on"]}],
        "entities": [{"category": "Room", "phrases": ["kitchen"]}],
    }
    (tmp_path / "home.json").write_text(json.dumps(project), encoding="utf-8")
    with Emulator(projects=tmp_path) as emulator:
        names = {"projectName": "home", "deploymentName": "test"}
        own = Client(emulator.endpoint)
        fitting = ask(own, "Lights on in the kitchen", parameters=names).json()["result"]["prediction"]
        other = ask(own, "Good night", parameters=names).json()["result"]["prediction"]
    assert (fitting["topIntent"], [each["text"] for each in fitting["entities"]]) == ("LightsOn", ["kitchen"])
    assert (other["topIntent"], other["entities"]) == ("None", [])
