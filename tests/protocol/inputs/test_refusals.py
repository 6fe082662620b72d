"""What a version does not know is refused, with the nearest name, and never sent to be ignored."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.categories import ALL_PII, ENTITIES, PII, WHOLE
from airflow_provider_language.protocol.inputs.conversation_tasks import ConversationalPII
from airflow_provider_language.protocol.inputs.refusals import check_parameters
from airflow_provider_language.protocol.inputs.task_bases import Task
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.inputs.text_tasks import (
    AbstractiveSummarization,
    EntityRecognition,
    PiiEntityRecognition,
)
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    Surface,
)
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from tests.protocol.models import described, enum_of, needs_model


def check(
    task: Task | dict[str, Any], version: str = DEFAULT_VERSION, surface: Surface = ANALYZE_TEXT
) -> None:
    (wire,) = tasks_from([task])
    check_parameters(surface, version, wire)


def pii(**parameters: Any) -> dict[str, Any]:
    return {"kind": "PiiEntityRecognition", "parameters": parameters}


@pytest.mark.parametrize(
    ("task", "why"),
    [
        (
            pii(categoriesFilter=["Email"]),
            "knows no parameter 'categoriesFilter'; did you mean piiCategories",
        ),
        (pii(piiCategory=["Email"]), "did you mean piiCategories"),
        (pii(opinionMining=True), "knows no parameter 'opinionMining'"),
        (pii(redactionPolicies=[{"policyKnd": "noMask"}]), "did you mean policyKind"),
        (
            pii(redactionPolicies=[{"policyKind": "hide"}]),
            "'hide' for redactionPolicies.policyKind; it knows noMask",
        ),
        (pii(domain="health"), "'health' for domain; it knows phi, none"),
        (pii(piiCategories=["SSN"]), "'SSN' for piiCategories; did you mean .*USSocialSecurityNumber"),
        (pii(piiCategories=["person"]), "'person' for piiCategories; did you mean Person"),
        (pii(excludePiiCategories=["All"]), "'All' for excludePiiCategories"),
        (pii(redactionPolicies=[{"policyKind": "noMask", "entityTypes": ["Names"]}]), "'Names'"),
        (pii(entitySynonyms=[{"entityType": "Mail", "synonyms": [{"synonym": "e"}]}]), "'Mail' .*Email"),
        (
            pii(confidenceScoreThreshold={"default": 0.5, "overrides": [{"entity": "Nam", "value": 1}]}),
            "'Nam'",
        ),
        (PiiEntityRecognition(pii_categories=["SSN"]), "'SSN' for piiCategories"),
        (EntityRecognition(inclusion_list=["People"]), "'People' for inclusionList"),
        (
            {"kind": "KeyPhraseExtraction", "parameters": {"stringIndexType": "UnicodeCodePoint"}},
            "KeyPhraseExtraction of analyze-text 2026-05-01 knows no parameter 'stringIndexType'",
        ),
        (
            {"kind": "EntityLinking", "parameters": {"stringIndexType": "TextElement_v8"}},
            "does not know stringIndexType=TextElement_v8; no version has it",
        ),
    ],
)
def test_what_no_version_has_is_refused_with_the_nearest_name(task: Any, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        check(task)


@pytest.mark.parametrize(
    ("surface", "version", "task"),
    [
        (ANALYZE_TEXT, "2022-05-01", PiiEntityRecognition(pii_categories=["DateOfBirth"])),
        (LEGACY_ANALYZE, "v3.1", PiiEntityRecognition(pii_categories=["DateOfBirth"])),
        (ANALYZE_TEXT, "2025-05-15-preview", PiiEntityRecognition(pii_categories=["Password"])),
        (ANALYZE_CONVERSATIONS, "2024-11-01", ConversationalPII(pii_categories=["CreditCardNumber"])),
        (ANALYZE_DOCUMENTS, "2023-11-15-preview", PiiEntityRecognition(pii_categories=["CVV"])),
    ],
)
def test_a_category_that_the_version_s_published_list_has_not_is_refused(
    surface: Surface, version: str, task: Task
) -> None:
    with pytest.raises(InvalidInputError, match="knows no category"):
        check(task, version, surface)


@pytest.mark.parametrize(
    ("surface", "version", "task"),
    [
        (ANALYZE_TEXT, "2022-05-01", PiiEntityRecognition(pii_categories=["All", "Email"])),
        (ANALYZE_TEXT, "2026-05-01", PiiEntityRecognition(pii_categories=["Password"])),
        (ANALYZE_CONVERSATIONS, "2024-05-01", ConversationalPII(pii_categories=["CreditCardNumber"])),
        (ANALYZE_CONVERSATIONS, "2024-05-01", ConversationalPII(pii_categories=["CreditCard", "Default"])),
        (LEGACY_ANALYZE, "v3.1", PiiEntityRecognition(pii_categories=["Default"])),
    ],
)
def test_a_category_that_some_version_has_passes_where_no_list_was_published(
    surface: Surface, version: str, task: Task
) -> None:
    check(task, version, surface)


def test_what_the_documents_contradict_each_other_on_is_sent_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        check(pii(redactionPolicies=[{"policyKind": "noMask", "isDefaultPolicy": True}]))
    assert "contradict each other on redactionPolicies.isDefaultPolicy" in caplog.text


@pytest.mark.parametrize(
    ("surface", "version", "task", "what"),
    [
        (ANALYZE_DOCUMENTS, "2026-05-15-preview", "ExtractiveSummarization", "the kind Extractive"),
        (ANALYZE_DOCUMENTS, "2026-05-15-preview", "AbstractiveSummarization", "the kind Abstractive"),
        (
            ANALYZE_DOCUMENTS,
            "2026-05-15-preview",
            pii(redactionPolicies=[{"policyKind": "markerMask"}]),
            "redactionPolicies.policyKind=markerMask",
        ),
        (
            ANALYZE_CONVERSATIONS,
            "2024-05-01",
            ConversationalPII(pii_categories=["CreditCard", "Person"]),
            "piiCategories=CreditCard. It is sent",
        ),
        *(
            (
                ANALYZE_TEXT,
                version,
                pii(confidenceScoreThreshold={"default": 0, "overrides": [{"entity": "Age", "value": 1}]}),
                "confidenceScoreThreshold.overrides without a language",
            )
            for version in ("2026-05-01", "2026-05-15-preview")
        ),
    ],
)
def test_what_documents_contradict_each_other_on_passes_with_a_line_that_says_so(
    surface: Surface, version: str, task: Any, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        check(task, version, surface)
    assert len(caplog.messages) == 1
    assert f"contradict each other on {what}" in caplog.text


@pytest.mark.parametrize(
    ("surface", "version", "task"),
    [
        (
            ANALYZE_TEXT,
            "2025-11-15-preview",
            pii(confidenceScoreThreshold={"default": 0, "overrides": [{"entity": "Age", "value": 1}]}),
        ),
        (
            ANALYZE_TEXT,
            "2026-05-01",
            pii(
                confidenceScoreThreshold={
                    "default": 0,
                    "overrides": [{"entity": "Age", "value": 1, "language": "en"}],
                }
            ),
        ),
        (ANALYZE_CONVERSATIONS, "2024-11-01", ConversationalPII(pii_categories=["CreditCard", "Phone"])),
        (ANALYZE_DOCUMENTS, "2024-11-15-preview", AbstractiveSummarization(instruction="In Latin.")),
    ],
)
def test_what_no_document_contradicts_passes_without_a_line(
    surface: Surface, version: str, task: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        check(task, version, surface)
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (pii(newOption={"a": [1]}), "newOption"),
        (pii(piiCategories=["Shoe"]), "Shoe"),
        (pii(domain="law"), "law"),
    ],
)
def test_a_version_that_is_newer_than_the_tables_is_asked(
    task: Any, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        check(task, "2027-01-15-preview")
    assert name in caplog.text
    assert "newer than what is known here" in caplog.text


def test_python_s_spelling_is_not_sent_to_a_newer_version_either() -> None:
    with pytest.raises(InvalidInputError, match="'exclude_normalized_values'"):
        check({"kind": "EntityRecognition", "parameters": {"exclude_normalized_values": True}}, "2027-01-15")


MODELS = [
    (ANALYZE_TEXT, "2022-05-01", "models/v2022_05_01.json", "PiiEntityCategory"),
    (ANALYZE_TEXT, "2023-04-01", "models/v2023_04_01.json", "PiiEntityCategory"),
    *(
        (ANALYZE_TEXT, version, f"models/text_{version}.json", "PiiCategory")
        for version in ("2025-05-15-preview", "2025-11-15-preview", "2026-05-15-preview")
    ),
    (LEGACY_ANALYZE, "v3.1", "models/v3_1.json", "PiiCategory"),
    *(
        (ANALYZE_CONVERSATIONS, version, f"models/conv_{version}.json", "ConversationPiiCategories")
        for version in ("2025-05-15-preview", "2025-11-15-preview")
    ),
]


@needs_model
@pytest.mark.reference
@pytest.mark.parametrize(("surface", "version", "path", "name"), MODELS)
def test_the_categories_are_those_that_are_published(
    surface: Surface, version: str, path: str, name: str
) -> None:
    theirs = set(described(path)["enums"][name])
    assert PII[surface.name][version] == theirs - WHOLE
    assert theirs - WHOLE <= ALL_PII[surface.name]


@needs_model
@pytest.mark.reference
def test_the_categories_of_entities_are_those_that_are_published() -> None:
    for version in ("2025-05-15-preview", "2026-05-15-preview"):
        assert set(enum_of("EntityCategory", f"models/text_{version}.json")) == ENTITIES
