"""Healthcare: entities, assertions, relations."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.emulator.engines import ENGINES, UnsupportedLanguage, renumber

# Written for this test, in the style of notes; what the service's category page would name.
LABELLED: dict[str, set[tuple[str, str]]] = {
    "The 61-year-old woman takes 20 mg lisinopril once daily.": {
        ("61-year-old", "Age"), ("woman", "Gender"), ("20 mg", "Dosage"), ("lisinopril", "MedicationName"),
        ("once daily", "Frequency"),
    },
    "He has had severe headache for 3 days.": {
        ("severe", "ConditionQualifier"), ("headache", "SymptomOrSign"), ("3 days", "Time"),
    },
    "She was admitted to the hospital with pneumonia.": {
        ("admitted", "AdministrativeEvent"), ("hospital", "CareEnvironment"),
        ("pneumonia", "Diagnosis"),
    },
    "Blood tests and an MRI of the left knee were done.": {
        ("MRI", "ExaminationName"), ("left", "Direction"), ("knee", "BodyStructure"),
        ("Blood tests", "ExaminationName"),
    },
    "Amoxicillin capsules by mouth every 8 hours.": {
        ("Amoxicillin", "MedicationName"), ("capsules", "MedicationForm"), ("by mouth", "MedicationRoute"),
        ("every 8 hours", "Frequency"),
    },
    "Her blood pressure was 150/95 mmHg.": {
        ("blood pressure", "ExaminationName"), ("150/95", "MeasurementValue"),
        ("mmHg", "MeasurementUnit"),
    },
    "The cardiologist advised surgery and a diuretic.": {
        ("cardiologist", "HealthcareProfession"), ("surgery", "TreatmentName"),
        ("diuretic", "MedicationClass"),
    },
    "His mother had breast cancer.": {("mother", "FamilyRelation"), ("breast cancer", "Diagnosis")},
    "Type 2 diabetes is treated with metformin.": {
        ("Type 2 diabetes", "Diagnosis"), ("metformin", "MedicationName"),
    },
    "The pain in the chest is worsening.": {
        ("pain", "SymptomOrSign"), ("chest", "BodyStructure"), ("worsening", "Course"),
    },
    "The smoker coughs at night.": {("smoker", "SubstanceUse"), ("coughs", "SymptomOrSign")},
    "Insulin was injected subcutaneously.": {
        ("Insulin", "MedicationName"), ("subcutaneously", "MedicationRoute"),
    },
    "The train to the old town was late.": set(),
    "The report lists prices of houses in the north.": set(),
}  # fmt: skip


def analyze(text: str) -> dict[str, Any]:
    return ENGINES["Healthcare"](text, "en", {})


def assertions(text: str) -> dict[str, dict[str, str]]:
    return {entity["text"]: entity.get("assertion", {}) for entity in analyze(text)["entities"]}


def relations(text: str) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    result = analyze(text)
    return {
        (
            relation["relationType"],
            tuple(
                (end["role"], result["entities"][int(end["ref"].rsplit("/", 1)[1])]["text"])
                for end in relation["entities"]
            ),
        )
        for relation in result["relations"]
    }


def test_most_of_the_labelled_entities_are_found_and_little_else() -> None:
    expected = {(text, *entity) for text, entities in LABELLED.items() for entity in entities}
    found = {
        (text, entity["text"], entity["category"])
        for text in LABELLED
        for entity in analyze(text)["entities"]
    }
    assert len(expected & found) / len(found) >= 0.95, found - expected
    assert len(expected & found) / len(expected) >= 0.95, expected - found


def test_an_entity_has_the_order_of_the_wire_and_a_drug_its_id() -> None:
    (entity,) = analyze("Start ibuprofen.")["entities"]
    assert list(entity.items()) == [
        ("offset", 6),
        ("length", 9),
        ("text", "ibuprofen"),
        ("category", "MedicationName"),
        ("confidenceScore", 0.8),
        ("name", "ibuprofen"),
        ("links", [{"dataSource": "DRUGBANK", "id": "DB01050"}]),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She denies fever.", {"certainty": "negative"}),
        ("No vomiting, cough or fever was seen.", {"certainty": "negative"}),
        ("He doesn't have a fever.", {"certainty": "negative"}),
        ("No vomiting, but fever.", {}),
        ("Not tired; fever since today.", {}),
        ("Possible fever.", {"certainty": "positivePossible"}),
        ("Come back if fever develops.", {"conditionality": "hypothetical"}),
        ("Her brother had fever.", {"association": "other"}),
        ("She has fever.", {}),
    ],
)
def test_what_is_said_of_a_condition_is_asserted(text: str, expected: dict[str, str]) -> None:
    assert assertions(text)["fever"] == expected


def test_details_belong_to_the_nearest_drug_of_their_sentence() -> None:
    text = "Take 20 mg lisinopril once daily and 500 mg metformin twice daily. No aspirin."
    assert relations(text) == {
        ("DosageOfMedication", (("Dosage", "20 mg"), ("Medication", "lisinopril"))),
        ("FrequencyOfMedication", (("Medication", "lisinopril"), ("Frequency", "once daily"))),
        ("DosageOfMedication", (("Dosage", "500 mg"), ("Medication", "metformin"))),
        ("FrequencyOfMedication", (("Medication", "metformin"), ("Frequency", "twice daily"))),
    }


def test_qualifiers_body_parts_and_values_find_what_they_describe() -> None:
    assert relations("Severe pain in the left knee; pulse 90 bpm.") == {
        ("QualifierOfCondition", (("Qualifier", "Severe"), ("Condition", "pain"))),
        ("BodySiteOfCondition", (("Condition", "pain"), ("BodySite", "knee"))),
        ("DirectionOfBodyStructure", (("Direction", "left"), ("BodyStructure", "knee"))),
        ("ValueOfExamination", (("Examination", "pulse"), ("Value", "90"))),
        ("UnitOfExamination", (("Examination", "pulse"), ("Unit", "bpm"))),
    }


def test_the_refs_of_relations_can_be_renumbered() -> None:
    result = renumber(analyze("Take 20 mg lisinopril."), 7)
    refs = [end["ref"] for end in result["relations"][0]["entities"]]
    assert refs == ["#/results/documents/7/entities/0", "#/results/documents/7/entities/1"]


def test_another_language_than_english_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        ENGINES["Healthcare"]("Sie hat Fieber.", "de", {})
    assert caught.value.supported == ("en",)
