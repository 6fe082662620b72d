from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.engines import ENGINES

PARAMETERS = {"fhirVersion": "4.0.1"}


def resources(text: str, **parameters: str) -> list[dict[str, Any]]:
    bundle = ENGINES["Healthcare"](text, "en", {**PARAMETERS, **parameters})["fhirBundle"]
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    for entry in bundle["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
    return [entry["resource"] for entry in bundle["entry"]]


def test_entities_become_resources_with_what_belongs_to_them() -> None:
    text = (
        "Takes 100 mg ibuprofen twice daily for severe headache. "
        "Blood pressure was 150/95 mmHg after surgery."
    )
    composition, patient, *found = resources(text, documentType="ProgressNote")
    assert (composition["resourceType"], composition["title"]) == ("Composition", "ProgressNote")
    subject = {"reference": f"Patient/{patient['id']}"}
    kinds = [resource["resourceType"] for resource in found]
    assert kinds == ["MedicationStatement", "Condition", "Observation", "Procedure"]
    assert all(resource["subject"] == subject for resource in found)
    medication, condition, observation, _ = found
    assert medication["dosage"] == [{"text": "100 mg twice daily"}]
    assert medication["medicationCodeableConcept"]["text"] == "ibuprofen"
    assert condition["severity"] == {"text": "severe"}
    assert observation["valueString"] == "150/95 mmHg"
    listed = [entry["reference"] for entry in composition["section"][0]["entry"]]
    assert listed == [f"{resource['resourceType']}/{resource['id']}" for resource in found]


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("The patient has pneumonia.", ["confirmed"]),
        ("The patient denies headache.", ["refuted"]),
        ("Possible pneumonia.", ["provisional"]),
        ("His mother had breast cancer.", []),
        ("Return if headache.", []),
    ],
)
def test_conditions_say_how_sure_they_are_and_are_the_patients_own(text: str, statuses: list[str]) -> None:
    conditions = [each for each in resources(text) if each["resourceType"] == "Condition"]
    assert [each["verificationStatus"]["coding"][0]["code"] for each in conditions] == statuses


@settings(deadline=None)
@given(st.text(min_size=1))
def test_any_text_has_a_bundle_of_json_always_the_same(text: str) -> None:
    first = resources(text)
    assert json.loads(json.dumps(first)) == first
    assert resources(text) == first
