"""Every job family over the hook, against the emulator with its real engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.documents import (
    AzureBlob,
    AzureContainer,
    AzureContainerFolder,
    NativeDocument,
)
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.flows import Cancellation
from airflow_provider_language.protocol.inputs.conversations import conversations_from
from airflow_provider_language.protocol.inputs.native_documents import Location
from airflow_provider_language.protocol.jobs.results import RowStatus
from airflow_provider_language.tasks import (
    ConversationalPII,
    ConversationalSentiment,
    ConversationalSummarization,
    CustomConversationalSummarization,
    CustomEntityRecognition,
    Healthcare,
)
from tests.airflow_stands import KEY
from tests.conftest import Connect

TURNS: list[dict[str, Any]] = [
    {"conversation_id": "c1", "speaker": "agent", "text": "May I have your name, please?", "id": "first"},
    {"conversation_id": "c1", "speaker": "customer", "text": "John Doe, john@example.com.", "id": "second"},
]
NOTE = [{"id": "n", "text": "Metformin 500 mg twice daily.", "language": "en"}]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(key=KEY, duration=0) as running:
        yield running


@pytest.fixture
def hook(emulator: Emulator, connect: Connect) -> LanguageHook:
    connect(emulator.endpoint)
    return LanguageHook()


def ended(hook: LanguageHook, location: str) -> str:
    hook.wait(location, timeout=60, poll_interval=0.0)
    return location


@pytest.mark.parametrize("version", ["2024-05-01", "2024-11-01", "2025-05-15-preview", "2025-11-15-preview"])
def test_personal_information_is_redacted_item_by_item(
    emulator: Emulator, connect: Connect, version: str
) -> None:
    connect(emulator.endpoint)
    hook = LanguageHook(api_version=version)
    talk = conversations_from(TURNS, "en")

    location = ended(hook, hook.submit(talk, [ConversationalPII(redaction_character="#")]))
    (row,) = hook.results(location, ["c1"])

    assert "/language/analyze-conversations/jobs/" in location
    assert (row.status, row.kind) == (RowStatus.OK, "ConversationalPIITask")
    items = {item["id"]: item for item in (row.result or {})["conversationItems"]}
    assert list(items) == ["first", "second"]
    redacted = items["second"]["redactedContent"]["text"]
    assert "john@example.com" not in redacted
    assert "#" in redacted
    assert len(redacted) == len(TURNS[1]["text"])
    for entity in items["second"]["entities"]:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        assert TURNS[1]["text"][begin:end] == entity["text"]


@pytest.mark.parametrize("beside", ["👩🏻", "👨‍👩‍👧", "e\N{COMBINING ACUTE ACCENT}", "🇩🇪"])
def test_an_offset_behind_an_emoji_counts_code_points_like_all_others(
    hook: LanguageHook, beside: str
) -> None:
    text = f"{beside} SSN: 859-98-0987 {beside} john@example.com"
    talk = conversations_from([{**TURNS[0], "text": text}], "en")

    (row,) = hook.results(ended(hook, hook.submit(talk, [ConversationalPII()])), ["c1"])

    (item,) = (row.result or {})["conversationItems"]
    assert {entity["text"] for entity in item["entities"]} >= {"859-98-0987", "john@example.com"}
    for entity in item["entities"]:
        assert text[entity["offset"] :][: entity["length"]] == entity["text"]
    assert list(row.warnings) == []


def test_a_conversation_is_summarized_in_the_newest_stable_version(hook: LanguageHook) -> None:
    aspects: Any = ["issue", "resolution", "recap"]
    task = ConversationalSummarization(summary_aspects=aspects, summary_length="short")

    location = ended(hook, hook.submit(conversations_from(TURNS, "en"), [task]))
    (row,) = hook.results(location, ["c1"])

    assert location.endswith("api-version=2024-11-01")
    assert {one["aspect"] for one in (row.result or {})["summaries"]} == set(aspects)


@pytest.mark.parametrize("version", ["2022-10-01-preview", "2023-11-15-preview"])
def test_the_mood_of_each_item_is_told_in_the_previews_that_have_it(
    emulator: Emulator, connect: Connect, version: str
) -> None:
    connect(emulator.endpoint)
    hook = LanguageHook(api_version=version)
    turns = [{**TURNS[0], "text": "How was it?"}, {**TURNS[1], "text": "Wonderful, thank you!"}]
    task = ConversationalSentiment(prediction_source="text")

    location = ended(hook, hook.submit(conversations_from(turns, "en"), [task]))
    (row,) = hook.results(location, ["c1"])

    assert (row.status, row.kind, row.task) == (RowStatus.OK, task.kind, task.kind)
    moods = [(item["id"], item["sentiment"]) for item in (row.result or {})["conversationItems"]]
    assert moods == [("first", "neutral"), ("second", "positive")]


def test_a_summary_by_a_model_of_one_s_own_is_named_by_project_and_deployment(
    emulator: Emulator, connect: Connect
) -> None:
    connect(emulator.endpoint)
    hook = LanguageHook(api_version="2025-11-15-preview")
    task = CustomConversationalSummarization(
        project_name="support-summaries", deployment_name="production", summary_aspects=["recap"]
    )

    location = ended(hook, hook.submit(conversations_from(TURNS, "en"), [task]))
    (row,) = hook.results(location, ["c1"])

    assert (row.kind, row.model_version) == (task.kind, "support-summaries/production")
    assert [one["aspect"] for one in (row.result or {})["summaries"]] == ["recap"]
    assert [warning["code"] for warning in row.warnings] == ["EmulatorApproximation"]


def test_a_bundle_is_returned_in_the_version_and_kind_that_was_asked_for(hook: LanguageHook) -> None:
    task = Healthcare(fhir_version="4.0.1", document_type="Consult")

    (row,) = hook.results(ended(hook, hook.submit(NOTE, [task])), ["n"])

    assert (row.result or {})["fhirBundle"]["resourceType"] == "Bundle"


def test_a_model_of_one_s_own_is_named_by_project_and_deployment(hook: LanguageHook) -> None:
    task = CustomEntityRecognition(project_name="support-entities", deployment_name="production")
    texts = [{"id": "m", "text": "The grinder is broken.", "language": "en"}]

    (row,) = hook.results(ended(hook, hook.submit(texts, [task])), ["m"])

    assert row.model_version == "support-entities/production"
    assert {entity["text"] for entity in (row.result or {})["entities"]} >= {"grinder"}


def test_a_legacy_health_job_is_run_and_read(emulator: Emulator, connect: Connect) -> None:
    connect(emulator.endpoint, extra={"api_version": "v3.1"})
    hook = LanguageHook()

    location = ended(hook, hook.submit(NOTE, [Healthcare(logging_opt_out=True)]))
    (row,) = hook.results(location, ["n"])

    assert "/text/analytics/v3.1/entities/health/jobs/" in location
    assert "metformin" in {entity["text"].lower() for entity in (row.result or {})["entities"]}


@pytest.mark.parametrize(
    ("documents", "tasks", "version", "how"),
    [
        (conversations_from(TURNS, "en"), [ConversationalPII()], "2024-11-01", "POST"),
        (NOTE, ["Healthcare"], "v3.1", "DELETE"),
    ],
    ids=["conversations", "v3.1 health"],
)
def test_a_job_is_cancelled_in_the_way_of_its_family(
    connect: Connect, documents: Any, tasks: Any, version: str, how: str
) -> None:
    with Emulator(key=KEY, duration=3600) as slow:
        connect(slow.endpoint)
        hook = LanguageHook(api_version=version)
        location = hook.submit(documents, tasks)

        assert hook.cancel(location) is Cancellation.REQUESTED
        assert hook.wait(location, timeout=60, poll_interval=0.0).status == "cancelled"
        assert hook.cancel(location) is Cancellation.ALREADY_ENDED
        assert len(slow.journal.select(method=how, operation="cancel")) == 2


SAS = "sv=2026-01-01&sig=SIGNATURE"
ACCOUNT = "https://name.blob.core.windows.net"


@pytest.mark.parametrize(
    ("version", "source", "target"),
    [
        (
            "2026-05-01",
            AzureBlob(f"{ACCOUNT}/in/a.txt?{SAS}"),
            AzureContainerFolder(f"{ACCOUNT}/out/x?{SAS}"),
        ),
        ("2026-05-15-preview", AzureContainer(f"{ACCOUNT}/in?{SAS}"), AzureContainer(f"{ACCOUNT}/out?{SAS}")),
        ("2024-11-15-preview", AzureBlob(f"{ACCOUNT}/in/a.txt?{SAS}"), AzureBlob(f"{ACCOUNT}/out?{SAS}")),
    ],
    ids=["blob to folder", "container to container", "an older version"],
)
def test_native_documents_are_redacted_from_place_to_place(
    connect: Connect, tmp_path: Path, version: str, source: Location, target: Location
) -> None:
    for container in ("in", "out"):
        (tmp_path / "name" / container).mkdir(parents=True)
    (tmp_path / "name" / "in" / "a.txt").write_text("Write to john@example.com.")
    missing = AzureBlob(f"{ACCOUNT}/in/missing.txt?{SAS}")
    documents = [
        NativeDocument(id="there", source=source, target=target),
        NativeDocument(id="missing", source=missing, target=target),
    ]
    with Emulator(key=KEY, duration=0, blobs=tmp_path) as running:
        connect(running.endpoint)
        hook = LanguageHook(api_version=version)
        location = ended(hook, hook.submit(documents, ["PiiEntityRecognition"]))
        there, lost = hook.results(location, ["there", "missing"])

    assert (there.status, lost.status) == (RowStatus.OK, RowStatus.ERROR)
    written = [one["location"] for one in (there.result or {})["target"]]
    assert written
    redacted = "".join(
        (tmp_path / "name" / location.removeprefix(f"{ACCOUNT}/")).read_text() for location in written
    )
    assert "Write to ****" in redacted
    assert "SIGNATURE" not in str([there.to_dict(), lost.to_dict(), documents])
