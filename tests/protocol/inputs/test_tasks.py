"""Tasks: typed, as a bare kind, or as a dict; their names; and the service's names for their parameters."""

from __future__ import annotations

from typing import Any, cast

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversation_tasks import (
    ConversationalPII,
    ConversationalSentiment,
    ConversationalSummarization,
    CustomConversationalSummarization,
)
from airflow_provider_language.protocol.inputs.parameters import PARAMETERS
from airflow_provider_language.protocol.inputs.pii_policies import (
    CharacterMask,
    ConfidenceThreshold,
    EntityMask,
    EntitySynonyms,
    NoMask,
    Synonym,
    ValueExclusion,
)
from airflow_provider_language.protocol.inputs.task_bases import Task
from airflow_provider_language.protocol.inputs.tasks import TASK_CLASSES, tasks_from
from airflow_provider_language.protocol.inputs.text_tasks import (
    AbstractiveSummarization,
    CustomEntityRecognition,
    CustomMultiLabelClassification,
    CustomSingleLabelClassification,
    EntityLinking,
    EntityRecognition,
    ExtractiveSummarization,
    Healthcare,
    KeyPhraseExtraction,
    PiiEntityRecognition,
    SentimentAnalysis,
)
from airflow_provider_language.protocol.inputs.values import Value
from tests.protocol.models import fields_of, needs_model

CODE_POINTS = {"stringIndexType": "UnicodeCodePoint"}
PREBUILT: dict[str, Any] = {"logging_opt_out": True, "model_version": "latest", "task_name": "mine"}
PREBUILT_WIRE: dict[str, Any] = {"loggingOptOut": True, "modelVersion": "latest"}
CUSTOM: dict[str, Any] = {"logging_opt_out": False, "project_name": "p", "deployment_name": "d"}
CUSTOM_WIRE: dict[str, Any] = {"loggingOptOut": False, "projectName": "p", "deploymentName": "d"}

# Each kind with every parameter of every version and family set; beside it the wire form.
FULL: list[tuple[Task, dict[str, Any]]] = [
    (
        SentimentAnalysis(opinion_mining=True, string_index_type="Utf16CodeUnit", **PREBUILT),
        {**PREBUILT_WIRE, "opinionMining": True, "stringIndexType": "Utf16CodeUnit"},
    ),
    (KeyPhraseExtraction(**PREBUILT), PREBUILT_WIRE),
    (
        EntityRecognition(
            inclusion_list=["Person"],
            exclusion_list=["Location"],
            overlap_policy="allowOverlap",
            exclude_normalized_values=True,
            **PREBUILT,
        ),
        {
            **PREBUILT_WIRE,
            **CODE_POINTS,
            "inclusionList": ["Person"],
            "exclusionList": ["Location"],
            "overlapPolicy": {"policyKind": "allowOverlap"},
            "inferenceOptions": {"excludeNormalizedValues": True},
        },
    ),
    (
        PiiEntityRecognition(
            domain="phi",
            pii_categories=["Email"],
            exclude_pii_categories=["Person"],
            redaction_policies=[CharacterMask(is_default=True), {"policyKind": "entityMask"}],
            value_exclusion_policy=ValueExclusion(excluded_values=["Contoso"]),
            entity_synonyms=[EntitySynonyms(entity_type="PIN", synonyms=[Synonym(synonym="code")])],
            confidence_score_threshold=ConfidenceThreshold(default=0.3),
            disable_entity_validation=True,
            redaction_policy=NoMask(),
            redaction_character="#",
            exclude_extraction_data=True,
            **PREBUILT,
        ),
        {
            **PREBUILT_WIRE,
            **CODE_POINTS,
            "domain": "phi",
            "piiCategories": ["Email"],
            "excludePiiCategories": ["Person"],
            "redactionPolicies": [
                {"policyKind": "characterMask", "isDefault": True},
                {"policyKind": "entityMask"},
            ],
            "valueExclusionPolicy": {"excludedValues": ["Contoso"], "caseSensitive": False},
            "entitySynonyms": [{"entityType": "PIN", "synonyms": [{"synonym": "code"}]}],
            "confidenceScoreThreshold": {"default": 0.3},
            "disableEntityValidation": True,
            "redactionPolicy": {"policyKind": "noMask"},
            "redactionCharacter": "#",
            "excludeExtractionData": True,
        },
    ),
    (EntityLinking(**PREBUILT), {**PREBUILT_WIRE, **CODE_POINTS}),
    (
        Healthcare(fhir_version="4.0.1", document_type="Consult", **PREBUILT),
        {**PREBUILT_WIRE, **CODE_POINTS, "fhirVersion": "4.0.1", "documentType": "Consult"},
    ),
    (
        ExtractiveSummarization(sentence_count=5, sort_by="Rank", query="fees", **PREBUILT),
        {**PREBUILT_WIRE, **CODE_POINTS, "sentenceCount": 5, "sortBy": "Rank", "query": "fees"},
    ),
    (
        AbstractiveSummarization(
            sentence_count=2, summary_length="short", instruction="In Latin.", query="fees", **PREBUILT
        ),
        {
            **PREBUILT_WIRE,
            **CODE_POINTS,
            "sentenceCount": 2,
            "summaryLength": "short",
            "instruction": "In Latin.",
            "query": "fees",
        },
    ),
    (CustomEntityRecognition(**CUSTOM), {**CUSTOM_WIRE, **CODE_POINTS}),
    (
        CustomSingleLabelClassification(**CUSTOM),
        CUSTOM_WIRE,
    ),
    (CustomMultiLabelClassification(**CUSTOM), CUSTOM_WIRE),
    (
        ConversationalSummarization(
            summary_aspects=["issue", "follow-up tasks"],
            sentence_count=2,
            summary_length="short",
            instruction="In Latin.",
            **PREBUILT,
        ),
        {
            **PREBUILT_WIRE,
            **CODE_POINTS,
            "summaryAspects": ["issue", "follow-up tasks"],
            "sentenceCount": 2,
            "summaryLength": "short",
            "instruction": "In Latin.",
        },
    ),
    (
        ConversationalPII(
            pii_categories=["All"],
            exclude_pii_categories=["Email"],
            redaction_source="lexical",
            redact_audio_timing=True,
            redaction_character="-",
            redaction_policy=EntityMask(),
            **PREBUILT,
        ),
        {
            **PREBUILT_WIRE,
            "piiCategories": ["All"],
            "excludePiiCategories": ["Email"],
            "redactionSource": "lexical",
            "redactAudioTiming": True,
            "redactionCharacter": "-",
            "redactionPolicy": {"policyKind": "entityMask"},
        },
    ),
    (
        ConversationalSentiment(prediction_source="maskedItn", **PREBUILT),
        {**PREBUILT_WIRE, "predictionSource": "maskedItn"},
    ),
    (
        CustomConversationalSummarization(
            summary_aspects=["recap"], sentence_count=2, summary_length="long", **CUSTOM
        ),
        {
            **CUSTOM_WIRE,
            **CODE_POINTS,
            "summaryAspects": ["recap"],
            "sentenceCount": 2,
            "summaryLength": "long",
        },
    ),
]
KINDS = [task.kind for task, _ in FULL]
NEEDING_NOTHING = [
    kind for kind in KINDS if not kind.startswith("Custom") and kind != "ConversationalSummarizationTask"
]
WITHOUT_OFFSETS = {"KeyPhraseExtraction", "ConversationalPIITask", "ConversationalSentimentTask"}


@pytest.mark.parametrize(("task", "wire"), FULL, ids=KINDS)
def test_every_parameter_is_sent_under_the_service_s_name(task: Task, wire: dict[str, Any]) -> None:
    assert task.parameters() == wire


def test_all_kinds_are_there() -> None:
    assert sorted(KINDS) == sorted(TASK_CLASSES)


@pytest.mark.parametrize(("_task", "wire"), FULL, ids=KINDS)
def test_every_parameter_of_every_version_can_be_said(_task: Task, wire: dict[str, Any]) -> None:
    """Those of an older version and of a newer one are said together here; no version has them all."""
    known = {
        name
        for kinds in PARAMETERS.values()
        for name in kinds.get(_task.kind, ())
        if not {".", "="} & set(name)
    }
    assert set(wire) == known


@needs_model
@pytest.mark.reference
def test_the_parameters_one_object_deeper_are_those_of_the_newest_model() -> None:
    assert set(fields_of("EntityOverlapPolicy")) == {"policyKind"}
    assert set(fields_of("EntityInferenceConfig")) == {"excludeNormalizedValues"}


@pytest.mark.parametrize("kind", NEEDING_NOTHING)
def test_without_options_only_the_unit_of_offsets_is_sent(kind: str) -> None:
    assert TASK_CLASSES[kind]().parameters() == ({} if kind in WITHOUT_OFFSETS else CODE_POINTS)


@pytest.mark.parametrize("kind", NEEDING_NOTHING)
def test_a_bare_kind_and_a_dict_and_a_typed_task_are_the_same_task(kind: str) -> None:
    assert tasks_from([kind]) == tasks_from([{"kind": kind}]) == tasks_from([TASK_CLASSES[kind]()])


def test_the_service_s_unit_of_offsets_may_be_asked_for() -> None:
    (task,) = tasks_from([EntityLinking(string_index_type=None)])
    assert task.parameters == {}


def test_parameters_that_we_do_not_know_are_kept_until_the_version_is_known() -> None:
    (task,) = tasks_from([{"kind": "KeyPhraseExtraction", "parameters": {"newOption": [1]}}])
    assert task.parameters == {"newOption": [1]}


def test_a_dict_may_choose_its_own_unit_of_offsets() -> None:
    (task,) = tasks_from([{"kind": "Healthcare", "parameters": {"stringIndexType": "TextElements_v8"}}])
    assert task.parameters == {"stringIndexType": "TextElements_v8"}


def test_a_dict_may_hold_typed_policies() -> None:
    policies = {"redactionPolicies": [CharacterMask(redaction_character="#")]}
    (task,) = tasks_from([{"kind": "PiiEntityRecognition", "parameters": policies}])
    assert task.parameters["redactionPolicies"] == [
        {"policyKind": "characterMask", "redactionCharacter": "#"}
    ]


def test_a_dict_given_in_is_not_changed() -> None:
    given: dict[str, Any] = {"kind": "Healthcare", "parameters": {}}
    tasks_from([given])
    assert given == {"kind": "Healthcare", "parameters": {}}


def test_tasks_are_named_by_kind_and_numbered_from_the_second_on() -> None:
    names = [task.name for task in tasks_from(["Healthcare", "EntityLinking", "Healthcare", Healthcare()])]
    assert names == ["Healthcare", "EntityLinking", "Healthcare-2", "Healthcare-3"]


def test_a_task_s_own_name_is_kept() -> None:
    values: list[Any] = [Healthcare(task_name="mine"), {"kind": "Healthcare", "taskName": 0}]
    assert [task.name for task in tasks_from(values)] == ["mine", "0"]


def test_a_task_on_the_wire_has_kind_name_and_parameters() -> None:
    (task,) = tasks_from([SentimentAnalysis(task_name="mood", opinion_mining=True)])
    assert task.to_wire() == {
        "kind": "SentimentAnalysis",
        "taskName": "mood",
        "parameters": {"opinionMining": True, "stringIndexType": "UnicodeCodePoint"},
    }


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([], "no tasks"),
        ("Healthcare", "single str"),
        ({"kind": "Healthcare"}, "single dict"),
        (Healthcare(), "single Healthcare"),
        (["Sentiment"], "'Sentiment' is no task kind; did you mean SentimentAnalysis"),
        (["LanguageDetection"], "is no task kind; the kinds are SentimentAnalysis,"),
        (5, "The tasks are a int, not a list"),
        ({"Healthcare"}, "The tasks are a set, not a list"),
        (iter(["Healthcare"]), "not a list of them"),
        ([{"kind": ["Healthcare"]}], "kind of a task is a list"),
        ([{"kind": "Healthcare", "taskName": "a\0"}], "name of a task .* has a NUL"),
        ([{"kind": "Healthcare", "taskName": {}}], "name of a task .* is a dict"),
        ([{"kind": "Healthcare", "parameters": 5}], "are no dict"),
        ([{"kind": "Healthcare", "parameters": {1: 2}}], "A name in Healthcare is a int"),
        ([Healthcare(model_version=cast("Any", b"a"))], "Healthcare.model_version is a bytes"),
        ([{"kind": "Healthcare", "modelVersion": "latest"}], "its options stand in parameters"),
        ([{"taskName": "x"}], "no task kind"),
        ([{"kind": "Healthcare", "params": {}}], "unknown fields: params"),
        ([5], "A task is a int"),
        ([{"kind": "Healthcare", "parameters": ["modelVersion"]}], "parameters of .* Healthcare are no dict"),
        (["Healthcare", {"kind": "EntityLinking", "taskName": "Healthcare"}], "'Healthcare' is used more"),
        (["ConversationalSummarizationTask"], "needs the parameters summaryAspects"),
        (["CustomEntityRecognition"], "needs the parameters projectName, deploymentName"),
        (
            [{"kind": "CustomSingleLabelClassification", "parameters": {"projectName": "p"}}],
            "needs the parameters deploymentName",
        ),
    ],
)
def test_what_is_no_list_of_tasks_is_refused(values: Any, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        tasks_from(values)


def test_a_custom_kind_as_a_dict_needs_no_more_than_its_model() -> None:
    parameters = {"projectName": "p", "deploymentName": "d"}
    (task,) = tasks_from([{"kind": "CustomMultiLabelClassification", "parameters": parameters}])
    assert task.parameters == parameters


def test_no_value_shows_what_is_not_set() -> None:
    """A dataclass that leaves ``repr=False`` out would show each of its parameters again."""

    def below(cls: Any) -> set[Any]:
        return {cls}.union(*(below(one) for one in cls.__subclasses__()))

    assert {one for one in below(Value) if one.__repr__ is not Value.__repr__} == set()
