"""Versions later than the tables are like the newest that are known, wherever versions are told."""

from __future__ import annotations

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.detection import detection_requests
from airflow_provider_language.protocol.inputs.conversations import Conversation, ConversationItem
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.inputs.native_documents import NativeDocument, native_documents_from
from airflow_provider_language.protocol.inputs.refusals import check_option
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.handles import Endpoint, JobHandle, handle_from
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    Surface,
    surface_for,
)

FAMILIES = [ANALYZE_TEXT, ANALYZE_CONVERSATIONS, ANALYZE_DOCUMENTS]
STABLE, PREVIEW = "2026-11-01", "2026-11-15-preview"
TURN = ConversationItem(id="1", participant_id="a", text="Hello.")
ENDPOINT = Endpoint.parse("https://name.cognitiveservices.azure.com")


def newest(family: Surface, later: str) -> str:
    """The newest known version of the same sort."""
    return max(known for known in family.kinds if known.endswith("-preview") == later.endswith("-preview"))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("later", [STABLE, PREVIEW])
def test_a_later_version_has_the_kinds_of_the_newest_known_of_its_sort(family: Surface, later: str) -> None:
    kinds = family.kinds[newest(family, later)]
    assert surface_for(later, kinds, family) is family
    with pytest.raises(InvalidInputError, match=f"{later} does not know LanguageDetection; it knows "):
        surface_for(later, frozenset({"LanguageDetection"}), family)


def has_option(family: Surface, version: str, option: str) -> bool:
    """Whether an option passes."""
    try:
        check_option(family, version, option)
    except InvalidInputError:
        return False
    return True


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("later", [STABLE, PREVIEW])
def test_a_job_at_a_later_version_has_the_options_of_the_newest_known_of_its_sort(
    family: Surface, later: str
) -> None:
    for option in ('the language "auto"', "default_language", "cancel_after"):
        assert has_option(family, later, option) is has_option(family, newest(family, later), option)


@pytest.mark.parametrize(
    "version",
    [
        "2026-05-02",  # of a day that is known, at which there was none
        "2026-05-15",
        "2026-04-01",
        "2021-11-01",
        "2026-13-01",
        "2026-11-31",
        "2026-11-1",
        "2026-11-01-Preview",
        "2026-11-01-beta",
        "2026-11-01 ",
        "\uff12027-01-01",  # a digit that is none of ASCII
        "latest",
        "",
    ],
)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_what_is_misspelt_or_older_than_what_is_known_is_refused_with_what_there_is(
    family: Surface, version: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"no version of the API {family.name}; those are 20"):
        surface_for(version, frozenset(), family)


def test_the_legacy_api_has_one_version() -> None:
    assert LEGACY_ANALYZE.like("v3.1") == "v3.1"
    assert LEGACY_ANALYZE.like(STABLE) is None
    assert LEGACY_ANALYZE.kinds_at(STABLE) == frozenset()


def test_a_later_version_has_the_parameters_of_the_newest_known_of_its_sort() -> None:
    brief = {"instruction": "Be brief."}
    instructed = tasks_from([{"kind": "AbstractiveSummarization", "parameters": brief}])
    masked = tasks_from([{"kind": "PiiEntityRecognition", "parameters": {"redactionCharacter": "#"}}])
    texts = (Document("1", "Hello.", "en"),)

    assert Submission(texts, instructed, PREVIEW).to_request().query == (("api-version", PREVIEW),)
    with pytest.raises(InvalidInputError, match=f"{STABLE} does not know instruction; 2024-11-15-preview"):
        Submission(texts, instructed, STABLE)
    for version in (STABLE, PREVIEW):
        with pytest.raises(InvalidInputError, match=f"{version} does not know redactionCharacter"):
            Submission(texts, masked, version)


def native_document() -> NativeDocument:
    (document,) = native_documents_from(
        [{"source": "https://a.blob.core.windows.net/c/a.txt", "target": "https://a.blob.core.windows.net/d"}]
    )
    return document


@pytest.mark.parametrize("version", [STABLE, PREVIEW])
@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (Document("1", "Hello.", "en"), "SentimentAnalysis"),
        (Conversation(id="1", items=(TURN,), language="en"), "ConversationalPIITask"),
        (native_document(), "PiiEntityRecognition"),
    ],
    ids=["text", "conversation", "native document"],
)
def test_a_job_of_a_later_version_is_submitted_and_found_again(
    version: str, document: Input, kind: str
) -> None:
    submission = Submission((document,), tasks_from([kind]), version)
    handle = JobHandle(submission.surface, version, "job-1")

    assert submission.to_request().query == (("api-version", version),)
    assert handle_from(handle.location(ENDPOINT), ENDPOINT) == handle
    assert handle.look().query == (("api-version", version),)


def test_languages_are_detected_at_a_later_version() -> None:
    (request,) = detection_requests([Document("1", "Hello.")], STABLE)
    assert request.query == (("api-version", STABLE),)
