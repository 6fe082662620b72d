"""What a task cannot do with its inputs is refused, and not left out without a word."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversation_tasks import (
    ConversationalPII,
    ConversationalSummarization,
)
from airflow_provider_language.protocol.inputs.conversations import Conversation, conversations_from
from airflow_provider_language.protocol.inputs.documents import documents_from
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.task_bases import Task
from airflow_provider_language.protocol.inputs.tasks import tasks_from

TURN = {"conversation_id": "c", "speaker": "p", "text": "I am Ann."}
SPOKEN = {**TURN, "lexical": "i am ann", "itn": "i am ann", "masked_itn": "i am ann"}
TIMED = {**SPOKEN, "word_level_timings": [{"word": "ann", "offset": 5, "duration": 2}]}
SILENT = {**SPOKEN, "text": ""}


def submission(task: Task | dict[str, Any], *rows: dict[str, Any]) -> Submission:
    conversations: tuple[Conversation, ...] = conversations_from(rows)
    return Submission(conversations, tasks_from([task]), "2024-11-01")


def test_the_timings_of_rows_reach_the_service() -> None:
    body = submission(ConversationalPII(redact_audio_timing=True), TIMED, SILENT).to_request().body
    assert isinstance(body, dict)
    (conversation,) = body["analysisInput"]["conversations"]
    assert conversation["conversationItems"][0]["wordLevelTimings"] == TIMED["word_level_timings"]
    assert body["tasks"][0]["parameters"]["redactAudioTiming"] is True


@pytest.mark.parametrize(
    "row",
    [TURN, SPOKEN, {**TIMED, "word_level_timings": []}, {**TIMED, "modality": "text"}],
    ids=["a chat", "no timings", "an empty list", "timings in a chat"],
)
def test_audio_that_could_not_be_silenced_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=r"needs word_level_timings.*item '0' of conversation 'c'"):
        submission(ConversationalPII(redact_audio_timing=True), row)


@pytest.mark.parametrize("aspect", ["issue", "resolution"])
def test_aspects_of_a_call_in_which_nobody_has_a_role_are_refused(aspect: Any) -> None:
    task = ConversationalSummarization(summary_aspects=["narrative", aspect])
    with pytest.raises(InvalidInputError, match=f"aspect {aspect} needs the role agent or customer"):
        submission(task, TURN, {**TURN, "role": "generic"})
    submission(task, TURN, {**TURN, "role": "customer"})


def test_other_aspects_need_no_roles() -> None:
    submission(ConversationalSummarization(summary_aspects=["narrative"]), TURN)


def test_v3_1_takes_each_kind_once() -> None:
    """Its specification says so; what it would answer to two of them, no recording tells."""
    kinds = tasks_from(["KeyPhraseExtraction", "EntityRecognition", "KeyPhraseExtraction"])
    with pytest.raises(InvalidInputError, match="KeyPhraseExtraction is there several times"):
        Submission(documents_from(["a"]), kinds, "v3.1")
    Submission(documents_from(["a"]), kinds, "2026-05-01")


@pytest.mark.parametrize("name", ["display_name", "default_language"])
@pytest.mark.parametrize("value", ["a\0", "\ud800"], ids=["NUL", "half a surrogate pair"])
def test_names_that_nobody_can_store_or_send_are_refused(name: str, value: str) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(InvalidInputError, match=f"The {name} "):
        Submission(documents_from(["a"], "auto"), tasks_from(["EntityLinking"]), **options)
