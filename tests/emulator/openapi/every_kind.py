"""Jobs with a task of every kind, about inputs that every kind makes something of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulator.openapi.request_rules import CONTAINER

if TYPE_CHECKING:
    from tests.emulator.openapi.documents import Document

_TEXT = (
    "Anna Miller of Contoso wrote from Seattle on 3 May 2021: the invoice is wrong, please refund us. "
    "The patient takes 100 mg ibuprofen twice a day. The food was great, but the waiter was rude."
)
_TEXTS = {"documents": [{"id": "1", "text": _TEXT, "language": "en"}]}
_LINES = (
    "Hello, my name is Anna Miller, my printer does not work.",
    "Please restart it.",
    "It works, thanks!",
)
_CONVERSATION = {
    "id": "1",
    "language": "en",
    "modality": "transcript",
    "conversationItems": [
        {"id": str(number), "participantId": "1", "role": "customer"}
        | dict.fromkeys(("text", "lexical", "itn", "maskedItn"), line)
        for number, line in enumerate(_LINES)
    ],
}
_NATIVE = {
    "id": "1",
    "source": {"kind": "AzureBlob", "location": f"{CONTAINER}/letter.txt"},
    "target": {"kind": "AzureBlob", "location": f"{CONTAINER}/results"},
}


def _project(kind: str, name: str) -> dict[str, Any]:
    return {"kind": kind, "parameters": {"projectName": name, "deploymentName": "production"}}


SUBMISSIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "/analyze-text/jobs/{jobId}": (
        "/analyze-text/jobs",
        {
            "analysisInput": _TEXTS,
            "tasks": [
                {"kind": "SentimentAnalysis", "parameters": {"opinionMining": True}},
                {"kind": "EntityRecognition"},
                {"kind": "PiiEntityRecognition"},
                {"kind": "KeyPhraseExtraction"},
                {"kind": "EntityLinking"},
                {"kind": "Healthcare"},
                {"kind": "ExtractiveSummarization"},
                {"kind": "AbstractiveSummarization"},
                _project("CustomEntityRecognition", "support-entities"),
                _project("CustomSingleLabelClassification", "support-topic"),
                _project("CustomMultiLabelClassification", "support-concerns"),
            ],
        },
    ),
    "/analyze-conversations/jobs/{jobId}": (
        "/analyze-conversations/jobs",
        {
            "analysisInput": {"conversations": [_CONVERSATION]},
            "tasks": [
                {
                    "kind": "ConversationalSummarizationTask",
                    "parameters": {"summaryAspects": ["issue", "resolution", "chapterTitle", "narrative"]},
                },
                {"kind": "ConversationalPIITask"},
            ],
        },
    ),
    "/analyze-documents/jobs/{jobId}": (
        "/analyze-documents/jobs",
        {
            "analysisInput": {"documents": [_NATIVE]},
            "tasks": [
                {"kind": "PiiEntityRecognition"},
                {"kind": "ExtractiveSummarization"},
                {"kind": "AbstractiveSummarization", "parameters": {}},
            ],
        },
    ),
    "/analyze/jobs/{jobId}": (
        "/analyze",
        {
            "analysisInput": _TEXTS,
            "tasks": {
                "entityRecognitionTasks": [{}],
                "entityRecognitionPiiTasks": [{}],
                "keyPhraseExtractionTasks": [{}],
                "entityLinkingTasks": [{}],
                "sentimentAnalysisTasks": [{"parameters": {"opinionMining": True}}],
            },
        },
    ),
    "/entities/health/jobs/{jobId}": ("/entities/health/jobs", _TEXTS),
}
"""For the path of a job's states: where one is submitted, and what."""


def with_kinds_of(document: Document, submission: dict[str, Any]) -> dict[str, Any]:
    """Return a submission with those of its tasks that a document has."""
    tasks = submission.get("tasks")
    if not isinstance(tasks, list):
        return submission
    definitions = document.read()["definitions"]
    [known] = [definitions[name]["enum"] for name in definitions if name.endswith("LROTaskKind")]
    assert set(known) <= {task["kind"] for task in tasks}, "a kind is missing here"
    return {**submission, "tasks": [task for task in tasks if task["kind"] in known]}


def items_of(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the finished tasks in the state of a job, whichever API wrote it."""
    if "tasks" not in state:
        return [state]
    return [item for value in state["tasks"].values() if isinstance(value, list) for item in value]
