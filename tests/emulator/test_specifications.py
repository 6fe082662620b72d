"""Answers of conversations and health jobs against the service's OpenAPI documents."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from tests.emulator.conversations import CHAT, pii, submit, submitted, summaries, transcript
from tests.emulator.fakes import Client, documents, task

if TYPE_CHECKING:
    from collections.abc import Iterator

# Comes with Airflow, and has no types.
jsonschema: Any = import_module("jsonschema")
FOLDER = Path(__file__).parents[3] / "shared" / "azure-language" / "specs"
CONVERSATIONS = "Language/stable/{}/analyzeconversations.json"
LEGACY = "TextAnalytics/stable/v3.1/TextAnalytics.json"

pytestmark = pytest.mark.reference
if not FOLDER.is_dir():
    pytest.skip("the specifications are not part of this repository", allow_module_level=True)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Emulator(duration=0) as emulator:
        yield Client(emulator.endpoint)


def check(value: Any, document: str, definition: str) -> None:
    """Assert that a value is what a definition of a document says."""
    whole = json.loads((FOLDER / document).read_text(encoding="utf-8"))
    schema = {"definitions": whole["definitions"], "$ref": f"#/definitions/{definition}"}
    problems = [error.message for error in jsonschema.Draft4Validator(schema).iter_errors(value)]
    assert problems == []


def test_the_check_finds_what_is_missing() -> None:
    with pytest.raises(AssertionError, match="'createdDateTime' is a required property"):
        check({}, CONVERSATIONS.format("2024-05-01"), "AnalyzeConversationJobState")


@pytest.mark.parametrize("version", ["2023-04-01", "2024-05-01"])
def test_summaries_are_as_specified(client: Client, version: str) -> None:
    document = CONVERSATIONS.format(version)
    aspects = ["issue", "resolution", "chapterTitle", "narrative"]
    url = submitted(
        client, [CHAT, {**CHAT, "id": "2", "language": "xx"}], summaries(*aspects), version=version
    )
    state = with_capital_kinds(client.state(url, "&showStats=true"))
    results = state["tasks"]["items"][0]["results"]
    assert (len(results["conversations"]), len(results["errors"])) == (1, 1)
    check(state, document, "AnalyzeConversationJobState")
    check(results, document, "SummaryResult")


def with_capital_kinds(state: dict[str, Any]) -> dict[str, Any]:
    # The specifications write the kinds of results with a capital letter, the service with a small one
    # (recording conversation_pii_2025-11-15-preview).
    for item in state["tasks"]["items"]:
        item["kind"] = item["kind"][0].upper() + item["kind"][1:]
    return state


def test_personal_data_are_as_specified(client: Client) -> None:
    document = CONVERSATIONS.format("2024-05-01")
    sent = transcript(
        text="Hi John Doe, call +1 425 555 0123.",
        lexical="hi john doe",
        itn="hi john doe",
        maskedItn="hi john doe",
        wordLevelTimings=[
            {"word": word, "offset": 10 * place, "duration": 9}
            for place, word in enumerate(("hi", "john", "doe"))
        ],
    )
    url = submitted(client, [sent], pii(redactAudioTiming=True), version="2024-05-01")
    state = with_capital_kinds(client.state(url, "&showStats=true"))
    results = state["tasks"]["items"][0]["results"]
    [item] = results["conversations"][0]["conversationItems"]
    assert item["entities"]
    assert item["redactedContent"]["audioTimings"]
    check(state, document, "AnalyzeConversationJobState")
    check(results, document, "ConversationPiiResults")


@pytest.mark.parametrize("version", ["2022-05-01", "2023-04-01", "2024-05-01"])
def test_an_understood_utterance_is_as_specified(client: Client, version: str) -> None:
    names = {"projectName": "assistant", "deploymentName": "production"}
    item = {"id": "1", "participantId": "1", "text": "Send an email to Carol"}
    body = {"kind": "Conversation", "analysisInput": {"conversationItem": item}, "parameters": names}
    answer = client.send("POST", f"/language/:analyze-conversations?api-version={version}", body).json()
    document = CONVERSATIONS.format(version)
    check(answer, document, "ConversationalTaskResult")
    check(answer["result"]["prediction"], document, "ConversationPrediction")


def test_health_jobs_are_as_specified(client: Client) -> None:
    texts = [
        *documents(1, "100 mg ibuprofen twice daily, no fever."),
        {"id": "x", "text": "", "language": "en"},
    ]
    path = "/text/analytics/v3.1/entities/health/jobs"
    response = client.send("POST", path, {"documents": texts})
    state = client.state(response.headers["operation-location"], "?showStats=true&$top=1")
    assert state["results"]["documents"][0]["relations"]
    assert "@nextLink" in state
    check(state, LEGACY, "HealthcareJobState")


def test_refusals_are_as_specified(client: Client) -> None:
    document = CONVERSATIONS.format("2024-05-01")
    refused = [
        submit(client, [], pii()),
        submit(client, [CHAT, {**CHAT, "id": "2"}], pii()),
        submit(client, [CHAT], summaries("plot")),
        client.send("GET", "/language/analyze-conversations/jobs/unknown?api-version=2024-05-01"),
    ]
    assert [response.status_code for response in refused] == [400, 400, 400, 404]
    for response in refused:
        check(response.json(), document, "ErrorResponse")


def test_an_unknown_project_is_refused_as_specified(client: Client) -> None:
    names = {"projectName": "nowhere", "deploymentName": "production"}
    response = client.submit(documents(1), [task("CustomEntityRecognition", **names)])
    assert response.status_code == 404
    check(response.json(), CONVERSATIONS.format("2024-05-01"), "ErrorResponse")
