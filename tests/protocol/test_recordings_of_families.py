"""Recorded jobs of conversations and native documents, replayed against the flows."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest

from airflow_provider_language.protocol import flows, result_pages
from airflow_provider_language.protocol.inputs.conversations import Conversation
from airflow_provider_language.protocol.inputs.families import inputs_from
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.expected import ExpectedResults
from airflow_provider_language.protocol.jobs.handles import handle_of_answer
from airflow_provider_language.protocol.jobs.results import RowStatus
from airflow_provider_language.protocol.jobs.status import State
from airflow_provider_language.protocol.surfaces import ANALYZE_CONVERSATIONS, ANALYZE_DOCUMENTS
from airflow_provider_language.protocol.wire import Response
from tests.protocol.models import RECORDINGS
from tests.protocol.playing import STEADY, Player, settled
from tests.protocol.recordings import Exchange, exchanges_of

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"the recorded traffic is not at {RECORDINGS}"),
]

CALL = "conversation_pii_2025-11-15-preview"
FILES = "documents_submit_notstarted_2026-05-15-preview"


def told_apart(body: Any) -> Any:
    """The body with the items' ids numbered: its authors replaced every id by one and the same word."""
    numbers = count()

    def number(value: Any) -> Any:
        if isinstance(value, list):
            return [number(one) for one in value]
        if isinstance(value, dict):
            said = {name: number(content) for name, content in value.items()}
            if "participantId" in value or "redactedContent" in value:
                said["id"] = str(next(numbers))
            return said
        return value

    return number(body)


def submission_of(exchange: Exchange) -> Submission:
    """What was submitted, made of the recorded request by way of our own types."""
    body = told_apart(exchange.sent)
    (inputs,) = body["analysisInput"].values()
    return Submission(
        inputs_from(inputs),
        tasks_from(body["tasks"]),
        exchange.query["api-version"],
        display_name=body.get("displayName"),
    )


def test_a_recorded_conversation_is_submitted_as_it_was() -> None:
    first = exchanges_of(CALL)[0]
    submission = submission_of(first)
    player = Player(first.reply)

    handle = player.play(flows.submit(submission, STEADY))

    assert submission.surface is handle.surface is ANALYZE_CONVERSATIONS
    (request,) = player.requests
    assert first.is_of(request)
    assert json.loads(request.content or b"") == told_apart(first.sent)


def test_a_recorded_conversation_is_waited_for_and_read_item_by_item() -> None:
    first, *looks = exchanges_of(CALL)
    submission = submission_of(first)
    handle = handle_of_answer(
        first.reply.headers["operation-location"], submission.surface, submission.version
    )
    assert handle is not None
    waiting = Player(*(look.reply for look in looks))
    job = waiting.play(flows.wait(handle, STEADY))
    assert job.state is State.SUCCEEDED
    assert all(look.is_of(request) for look, request in zip(looks, waiting.requests, strict=True))

    last = looks[-1].reply
    body = json.dumps(told_apart(last.payload)).encode()
    submitted = ExpectedResults.of(submission, at=0.0, lost_submissions=0)
    (row,) = settled(
        result_pages.results(handle, STEADY, submitted), Response(last.status, last.headers, body, last.at)
    )

    assert (row.document_id, row.task, row.kind) == (
        submission.documents[0].id,
        "Conversation PII",
        "ConversationalPIITask",
    )
    assert (row.status, row.language, row.model_version) == (RowStatus.OK, "en", "2025-02-01")
    assert row.result is not None
    items = {item["id"]: item for item in row.result["conversationItems"]}
    assert list(items) == ["0", "1", "2"]
    conversation = submission.documents[0]
    assert isinstance(conversation, Conversation)
    said = {item.id: item.text for item in conversation.items}
    for id_, item in items.items():
        assert len(item["redactedContent"]["text"]) == len(said[id_])
        for entity in item["entities"]:
            begin, end = entity["offset"], entity["offset"] + entity["length"]
            assert said[id_][begin:end] == entity["text"]


def test_a_recorded_job_of_native_documents_is_submitted_and_looked_at() -> None:
    first, look = exchanges_of(FILES)
    submission = submission_of(first)
    submitting, looking = Player(first.reply), Player(look.reply)

    handle = submitting.play(flows.submit(submission, STEADY))
    job = looking.play(flows.get(handle, STEADY))

    assert submission.surface is handle.surface is ANALYZE_DOCUMENTS
    assert first.is_of(submitting.requests[0])
    assert look.is_of(looking.requests[0])
    sent = json.loads(submitting.requests[0].content or b"")
    (task,) = sent["tasks"]
    # Ours are named, and the unit of offsets is ours; all else is as it was recorded.
    assert task.pop("taskName") == "PiiEntityRecognition"
    task["parameters"].pop("stringIndexType")
    assert sent == first.sent
    assert (job.state, job.display_name, job.total) == (State.ACTIVE, "Document Analysis.", 1)
