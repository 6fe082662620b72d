from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.projects.catalogue import Projects
from airflow_provider_language.emulator.projects.files import InvalidProject
from tests.emulator.fakes import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def test_a_folder_of_ones_own_describes_other_intents(tmp_path: Path) -> None:
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


ORCHESTRATION: dict[str, Any] = {
    "projectKind": "Orchestration",
    "projectName": "front-door",
    "deploymentName": "test",
    "intents": [
        {
            "category": "Home",
            "keywords": ["lights", "heating"],
            "targetProject": "home",
            "targetDeployment": "test",
        },
        {"category": "SmallTalk", "keywords": ["hello"]},
    ],
}
HOME: dict[str, Any] = {
    "projectKind": "Conversation",
    "projectName": "home",
    "deploymentName": "test",
    "intents": [{"category": "LightsOn", "keywords": ["lights on"]}],
    "entities": [{"category": "Room", "phrases": ["kitchen"]}],
}


@pytest.fixture
def orchestration(tmp_path: Path) -> Iterator[Client]:
    for project in (ORCHESTRATION, HOME):
        (tmp_path / f"{project['projectName']}.json").write_text(json.dumps(project), encoding="utf-8")
    with Emulator(projects=tmp_path) as emulator:
        yield Client(emulator.endpoint)


def orchestrate(client: Client, text: str, **parameters: str) -> dict[str, Any]:
    names = {"projectName": "front-door", "deploymentName": "test", **parameters}
    prediction: dict[str, Any] = ask(client, text, parameters=names).json()["result"]["prediction"]
    return prediction


def test_an_orchestration_hands_on_to_the_target_of_its_intent(orchestration: Client) -> None:
    found = orchestrate(orchestration, "👍🏽 Lights on in the kitchen")
    assert (found["topIntent"], found["projectKind"]) == ("Home", "Orchestration")
    assert {name: intent["targetProjectKind"] for name, intent in found["intents"].items()} == {
        "Home": "Conversation",
        "SmallTalk": "NonLinked",
        "None": "NonLinked",
    }
    inner = found["intents"]["Home"]["result"]["prediction"]
    assert (inner["topIntent"], inner["entities"][0]["offset"]) == ("LightsOn", 19)
    assert "result" not in found["intents"]["SmallTalk"]


def test_an_intent_without_a_target_is_told_alone(orchestration: Client) -> None:
    found = orchestrate(orchestration, "hello")
    assert found["topIntent"] == "SmallTalk"
    assert not any("result" in intent for intent in found["intents"].values())


def test_a_direct_target_is_taken_whatever_was_said(orchestration: Client) -> None:
    found = orchestrate(orchestration, "hello", directTarget="home")
    assert (found["topIntent"], list(found["intents"])) == ("Home", ["Home"])
    assert found["intents"]["Home"]["result"]["prediction"]["topIntent"] == "None"
    names = {"projectName": "front-door", "deploymentName": "test", "directTarget": "nowhere"}
    response = ask(orchestration, "hello", parameters=names)
    assert orchestration.refusal(response)[2] == "InvalidParameterValue"


def test_a_target_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "door.json").write_text(json.dumps(ORCHESTRATION), encoding="utf-8")
    with pytest.raises(InvalidProject, match="the target of Home is no known conversation"):
        Projects.load(tmp_path)
