"""A submission: what is refused before it is sent, and the request that each family reads."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversation_tasks import (
    ConversationalPII,
    ConversationalSummarization,
)
from airflow_provider_language.protocol.inputs.conversations import Conversation, ConversationItem
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.inputs.native_documents import (
    AzureBlob,
    AzureContainerFolder,
    NativeDocument,
)
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import TaskLike, tasks_from
from airflow_provider_language.protocol.inputs.text_tasks import PiiEntityRecognition
from airflow_provider_language.protocol.inputs.timings import WordTiming
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    Surface,
)

ONE = (Document("1", "A text.", "en"),)
AUTO = (Document("1", "A text.", "auto"),)


RECAP = ConversationalSummarization(summary_aspects=["recap"])


def talk(length: int = 3, id_: str = "c", **fields: Any) -> Conversation:
    item = ConversationItem(id="0", participant_id="a", text="x" * length)
    return Conversation(id=id_, items=(item,), **fields)


def talks(number: int) -> tuple[Conversation, ...]:
    return tuple(talk(id_=str(index)) for index in range(number))


def spoken() -> Conversation:
    item = ConversationItem(
        id="1",
        participant_id="p",
        text="Hi.",
        lexical="hi",
        itn="hi",
        masked_itn="hi",
        word_level_timings=[WordTiming(word="hi", offset=1, duration=2)],
    )
    return Conversation(id="1", items=(item,), modality="transcript")


def file(id_: str = "1", **fields: Any) -> NativeDocument:
    folder = AzureContainerFolder("https://host/out?sig=secret")
    return NativeDocument(id=id_, source=AzureBlob("https://host/in/a.pdf"), target=folder, **fields)


def files(number: int) -> tuple[NativeDocument, ...]:
    return tuple(file(str(index)) for index in range(number))


def submission(*kinds: TaskLike, documents: tuple[Input, ...] = ONE, **options: Any) -> Submission:
    return Submission(documents, tasks_from(kinds or ("KeyPhraseExtraction",)), **options)


def texts(number: int, length: int) -> tuple[Document, ...]:
    return tuple(Document(str(index), "x" * length) for index in range(number))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"documents": ()}, "no documents"),
        ({"documents": ONE + ONE}, "not unique"),
        ({"documents": (Document("1", ""),)}, "text is empty"),
        ({"documents": texts(26, 1)}, "at most 25 documents, and there are 26"),
        ({"documents": texts(25, 5001)}, "at most 125000 characters .* there are 125025"),
        ({"version": "2026"}, "no version of the API"),
        ({"version": "2022-05-01", "documents": AUTO}, 'does not know the language "auto"'),
        ({"version": "2022-05-01", "default_language": "en"}, "default_language"),
        ({"version": "2024-11-01", "default_language": "en"}, "default_language"),
        ({"version": "2024-11-01", "cancel_after": 0.5}, "cancel_after"),
        ({"version": "2025-11-01", "default_language": "en"}, "default_language; 2022-07-01-preview, "),
        ({"version": "2026-05-01", "default_language": "en"}, "default_language; 2022-07-01-preview, "),
        (
            {"version": "2025-11-01", "cancel_after": 5},
            "analyze-text 2025-11-01 does not know cancel_after; 2025-05-15-preview, 2025-11-15-preview, "
            "2026-05-01, 2026-05-15-preview have it",
        ),
        ({"version": "v3.1", "cancel_after": 60}, "cancel_after"),
        ({"version": "v3.1", "documents": AUTO}, "auto"),
    ],
)
def test_what_the_service_would_refuse_is_not_sent(options: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        submission(**options)


def test_a_job_without_tasks_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no tasks"):
        Submission(ONE, ())


def test_a_kind_that_the_version_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="does not know AbstractiveSummarization"):
        submission("AbstractiveSummarization", version="2022-05-01")


@pytest.mark.parametrize(
    ("tasks", "options", "why"),
    [
        (("Healthcare",), {"display_name": "mine"}, "display_name"),
        (("Healthcare", "Healthcare"), {}, "several tasks"),
        (("Healthcare", "KeyPhraseExtraction"), {}, "does not know Healthcare"),
    ],
)
def test_a_v3_1_health_job_has_one_task_and_no_name(
    tasks: tuple[str, ...], options: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidInputError, match=why):
        submission(*tasks, version="v3.1", **options)


@pytest.mark.parametrize(
    ("task", "documents", "version", "options", "why"),
    [
        (RECAP, talks(26), "2024-11-01", {}, "at most 25 conversations, and there are 26"),
        (RECAP, (talk(125_001),), "2024-11-01", {}, "at most 125000 characters over all its conversations"),
        (ConversationalPII(), talks(2), "2024-11-01", {}, "at most 1 conversations"),
        (ConversationalPII(), (talk(40_001),), "2024-11-01", {}, "at most 40000 characters"),
        (ConversationalPII(), talks(1), "2023-04-01", {}, "does not know ConversationalPIITask"),
        (
            RECAP,
            talks(1),
            "2023-04-01",
            {},
            "know summaryAspects=recap; 2023-11-15-preview, 2024-05-01",
        ),
        (
            RECAP,
            talks(1),
            "2026-05-01",
            {},
            "no version of the API analyze-conversations; those are 2022",
        ),
        (RECAP, talks(1), "v3.1", {}, "no version of the API analyze-conversations"),
        (
            RECAP,
            ONE,
            "2026-05-01",
            {},
            "analyze-text 2026-05-01 does not know Conversational",
        ),
        (RECAP, (talk(language="auto"),), "2024-11-01", {}, 'does not know the language "auto"'),
        (RECAP, talks(1), "2024-11-01", {"cancel_after": 5}, "cancel_after"),
        (RECAP, talks(1), "2025-11-15-preview", {"default_language": "en"}, "default_language"),
        (RECAP, (talk(), file()), "2024-11-01", {}, "documents of one kind"),
        (PiiEntityRecognition(), files(41), "2026-05-01", {}, "at most 40 documents, and there are 41"),
        (PiiEntityRecognition(), files(1), "2023-11-15-preview", {}, "does not know locations"),
        (PiiEntityRecognition(), files(1), "2026-05-01", {"cancel_after": 5}, "cancel_after"),
        (PiiEntityRecognition(), files(1), "2025-11-01", {}, "no version of the API analyze-documents"),
        ("ExtractiveSummarization", files(1), "2026-05-01", {}, "does not know ExtractiveSummarization"),
        ("KeyPhraseExtraction", files(1), "2026-05-01", {}, "does not know KeyPhraseExtraction"),
    ],
)
def test_what_another_family_would_refuse_is_not_sent(
    task: TaskLike, documents: tuple[Input, ...], version: str, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidInputError, match=why):
        submission(task, documents=documents, version=version, **options)


def test_a_conversation_job_has_its_conversations() -> None:
    one = submission(RECAP, documents=(talk(),), version="2025-11-15-preview", cancel_after=5.0)
    request = one.to_request()
    assert one.surface is ANALYZE_CONVERSATIONS
    assert (request.path, request.query) == (
        "/language/analyze-conversations/jobs",
        (("api-version", "2025-11-15-preview"),),
    )
    assert request.body == {
        "analysisInput": {
            "conversations": [
                {
                    "id": "c",
                    "language": "en",
                    "modality": "text",
                    "conversationItems": [{"id": "0", "participantId": "a", "text": "xxx"}],
                }
            ]
        },
        "tasks": [
            {
                "kind": "ConversationalSummarizationTask",
                "taskName": "ConversationalSummarizationTask",
                "parameters": {"summaryAspects": ["recap"], "stringIndexType": "UnicodeCodePoint"},
            }
        ],
        "cancelAfter": 5.0,
    }


@pytest.mark.parametrize("version", ["2022-05-15-preview", "2022-07-01-preview"])
def test_the_first_previews_of_conversations_have_names_and_units_of_their_own(
    version: str, caplog: pytest.LogCaptureFixture
) -> None:
    task = ConversationalSummarization(summary_aspects=["issue"])
    timed = replace(spoken(), items=tuple(replace(item, role="agent") for item in spoken().items))
    with caplog.at_level(logging.WARNING):
        body = submission(task, documents=(timed,), version=version).to_request().body or {}

    (item,) = body["analysisInput"]["conversations"][0]["conversationItems"]
    assert "wordLevelTimings" not in item
    assert item["audioTimings"] == [{"word": "hi", "offset": 1, "duration": 2}]
    assert body["tasks"][0]["parameters"] == {"summaryAspects": ["issue"]}
    assert f"{version} counts offsets in a unit of its own" in caplog.text
    chat = submission(ConversationalPII(), documents=talks(1), version=version).to_request().body or {}
    assert chat["analysisInput"]["conversations"][0]["conversationItems"] == [
        {"id": "0", "participantId": "a", "text": "xxx"}
    ]


@pytest.mark.parametrize(
    "words",
    [
        {"string_index_type": "Utf16CodeUnit"},
        {"sentence_count": 3},
        {"summary_aspects": ["narrative"]},
        {"summary_aspects": ["chapterTitle"]},
    ],
    ids=str,
)
def test_what_the_first_previews_of_conversations_do_not_have_is_refused(words: dict[str, Any]) -> None:
    task = ConversationalSummarization(**{"summary_aspects": ["issue"], **words})
    customer = replace(talk(), items=tuple(replace(item, role="customer") for item in talk().items))
    with pytest.raises(InvalidInputError, match=r"does not know .*; 2022-10-01-preview, 2023-04-01, "):
        submission(task, documents=(customer,), version="2022-07-01-preview")
    submission(task, documents=(customer,), version="2022-10-01-preview")


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("2022-10-01-preview", "includeAudioRedaction"),
        ("2023-04-15-preview", "redactAudioTiming"),
        ("2024-11-01", "redactAudioTiming"),
    ],
)
def test_the_silencing_of_audio_has_the_name_of_its_version(version: str, name: str) -> None:
    timed = (spoken(),)
    one = submission(ConversationalPII(redact_audio_timing=True), documents=timed, version=version)
    (task,) = (one.to_request().body or {})["tasks"]
    assert task["parameters"] == {name: True}
    without = submission(ConversationalPII(), documents=talks(1), version=version).to_request().body or {}
    assert without["tasks"][0]["parameters"] == {}
    assert one.tasks[0].parameters == {"redactAudioTiming": True}


def test_a_job_of_native_documents_has_their_locations_and_shows_no_sas() -> None:
    one = submission(PiiEntityRecognition(), documents=(file(language="auto"),), default_language="de")
    request = one.to_request()
    assert one.surface is ANALYZE_DOCUMENTS
    assert request.path == "/language/analyze-documents/jobs"
    body = request.body or {}
    assert body["defaultLanguage"] == "de"
    assert body["analysisInput"] == {
        "documents": [
            {
                "id": "1",
                "source": {"kind": "AzureBlob", "location": "https://host/in/a.pdf"},
                "target": {"kind": "AzureContainerFolder", "location": "https://host/out?sig=secret"},
                "language": "auto",
            }
        ]
    }
    assert "secret" not in repr(one) + repr(request)


@pytest.mark.parametrize("documents", [texts(25, 5000), texts(1, 125_000)])
def test_a_job_may_be_as_large_as_the_limits(documents: tuple[Document, ...]) -> None:
    assert submission(documents=documents).characters == 125_000


@pytest.mark.parametrize(
    ("kind", "version", "surface"),
    [
        ("Healthcare", "2026-05-01", ANALYZE_TEXT),
        ("Healthcare", "v3.1", LEGACY_HEALTH),
        ("EntityLinking", "v3.1", LEGACY_ANALYZE),
    ],
)
def test_version_and_kinds_decide_on_the_family(kind: str, version: str, surface: Surface) -> None:
    assert submission(kind, version=version).surface is surface


def test_a_submission_is_not_repeatable_and_keeps_texts_and_tasks_out_of_repr() -> None:
    one = submission(documents=(Document("1", "secret"),), display_name="mine")
    request = one.to_request()
    assert not request.repeatable
    assert "secret" not in repr(one) + repr(request)


def test_a_text_job_has_only_what_was_asked_for() -> None:
    request = submission("KeyPhraseExtraction").to_request()
    assert (request.method, request.path) == ("POST", "/language/analyze-text/jobs")
    assert request.query == (("api-version", "2026-05-01"),)
    assert request.body == {
        "analysisInput": {"documents": [{"id": "1", "text": "A text.", "language": "en"}]},
        "tasks": [{"kind": "KeyPhraseExtraction", "taskName": "KeyPhraseExtraction", "parameters": {}}],
    }


def test_a_text_job_has_its_options() -> None:
    options: dict[str, Any] = {"display_name": "mine", "default_language": "es", "cancel_after": 0.0}
    one = submission(documents=AUTO, version="2026-05-15-preview", **options)
    body = one.to_request().body or {}
    assert (body["displayName"], body["defaultLanguage"], body["cancelAfter"]) == ("mine", "es", 0.0)


def test_a_v3_1_job_has_an_array_for_each_kind_and_spells_two_things_otherwise() -> None:
    request = submission(
        {
            "kind": "SentimentAnalysis",
            "taskName": "a",
            "parameters": {"modelVersion": "latest", "stringIndexType": "TextElements_v8"},
        },
        {"kind": "EntityLinking", "taskName": "b"},
        version="v3.1",
        display_name="mine",
    ).to_request()
    assert (request.path, request.query) == ("/text/analytics/v3.1/analyze", ())
    assert request.body == {
        "displayName": "mine",
        "analysisInput": {"documents": [{"id": "1", "text": "A text.", "language": "en"}]},
        "tasks": {
            "entityLinkingTasks": [{"taskName": "b", "parameters": {"stringIndexType": "UnicodeCodePoint"}}],
            "sentimentAnalysisTasks": [
                {
                    "taskName": "a",
                    "parameters": {"model-version": "latest", "stringIndexType": "TextElement_v8"},
                },
            ],
        },
    }


def test_a_v3_1_health_job_has_its_options_in_the_query() -> None:
    parameters = {"modelVersion": "2021-01-11", "loggingOptOut": True}
    request = submission({"kind": "Healthcare", "parameters": parameters}, version="v3.1").to_request()
    assert request.path == "/text/analytics/v3.1/entities/health/jobs"
    assert dict(request.query) == {
        "model-version": "2021-01-11",
        "loggingOptOut": "true",
        "stringIndexType": "UnicodeCodePoint",
    }
    assert request.body == {"documents": [{"id": "1", "text": "A text.", "language": "en"}]}
