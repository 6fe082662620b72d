"""Parameters as templates and forms give them become what their fields take; all else is refused."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.parameters import PARAMETERS
from airflow_provider_language.protocol.inputs.shapes import SHAPES, shape_of, shaped
from tests.protocol.models import described, needs_model


def test_every_parameter_of_every_kind_has_a_shape() -> None:
    known = {name for kinds in PARAMETERS.values() for names in kinds.values() for name in names}
    assert all(shape_of(name.partition("=")[0]) for name in known)
    assert {name for name in known if not {".", "="} & set(name)} == set(SHAPES)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"sentenceCount": "3"}, {"sentenceCount": 3}),
        ({"sentenceCount": 3.0}, {"sentenceCount": 3}),
        ({"opinionMining": "True"}, {"opinionMining": True}),
        ({"opinionMining": "false"}, {"opinionMining": False}),
        ({"modelVersion": 20260501}, {"modelVersion": "20260501"}),
        ({"domain": "PHI"}, {"domain": "phi"}),
        ({"domain": "None", "documentType": "null", "query": float("nan")}, {}),
        ({"opinion_mining": True}, {"opinionMining": True}),
        (
            {"redaction_policy": {"policy_kind": "EntityMask"}},
            {"redactionPolicy": {"policyKind": "entityMask"}},
        ),
        ({"confidenceScoreThreshold": {"default": "0.5"}}, {"confidenceScoreThreshold": {"default": 0.5}}),
        ({"newOption": [None]}, {"newOption": [None]}),
    ],
)
def test_parameters_become_what_their_fields_take(given: dict[str, Any], sent: dict[str, Any]) -> None:
    found = shaped(given, "A task")
    assert found == sent
    assert [type(value) for value in found.values()] == [type(value) for value in sent.values()]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"sentenceCount": "three"}, "A task.sentenceCount is 'three', which is no number"),
        ({"sentenceCount": 0.5}, "no whole number"),
        ({"sentenceCount": True}, "no number"),
        ({"sentenceCount": "1e999"}, "no number"),
        ({"confidenceScoreThreshold": {"default": "high"}}, "default is 'high', which is no number"),
        ({"confidenceScoreThreshold": {"default": "1e999"}}, "which is no number"),
        ({"opinionMining": 1}, "opinionMining is '1', neither true nor false"),
        ({"opinionMining": {}}, "opinionMining is a dict, not a single value"),
        ({"piiCategories": "Person"}, "piiCategories is a str, not a list"),
        ({"piiCategories": ["Person", None]}, r"piiCategories\[1\] says nothing"),
        ({"redactionPolicies": ["entityMask"]}, r"redactionPolicies\[0\] is a str, not an object"),
        ({"redactionPolicy": "entityMask"}, "redactionPolicy is a str, not an object"),
        ({"opinionMining": True, "opinion_mining": True}, "two spellings: opinionMining and opinion_mining"),
    ],
)
def test_what_its_field_does_not_take_is_refused_with_its_place(given: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        shaped(given, "A task")


WORDS = {
    "stringIndexType": "StringIndexType",
    "domain": "PiiDomain",
    "sortBy": "ExtractiveSummarizationSortingCriteria",
    "summaryLength": "SummaryLengthBucket",
    "documentType": "HealthcareDocumentType",
    "fhirVersion": "FhirVersion",
    "overlapPolicy.policyKind": "PolicyKind",
    "redactionPolicies.policyKind": "RedactionPolicyKind",
    "redactionPolicies.redactionCharacter": "RedactionCharacter",
}


@needs_model
@pytest.mark.reference
@pytest.mark.parametrize("path", WORDS)
def test_the_words_are_those_of_the_newest_model(path: str) -> None:
    theirs = set(described("models/text_2026-05-15-preview.json")["enums"][WORDS[path]])
    ours = shape_of(path)
    assert isinstance(ours, tuple)
    assert set(ours) - {"TextElement_v8", "markerMask"} == theirs - {"None"}
