"""Conversations to send, and the requests around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests

    from tests.emulator.fakes import Client

JOBS = "/language/analyze-conversations/jobs"
NEWEST = "2025-11-15-preview"
CHAT: dict[str, Any] = {
    "id": "call",
    "language": "en",
    "modality": "text",
    "conversationItems": [
        {"id": "1", "participantId": "Agent_1", "text": "Hello, this is the help desk. How can I help?"},
        {
            "id": "2",
            "participantId": "Customer_1",
            "text": "Hi, my name is John Doe. My coffee machine is leaking since Monday.",
        },
        {
            "id": "3",
            "participantId": "Agent_1",
            "text": "Thank you John. I will send you a new coffee machine tomorrow.",
        },
    ],
}


def conversation(*texts: str, **fields: Any) -> dict[str, Any]:
    items = [{"id": str(place), "participantId": "p", "text": text} for place, text in enumerate(texts)]
    return {"id": "c", "language": "en", "modality": "text", "conversationItems": items, **fields}


def transcript(**forms: Any) -> dict[str, Any]:
    """Return a transcript of one item with the given forms and timings."""
    item = {"id": "1", "participantId": "p", **forms}
    return {"id": "t", "language": "en", "modality": "transcript", "conversationItems": [item]}


def pii(**parameters: Any) -> dict[str, Any]:
    return {"kind": "ConversationalPIITask", "taskName": "pii", "parameters": parameters}


def summaries(*aspects: str, **parameters: Any) -> dict[str, Any]:
    parameters = {"summaryAspects": list(aspects), **parameters}
    return {"kind": "ConversationalSummarizationTask", "taskName": "sum", "parameters": parameters}


def sentiments(**parameters: Any) -> dict[str, Any]:
    return {"kind": "ConversationalSentimentTask", "taskName": "mood", "parameters": parameters}


def custom_summaries(*aspects: str, **parameters: Any) -> dict[str, Any]:
    """Return a task for one of the emulator's sample projects."""
    names = {"projectName": "support-summaries", "deploymentName": "production"}
    parameters = {**names, "summaryAspects": list(aspects), **parameters}
    return {"kind": "CustomConversationalSummarizationTask", "taskName": "own", "parameters": parameters}


def submit(
    client: Client, conversations: Any, *tasks: dict[str, Any], version: str = NEWEST, **fields: Any
) -> requests.Response:
    body = {"analysisInput": {"conversations": conversations}, "tasks": list(tasks), **fields}
    return client.send("POST", f"{JOBS}?api-version={version}", body)


def submitted(
    client: Client, conversations: Any, *tasks: dict[str, Any], version: str = NEWEST, **fields: Any
) -> str:
    response = submit(client, conversations, *tasks, version=version, **fields)
    assert response.status_code == 202, response.text
    return response.headers["operation-location"]


def results(
    client: Client, sent: dict[str, Any], task: dict[str, Any], version: str = NEWEST
) -> dict[str, Any]:
    """Return the result of one conversation in one task."""
    state = client.state(submitted(client, [sent], task, version=version))
    [found] = state["tasks"]["items"][0]["results"]["conversations"]
    answer: dict[str, Any] = found
    return answer
