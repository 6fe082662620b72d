"""Which version has which parameter: the table beside the service's own models, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversation_tasks import (
    ConversationalPII,
    ConversationalSummarization,
)
from airflow_provider_language.protocol.inputs.parameters import PARAMETERS
from airflow_provider_language.protocol.inputs.pii_policies import (
    CharacterMask,
    ConfidenceThreshold,
    EntityMask,
    EntitySynonyms,
    Synonym,
    SyntheticReplacement,
    ValueExclusion,
)
from airflow_provider_language.protocol.inputs.refusals import check_parameters
from airflow_provider_language.protocol.inputs.task_bases import Task
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.inputs.text_tasks import (
    AbstractiveSummarization,
    EntityRecognition,
    ExtractiveSummarization,
    Healthcare,
    PiiEntityRecognition,
    SentimentAnalysis,
)
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    SURFACES,
    Surface,
)
from tests.protocol.models import described, enum_of, fields_of, needs_model
from tests.protocol.reference import DUMPS, MODELS_OF_2022, SPECIFICATIONS

reference = [needs_model, pytest.mark.reference]

PII_OF_2026: dict[str, dict[str, Any]] = {
    "excludePiiCategories": {"exclude_pii_categories": ["Person"]},
    "valueExclusionPolicy": {"value_exclusion_policy": ValueExclusion(excluded_values=["a"])},
    "entitySynonyms": {
        "entity_synonyms": [EntitySynonyms(entity_type="Age", synonyms=[Synonym(synonym="a")])]
    },
    "redactionPolicies": {"redaction_policies": [EntityMask()]},
    "confidenceScoreThreshold": {"confidence_score_threshold": ConfidenceThreshold(default=0.5)},
    "disableEntityValidation": {"disable_entity_validation": True},
    "redactionPolicy": {"redaction_policy": EntityMask()},
}
"""What personal data of texts cannot be asked with at 2025-11-01."""


def table(surface: Surface, version: str, kind: str) -> set[str]:
    """The parameters of a kind at a version, without those that stand in other ones."""
    return {
        name
        for name, versions in PARAMETERS[surface.name][kind].items()
        if version in versions and not {".", "="} & set(name)
    }


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        pytest.param(
            kind, {"KeyPhraseExtraction": "KeyPhrasesTaskParameters"}.get(kind, model), marks=reference
        )
        for kind, model in MODELS_OF_2022.items()
        if kind in LEGACY_ANALYZE.kinds["v3.1"]
    ],
)
def test_the_table_has_the_parameters_of_v3_1(kind: str, model: str) -> None:
    theirs = {name.replace("model-version", "modelVersion") for name in fields_of(model, "models/v3_1.json")}
    assert table(LEGACY_ANALYZE, "v3.1", kind) == theirs


@pytest.mark.parametrize(
    ("surface", "version", "path"),
    [pytest.param(*dump[:3], id=f"{dump[0].name} {dump[1]}", marks=reference) for dump in DUMPS],
)
def test_the_kinds_of_a_version_are_those_of_the_published_models(
    surface: Surface, version: str, path: str
) -> None:
    enums = described(path)["enums"]
    names = (
        "AnalyzeTextLROTaskKind",
        "AnalyzeTextOperationActionKind",
        "AnalyzeConversationOperationActionKind",
    )
    (name,) = [name for name in names if name in enums]
    assert set(surface.kinds[version]) == set(enum_of(name, path))


@pytest.mark.parametrize(
    ("surface", "version", "path"),
    [
        pytest.param(*document[:3], id=f"{document[0].name} {document[1]}", marks=reference)
        for document in SPECIFICATIONS
    ],
)
def test_the_kinds_of_a_version_are_those_of_the_specifications(
    surface: Surface, version: str, path: str
) -> None:
    (kinds,) = [
        definition["enum"]
        for name, definition in described(path)["definitions"].items()
        if name in {"AnalyzeConversationLROTaskKind", "AnalyzeDocumentsLROTaskKind"}
    ]
    assert set(surface.kinds[version]) == set(kinds)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_the_table_has_every_kind_of_every_version(surface: Surface) -> None:
    for kinds in surface.kinds.values():
        assert kinds <= set(PARAMETERS[surface.name])


def test_parameters_of_2026_05_01_are_those_of_its_documentation() -> None:
    """No model of this version was published where it could be had (docs/service.md, families)."""
    assert table(ANALYZE_TEXT, "2026-05-01", "PiiEntityRecognition") == {
        "loggingOptOut",
        "modelVersion",
        "domain",
        "piiCategories",
        "stringIndexType",
        "excludePiiCategories",
        "valueExclusionPolicy",
        "entitySynonyms",
        "redactionPolicies",
        "confidenceScoreThreshold",
        "disableEntityValidation",
    }
    assert table(ANALYZE_DOCUMENTS, "2026-05-01", "PiiEntityRecognition") == {
        "loggingOptOut",
        "modelVersion",
        "domain",
        "piiCategories",
        "stringIndexType",
        "excludePiiCategories",
        "redactionPolicies",
    }


def check(surface: Surface, version: str, task: Task | dict[str, Any]) -> None:
    (wire,) = tasks_from([task])
    check_parameters(surface, version, wire)


@pytest.mark.parametrize(
    ("surface", "version", "task", "why"),
    [
        (
            ANALYZE_TEXT,
            "2022-05-01",
            PiiEntityRecognition(redaction_policies=[EntityMask()]),
            "PiiEntityRecognition of analyze-text 2022-05-01 does not know redactionPolicies; "
            "2025-11-15-preview, 2026-05-01, 2026-05-15-preview have it.",
        ),
        (
            ANALYZE_TEXT,
            "2026-05-01",
            PiiEntityRecognition(redaction_policy=EntityMask()),
            "redactionPolicy; 2024-11-15-preview, 2025-05-15-preview have it.",
        ),
        (
            ANALYZE_TEXT,
            "2026-05-01",
            PiiEntityRecognition(redaction_character="#"),
            "redactionCharacter; 2023-04-15-preview, 2023-11-15-preview have it.",
        ),
        (
            ANALYZE_TEXT,
            "2025-05-15-preview",
            PiiEntityRecognition(redaction_policy=CharacterMask(unmask_length=4)),
            "redactionPolicy.unmaskLength; no version has it.",
        ),
        (
            ANALYZE_TEXT,
            "2026-05-01",
            PiiEntityRecognition(exclude_extraction_data=True),
            "excludeExtractionData; no version has it.",
        ),
        (
            ANALYZE_TEXT,
            "2026-05-01",
            AbstractiveSummarization(query="fees"),
            "query; 2023-11-15-preview has it.",
        ),
        (
            ANALYZE_TEXT,
            "2026-05-01",
            AbstractiveSummarization(instruction="In Latin."),
            "instruction; 2024-11-15-preview, 2025-05-15-preview, 2025-11-15-preview, 2026-05-15-preview "
            "have it.",
        ),
        (ANALYZE_TEXT, "2023-04-01", ExtractiveSummarization(query="fees"), "query; 2023-11-15-preview, "),
        (ANALYZE_TEXT, "2026-05-01", ExtractiveSummarization(query="fees"), "query; 2023-11-15-preview, "),
        *(
            (ANALYZE_TEXT, "2025-11-01", PiiEntityRecognition(**options), f"does not know {name}; ")
            for name, options in PII_OF_2026.items()
        ),
        *(
            (surface, version, PiiEntityRecognition(redaction_policies=[mask]), "does not know redactionPol")
            for mask in (CharacterMask(unmask_length=4), CharacterMask(unmask_from_end=False))
            for surface, version in (
                (ANALYZE_TEXT, "2026-05-01"),
                (ANALYZE_DOCUMENTS, "2026-05-01"),
                (ANALYZE_DOCUMENTS, "2026-05-15-preview"),
            )
        ),
        (
            ANALYZE_DOCUMENTS,
            "2024-11-15-preview",
            AbstractiveSummarization(query="fees"),
            "query; 2023-11-15-preview has it.",
        ),
        (ANALYZE_TEXT, "2022-05-01", Healthcare(fhir_version="4.0.1"), "fhirVersion; 2022-05-15-preview, "),
        (ANALYZE_TEXT, "2022-05-15-preview", Healthcare(document_type="Consult"), "documentType; "),
        (
            ANALYZE_TEXT,
            "2023-04-01",
            EntityRecognition(exclude_normalized_values=False),
            "inferenceOptions; ",
        ),
        (LEGACY_HEALTH, "v3.1", Healthcare(fhir_version="4.0.1"), "fhirVersion; 2022-05-15-preview, "),
        (
            LEGACY_ANALYZE,
            "v3.1",
            EntityRecognition(inclusion_list=["Person"]),
            "inclusionList; 2023-04-15-preview",
        ),
        (
            ANALYZE_CONVERSATIONS,
            "2023-04-01",
            ConversationalSummarization(summary_aspects=["issue", "recap"]),
            "summaryAspects=recap; 2023-11-15-preview, 2024-05-01, ",
        ),
        (
            ANALYZE_CONVERSATIONS,
            "2024-11-01",
            ConversationalSummarization(summary_aspects=["follow-up tasks"]),
            "summaryAspects=follow-up tasks; 2023-11-15-preview, ",
        ),
        (
            ANALYZE_CONVERSATIONS,
            "2024-11-01",
            ConversationalPII(redaction_policy=EntityMask()),
            "redactionPolicy; 2024-11-15-preview, 2025-05-15-preview, 2025-11-15-preview have it.",
        ),
        (
            ANALYZE_DOCUMENTS,
            "2026-05-01",
            PiiEntityRecognition(redaction_policies=[SyntheticReplacement()]),
            "redactionPolicies.policyKind=syntheticReplacement; 2026-05-15-preview has it.",
        ),
        (
            ANALYZE_TEXT,
            "2023-04-01",
            {"kind": "PiiEntityRecognition", "parameters": {"disableEntityValidation": False}},
            "disableEntityValidation; ",
        ),
    ],
)
def test_what_the_version_does_not_know_is_refused_with_those_that_do(
    surface: Surface, version: str, task: Task, why: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check(surface, version, task)
    assert why in str(refused.value)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_what_every_version_has_passes_in_every_version(surface: Surface) -> None:
    for version, kinds in surface.kinds.items():
        for kind in kinds & {
            "SentimentAnalysis",
            "PiiEntityRecognition",
            "ConversationalPIITask",
            "Healthcare",
        }:
            check(
                surface,
                version,
                {"kind": kind, "parameters": {"loggingOptOut": True, "modelVersion": "latest"}},
            )


@pytest.mark.parametrize(
    ("surface", "version", "task"),
    [
        (ANALYZE_TEXT, "2023-11-15-preview", PiiEntityRecognition(redaction_character="#")),
        (ANALYZE_TEXT, "2025-05-15-preview", PiiEntityRecognition(redaction_policy=EntityMask())),
        (
            ANALYZE_TEXT,
            "2026-05-15-preview",
            PiiEntityRecognition(redaction_policies=[CharacterMask(unmask_length=4)]),
        ),
        (ANALYZE_TEXT, "2023-11-15-preview", AbstractiveSummarization(query="fees")),
        (ANALYZE_TEXT, "2026-05-15-preview", AbstractiveSummarization(instruction="In Latin.")),
        (ANALYZE_TEXT, "2026-05-01", Healthcare(fhir_version="4.0.1", document_type="Consult")),
        (LEGACY_ANALYZE, "v3.1", SentimentAnalysis(opinion_mining=True)),
        (ANALYZE_DOCUMENTS, "2024-11-15-preview", PiiEntityRecognition(exclude_extraction_data=True)),
    ],
)
def test_what_the_version_knows_passes(surface: Surface, version: str, task: Task) -> None:
    check(surface, version, task)


def test_an_empty_list_says_nothing_and_passes() -> None:
    """Recording documents_submit_notstarted has such lists."""
    check(ANALYZE_TEXT, "2022-05-01", {"kind": "PiiEntityRecognition", "parameters": {"entitySynonyms": []}})
