"""The parts of PiiEntityRecognition's parameters on the wire."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.protocol.inputs.pii_policies import (
    CharacterMask,
    ConfidenceThreshold,
    EntityMask,
    EntitySynonyms,
    NoMask,
    Synonym,
    SyntheticReplacement,
    ThresholdOverride,
    ValueExclusion,
)
from airflow_provider_language.protocol.wire_names import to_wire
from tests.protocol.models import enum_of, fields_of, needs_model

PARTS: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "CharacterMaskPolicyType",
        CharacterMask(
            entity_types=["Email"],
            policy_name="mail",
            is_default=False,
            redaction_character="#",
            unmask_length=4,
            unmask_from_end=False,
        ),
        {
            "policyKind": "characterMask",
            "entityTypes": ["Email"],
            "policyName": "mail",
            "isDefault": False,
            "redactionCharacter": "#",
            "unmaskLength": 4,
            "unmaskFromEnd": False,
        },
    ),
    (
        "EntityMaskPolicyType",
        EntityMask(entity_types=["Person"], policy_name="people", is_default=True),
        {"policyKind": "entityMask", "entityTypes": ["Person"], "policyName": "people", "isDefault": True},
    ),
    (
        "NoMaskPolicyType",
        NoMask(entity_types=["Date"], policy_name="dates", is_default=False),
        {"policyKind": "noMask", "entityTypes": ["Date"], "policyName": "dates", "isDefault": False},
    ),
    (
        "SyntheticReplacementPolicyType",
        SyntheticReplacement(
            entity_types=["City"], policy_name="cities", is_default=False, preserve_data_format=True
        ),
        {
            "policyKind": "syntheticReplacement",
            "entityTypes": ["City"],
            "policyName": "cities",
            "isDefault": False,
            "preserveDataFormat": True,
        },
    ),
    (
        "ValueExclusionPolicy",
        ValueExclusion(excluded_values=["Contoso"], case_sensitive=True),
        {"excludedValues": ["Contoso"], "caseSensitive": True},
    ),
    (
        "EntitySynonyms",
        EntitySynonyms(entity_type="BankAccountNumber", synonyms=[Synonym(synonym="contract no.")]),
        {"entityType": "BankAccountNumber", "synonyms": [{"synonym": "contract no."}]},
    ),
    (
        "EntitySynonym",
        Synonym(synonym="Vertragsnummer", language="de"),
        {"synonym": "Vertragsnummer", "language": "de"},
    ),
    (
        "ConfidenceScoreThreshold",
        ConfidenceThreshold(default=0.5, overrides=[ThresholdOverride(entity="Person", value=0.9)]),
        {"default": 0.5, "overrides": [{"entity": "Person", "value": 0.9}]},
    ),
    (
        "ConfidenceScoreThresholdOverride",
        ThresholdOverride(entity="Person", value=0.9, language="fr"),
        {"entity": "Person", "value": 0.9, "language": "fr"},
    ),
]


@pytest.mark.parametrize(("_model", "part", "wire"), PARTS, ids=[model for model, _, _ in PARTS])
def test_every_field_is_sent_under_the_service_s_name(_model: str, part: Any, wire: dict[str, Any]) -> None:
    assert to_wire(part) == wire


@pytest.mark.parametrize("policy", [CharacterMask(), EntityMask(), NoMask(), SyntheticReplacement()])
def test_what_is_not_named_is_left_to_the_service(policy: Any) -> None:
    assert list(to_wire(policy)) == ["policyKind"]


def test_values_are_excluded_whatever_their_case_unless_told_otherwise() -> None:
    assert to_wire(ValueExclusion(excluded_values=["x"]))["caseSensitive"] is False


@needs_model
@pytest.mark.reference
@pytest.mark.parametrize(("model", "_part", "wire"), PARTS, ids=[model for model, _, _ in PARTS])
def test_the_fields_are_those_of_the_newest_model(model: str, _part: Any, wire: dict[str, Any]) -> None:
    assert set(wire) == set(fields_of(model))


@needs_model
@pytest.mark.reference
def test_there_is_a_class_for_each_policy_of_the_newest_model() -> None:
    policies = [CharacterMask(), EntityMask(), NoMask(), SyntheticReplacement()]
    assert {to_wire(policy)["policyKind"] for policy in policies} == set(enum_of("RedactionPolicyKind"))
