"""PiiEntityRecognition: what is found, what the parameters change, and how it is masked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.engines import ENGINES
from airflow_provider_language.emulator.engines.redaction import policies, redact

from .texts import TEXTS

# Written for this test. All numbers are published examples or made up with right check digits.
LABELLED: dict[str, set[tuple[str, str]]] = {
    "The SSN on the form reads 219-09-9999.": {("219-09-9999", "USSocialSecurityNumber")},
    "Routing number of the cheque: 011401533.": {("011401533", "ABARoutingNumber")},
    "O CPF dela: 111.444.777-35.": {("111.444.777-35", "BRCPFNumber")},
    "Pay with 4111 1111 1111 1111 please.": {("4111 1111 1111 1111", "CreditCardNumber")},
    "Amex: 378282246310005.": {("378282246310005", "CreditCardNumber")},
    "Order 4111 1111 1111 1112 is late.": set(),
    "Part 4111111111111111X and part X378282246310005 are late.": set(),
    "IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX": {
        ("DE89 3704 0044 0532 0130 00", "InternationalBankingAccountNumber"), ("COBADEFFXXX", "SWIFTCode"),
    },
    "GB82WEST12345698765432 is an account in London.": {
        ("GB82WEST12345698765432", "InternationalBankingAccountNumber"),
    },
    "Her NI number is QQ 12 34 56 C.": set(),
    "His NI number is AB 12 34 56 C.": {("AB 12 34 56 C", "UKNationalInsuranceNumber")},
    "NHS number: 943 476 5919": {("943 476 5919", "UKNationalHealthNumber"), ("NHS", "Organization")},
    "DNI 12345678Z": {("12345678Z", "ESDNI")},
    "Codice fiscale RSSMRA85T10A562S": {("RSSMRA85T10A562S", "ITFiscalCode")},
    "Steuer-IdNr. 65 929 970 489": {("65 929 970 489", "DETaxIdentificationNumber")},
    "BSN 111222333": {("111222333", "NLCitizensServiceNumber")},
    "PESEL 44051401359": {("44051401359", "PLNationalID")},
    "TFN 123 456 782": {("123 456 782", "AUTaxFileNumber")},
    "SIN 046 454 286": {("046 454 286", "CASocialInsuranceNumber")},
    "CNPJ 11.222.333/0001-81": {("11.222.333/0001-81", "BRLegalEntityNumber")},
    "VIN 1M8GDM9AXKP042788": {("1M8GDM9AXKP042788", "VehicleIdentificationNumber")},
    "Passport no. 123456789": {("123456789", "USUKPassportNumber")},
    "Reach Maria Garcia at maria@contoso.com or +44 20 7946 0958.": {
        ("Maria Garcia", "Person"), ("maria@contoso.com", "Email"), ("+44 20 7946 0958", "PhoneNumber"),
    },
    "The nurse of the Mayo Clinic logged in from 10.0.0.7 on 3 May 2024.": {
        ("nurse", "PersonType"), ("Mayo Clinic", "Organization"), ("10.0.0.7", "IPAddress"),
        ("3 May 2024", "DateTime"),
    },
    "He is 34 years old and lives at 12 Elm Street.": {
        ("34 years old", "Quantity"), ("12 Elm Street", "Address"),
    },
    "Invoice 20240118 lists 17 items of type A4.": set(),
    "I like long walks in the forest.": set(),
}  # fmt: skip


def recognize(text: str, language: str = "en", **parameters: Any) -> dict[str, Any]:
    return ENGINES["PiiEntityRecognition"](text, language, parameters)


def found(text: str, **parameters: Any) -> list[tuple[str, str]]:
    entities = recognize(text, **parameters)["entities"]
    return [(entity["text"], entity["category"]) for entity in entities]


@pytest.mark.parametrize("text", LABELLED)
def test_what_identifies_somebody_is_found_and_nothing_else(text: str) -> None:
    assert set(found(text)) == LABELLED[text]


def test_the_redacted_text_comes_first_and_has_a_character_for_each() -> None:
    result = recognize("Her SSN: 219-09-9999.")
    assert list(result) == ["redactedText", "entities"]
    assert result["redactedText"] == "Her SSN: ***********."


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_no_entity_is_readable_in_the_redacted_text_and_the_rest_is_untouched(text: str) -> None:
    result = recognize(text)
    redacted, at = result["redactedText"], 0
    for before, entity in zip(
        [{"offset": 0, "length": 0}, *result["entities"]], result["entities"], strict=False
    ):
        kept = text[before["offset"] + before["length"] : entity["offset"]]
        assert redacted.startswith(kept, at)
        at += len(kept)
        mask = redacted[at : at + len(entity["text"])]
        masked = len(mask) - len(mask.lstrip("*"))
        assert 0 < masked <= entity["length"]
        at += masked
    last = result["entities"][-1] if result["entities"] else {"offset": 0, "length": 0}
    assert redacted[at:] == text[last["offset"] + last["length"] :]


def test_a_letter_with_its_accents_has_one_mask_character() -> None:
    text = "Jose\u0301 Garci\u0301a called."
    result = recognize(text)
    assert result["entities"][0]["length"] == 13
    assert result["redactedText"] == "*********** called."


MIXED = "Maria Garcia of Contoso called 425-555-0137 from Lisbon about AB 12 34 56 C; PIN 4711."


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["Maria Garcia", "Contoso", "425-555-0137", "AB 12 34 56 C"]),
        ({"piiCategories": ["Person"]}, ["Maria Garcia"]),
        (
            {"piiCategories": ["default", "PIN"]},
            ["Maria Garcia", "Contoso", "425-555-0137", "AB 12 34 56 C", "4711"],
        ),
        ({"piiCategories": ["Location"]}, ["Lisbon"]),
        (
            {"piiCategories": ["All"]},
            ["Maria Garcia", "Contoso", "425-555-0137", "Lisbon", "AB 12 34 56 C", "4711"],
        ),
        ({"excludePiiCategories": ["Person", "Organization"]}, ["425-555-0137", "AB 12 34 56 C"]),
        ({"piiCategories": ["Person", "PhoneNumber"], "excludePiiCategories": ["Person"]}, ["425-555-0137"]),
        ({"piiCategories": []}, ["Maria Garcia", "Contoso", "425-555-0137", "AB 12 34 56 C"]),
        (
            {"valueExclusionPolicy": {"caseSensitive": False, "excludedValues": ["CONTOSO"]}},
            ["Maria Garcia", "425-555-0137", "AB 12 34 56 C"],
        ),
        (
            {"valueExclusionPolicy": {"caseSensitive": True, "excludedValues": ["CONTOSO"]}},
            ["Maria Garcia", "Contoso", "425-555-0137", "AB 12 34 56 C"],
        ),
        (
            # Nor are "Maria" and "Garcia" anybody then.
            {"valueExclusionPolicy": {"caseSensitive": False, "excludedValues": ["maria garcia"]}},
            ["Contoso", "425-555-0137", "AB 12 34 56 C"],
        ),
        ({"confidenceScoreThreshold": {"default": 0.85}}, ["425-555-0137", "AB 12 34 56 C"]),
        (
            {
                "confidenceScoreThreshold": {
                    "default": 0.85,
                    "overrides": [
                        {"entity": "Person", "value": 0.5, "language": "en"},
                        {"entity": "Organization", "value": 0.5, "language": "de"},
                    ],
                }
            },
            ["Maria Garcia", "425-555-0137", "AB 12 34 56 C"],
        ),
    ],
)
def test_the_parameters_choose_what_is_returned(parameters: dict[str, Any], expected: list[str]) -> None:
    assert [text for text, _ in found(MIXED, **parameters)] == expected


def test_what_was_not_chosen_stays_readable() -> None:
    assert (
        recognize("Maria Garcia of Contoso", piiCategories=["Person"])["redactedText"]
        == "************ of Contoso"
    )


def test_health_leaves_out_secrets_and_routing_numbers() -> None:
    text = "Maria Garcia, ABA 111000025, AccountKey=" + "k" * 86 + "=="
    assert [category for _, category in found(text)] == [
        "Person",
        "ABARoutingNumber",
        "AzureStorageAccountKey",
    ]
    assert [category for _, category in found(text, domain="phi")] == ["Person"]


def test_a_synonym_says_what_a_number_is() -> None:
    text = "Bancoref 111000025"
    synonyms = [{"entityType": "ABARoutingNumber", "synonyms": [{"synonym": "bancoref", "language": "en"}]}]
    other = [{"entityType": "ABARoutingNumber", "synonyms": [{"synonym": "bancoref", "language": "de"}]}]
    assert found(text) == []
    assert found(text, entitySynonyms=synonyms) == [("111000025", "ABARoutingNumber")]
    assert found(text, entitySynonyms=other) == []


def test_without_validation_a_wrong_check_digit_is_found_with_less_confidence() -> None:
    (entity,) = recognize("Card 4111 1111 1111 1112", disableEntityValidation=True)["entities"]
    assert (entity["category"], entity["confidenceScore"]) == ("CreditCardNumber", 0.6)


CALL = "Mark Lane rang 206-555-0199. Mark Lane missed Ann Lee."


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "********* rang ************. ********* missed *******."),
        (
            {"redactionCharacter": "#"},
            "######### rang ############. ######### missed #######.",
        ),
        (
            {"redactionPolicy": {"policyKind": "characterMask", "redactionCharacter": "-"}},
            "--------- rang ------------. --------- missed -------.",
        ),
        (
            {"redactionPolicies": [{"policyKind": "EntityMask"}]},
            "[PERSON_1] rang [PHONENUMBER_1]. [PERSON_1] missed [PERSON_2].",
        ),
        (
            {
                "redactionPolicies": [
                    {"policyKind": "noMask", "isDefault": True},
                    {"policyKind": "characterMask", "entityTypes": ["PhoneNumber"], "unmaskLength": 4},
                ]
            },
            "Mark Lane rang ********0199. Mark Lane missed Ann Lee.",
        ),
        (
            {
                "redactionPolicies": [
                    {"policyKind": "characterMask", "unmaskLength": 1, "unmaskFromEnd": False},
                ]
            },
            "M******** rang 2***********. M******** missed A******.",
        ),
        (
            {"redactionPolicies": [{"policyKind": "syntheticReplacement"}]},
            "Alex Sample rang 000-000-0000. Alex Sample missed Robin Example.",
        ),
    ],
)
def test_policies_mask_as_they_say(parameters: dict[str, Any], expected: str) -> None:
    assert recognize(CALL, **parameters)["redactedText"] == expected


def test_a_policy_that_masks_nothing_leaves_the_redacted_text_out() -> None:
    result = recognize(CALL, redactionPolicies=[{"policyKind": "noMask"}])
    assert "redactedText" not in result
    assert len(result["entities"]) == 4


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_an_entity_mask_stands_where_it_says(text: str) -> None:
    result = recognize(text, redactionPolicies=[{"policyKind": "entityMask"}])
    for entity in result["entities"]:
        start, length = entity["maskOffset"], entity["maskLength"]
        assert result["redactedText"][start : start + length] == entity["mask"]


@given(
    st.lists(st.tuples(st.text(max_size=5), st.text(min_size=1, max_size=5)), max_size=5),
    st.text(max_size=5),
)
def test_masking_by_type_loses_nothing_between_the_entities(pairs: list[tuple[str, str]], rest: str) -> None:
    text, spans = "", []
    for between, entity in pairs:
        start = len(text) + len(between)
        text += between + entity
        spans.append((start, len(text), "Kind", "Kind"))
    result = redact(text + rest, spans, policies({"redactionPolicies": [{"policyKind": "entityMask"}]}))
    restored, done = "", 0
    for (_, entity), mask in zip(pairs, result.masks, strict=True):
        assert mask is not None
        assert result.text is not None
        restored += result.text[done : mask[1]] + entity
        done = mask[1] + len(mask[0])
    assert restored + (result.text or "")[done:] == text + rest
