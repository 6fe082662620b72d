"""EntityRecognition."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.emulator.engines import ENGINES, UnsupportedLanguage, without_types

# Written for this test: the entities that a reader of the service's category pages would mark.
LABELLED: dict[str, set[tuple[str, str]]] = {
    "Satya Nadella has led Microsoft since 2014.": {
        ("Satya Nadella", "Person"), ("Microsoft", "Organization"), ("2014", "DateRange"),
    },
    "Dr. Alvarez flew from Lisbon to New York on Friday.": {
        ("Alvarez", "Person"), ("Lisbon", "City"), ("New York", "City"), ("Friday", "Date"),
    },
    "The meeting with Priya Raman is on 12 June 2024 at 3:30 p.m.": {
        ("Priya Raman", "Person"), ("12 June 2024 at 3:30 p.m.", "DateTime"),
    },
    "We paid $2,500 for twelve chairs.": {("$2,500", "Currency"), ("twelve", "Number")},
    "About 40% of the students come from Brazil.": {
        ("40%", "Percentage"), ("students", "PersonType"), ("Brazil", "CountryRegion"),
    },
    "Write to help@contoso.com or call (425) 555-0137.": {
        ("help@contoso.com", "Email"), ("(425) 555-0137", "PhoneNumber"),
    },
    "The server at 10.0.0.12 answers on https://status.example.org/now.": {
        ("10.0.0.12", "IP"), ("https://status.example.org/now", "URL"),
    },
    "A 34-year-old nurse from the Mayo Clinic won the prize.": {
        ("34-year-old", "Age"), ("nurse", "PersonType"), ("Mayo Clinic", "OrganizationMedical"),
    },
    "The lake is 12 km long and the water has 18 °C.": {("12 km", "Length"), ("18 °C", "Temperature")},
    "Barcelona beat Real Madrid in the second half.": {
        ("Barcelona", "City"), ("Real Madrid", "OrganizationSports"), ("second", "Ordinal"),
    },
    "Reading the report took two hours.": {("two hours", "Duration")},
    "She moved to Reading last year.": {("Reading", "City"), ("last year", "DateRange")},
    "Will the parcel arrive in May?": {("May", "DateRange")},
    "Grace Hopper worked for the Navy.": {("Grace Hopper", "Person")},
    "The nice thing about Nice is the sea.": {("Nice", "City")},
    "Contoso Ltd. opened a factory near Hamburg in Germany.": {
        ("Contoso Ltd.", "Organization"), ("Hamburg", "City"), ("Germany", "CountryRegion"),
    },
    "The International Food Council (IFC) meets every week.": {
        ("International Food Council", "Organization"), ("IFC", "Organization"),
        ("every week", "SetTemporal"),
    },
    "Send the letter to 123 Main Street, Seattle, WA 98101.": {
        ("123 Main Street, Seattle, WA 98101", "Address"),
    },
    "Mr. O'Brien and Anne-Marie Dupont met in Paris.": {
        ("O'Brien", "Person"), ("Anne-Marie Dupont", "Person"), ("Paris", "City"),
    },
    "The old house has a garden and a red door.": set(),
    "Please mark the date and bring a pen.": set(),
    "Tom asked Kim for the file of 2 GB.": {("Tom", "Person"), ("Kim", "Person"), ("2 GB", "Information")},
    "The film starts at noon and ends at 2 p.m.": {("noon", "Time"), ("2 p.m.", "Time")},
    "Amazon grew faster than the river Amazon.": {("Amazon", "Organization")},
    "They visited the Eiffel Tower and Heathrow Airport.": {
        ("Eiffel Tower", "Structural"), ("Heathrow Airport", "Airport"),
    },
    "Apples cost between three and five euros.": {("five euros", "Currency"), ("three", "Number")},
    "The president of France spoke in Kyiv yesterday.": {
        ("president", "PersonType"), ("France", "CountryRegion"), ("Kyiv", "City"), ("yesterday", "Date"),
    },
    "Version 2.4.1 fixes the bug in Windows 11.": {("Windows 11", "ComputingProduct")},
    "Maria Garcia lives in Texas with her sister Elena.": {
        ("Maria Garcia", "Person"), ("Texas", "State"), ("Elena", "Person"),
    },
    "Mount Everest is 8,849 metres high.": {("Mount Everest", "Geological"), ("8,849 metres", "Length")},
}  # fmt: skip


def recognize(text: str, language: str = "en", **parameters: Any) -> dict[str, Any]:
    return ENGINES["EntityRecognition"](text, language, parameters)


def found(text: str, language: str = "en", **parameters: Any) -> list[tuple[str, str]]:
    return [
        (entity["text"], entity["type"]) for entity in recognize(text, language, **parameters)["entities"]
    ]


def test_most_of_the_labelled_entities_are_found_and_little_else() -> None:
    expected = {(text, *entity) for text, entities in LABELLED.items() for entity in entities}
    seen = {(text, *entity) for text in LABELLED for entity in found(text)}
    assert len(expected & seen) / len(seen) >= 0.9, seen - expected
    assert len(expected & seen) / len(expected) >= 0.9, expected - seen


def test_an_entity_has_the_fields_of_the_newest_versions_in_the_order_of_the_wire() -> None:
    (entity,) = recognize("It happened in Lisbon.")["entities"]
    assert entity == {
        "text": "Lisbon",
        "category": "Location",
        "subcategory": "GPE",
        "offset": 15,
        "length": 6,
        "confidenceScore": 0.8,
        "type": "City",
        "tags": [{"name": name, "confidenceScore": 0.8} for name in ("City", "GPE", "Location")],
    }
    assert list(entity)[:6] == ["text", "category", "subcategory", "offset", "length", "confidenceScore"]


def test_older_versions_get_neither_types_nor_tags_nor_metadata() -> None:
    result = recognize("It cost 12.5% more.")
    assert "metadata" in result["entities"][0]
    assert without_types(result)["entities"] == [
        {
            "text": "12.5%",
            "category": "Quantity",
            "subcategory": "Percentage",
            "offset": 8,
            "length": 5,
            "confidenceScore": 0.9,
        }
    ]


TEXT = "Maria Garcia paid $5 in Berlin yesterday."


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["Maria Garcia", "$5", "Berlin", "yesterday"]),
        ({"inclusionList": ["Location"]}, ["Berlin"]),
        ({"inclusionList": ["City", "Temporal"]}, ["Berlin", "yesterday"]),
        ({"exclusionList": ["Numeric", "Person"]}, ["Berlin", "yesterday"]),
        ({"inclusionList": ["Location", "Person"], "exclusionList": ["GPE"]}, ["Maria Garcia"]),
        ({"inclusionList": ["Skill"]}, []),
    ],
)
def test_inclusion_comes_before_exclusion_and_both_know_tags(
    parameters: dict[str, Any], expected: list[str]
) -> None:
    assert [text for text, _ in found(TEXT, **parameters)] == expected


def test_overlapping_entities_are_given_only_if_allowed() -> None:
    text = "She studied at New York University."
    assert found(text) == [("New York University", "Organization")]
    every = found(text, overlapPolicy={"policyKind": "allowOverlap"})
    assert set(every) >= {("New York University", "Organization")}
    assert found(text, overlapPolicy={"policyKind": "matchLongest"}) == found(text)
    inner = found("He is 5 years old.", overlapPolicy={"policyKind": "allowOverlap"})
    assert {("5 years old", "Age"), ("5", "Number")} <= set(inner)


def test_values_of_numbers_are_worked_out_unless_excluded() -> None:
    (number,) = recognize("We need 1,200 of them.")["entities"]
    assert number["metadata"] == {"metadataKind": "NumberMetadata", "numberKind": "Integer", "value": 1200.0}
    (plain,) = recognize("We need 1,200 of them.", inferenceOptions={"excludeNormalizedValues": True})[
        "entities"
    ]
    assert "metadata" not in plain


def test_a_surname_is_known_again_after_the_full_name() -> None:
    assert found("Olivia Thornbury resigned. Thornbury's deputy follows.")[:2] == [
        ("Olivia Thornbury", "Person"),
        ("Thornbury", "Person"),
    ]


def test_other_languages_find_names_and_say_what_is_missing() -> None:
    result = recognize("Angela Merkel traf Siemens in Köln am 3. Mai.", "de")
    assert [(entity["text"], entity["type"]) for entity in result["entities"]] == [
        ("Angela Merkel", "Person"),
        ("Siemens", "Organization"),
        ("Köln", "City"),
    ]
    assert [warning["code"] for warning in result["warnings"]] == ["EmulatorApproximation"]
    assert "warnings" not in recognize("Hello.")


def test_a_language_outside_the_seven_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        recognize("こんにちは", "ja")
    assert caught.value.supported == ("de", "en", "es", "fr", "it", "nl", "pt")
