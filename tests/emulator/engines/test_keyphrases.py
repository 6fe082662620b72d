"""KeyPhraseExtraction."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from airflow_provider_language.emulator.engines import ENGINES, UnsupportedLanguage

from .texts import TEXTS

# Written for this test: the phrases that a reader would name, in English.
LABELLED = {
    "The new swimming pool of the hotel was closed for repairs.": {"new swimming pool", "hotel", "repairs"},
    "Quarterly revenue grew thanks to strong demand for cloud services in Europe.": {
        "Quarterly revenue", "strong demand", "cloud services", "Europe",
    },
    "Our customers complain about slow delivery and missing invoices.": {
        "customers", "slow delivery", "missing invoices",
    },
    "Dr. Smith prescribed a low dose of ibuprofen.": {"Dr. Smith", "low dose", "ibuprofen"},
    "The city council approved a plan for affordable housing near the central station.": {
        "city council", "plan", "affordable housing", "central station",
    },
    "Engineers found the root cause of the outage in an expired certificate.": {
        "Engineers", "root cause", "outage", "expired certificate",
    },
    "She wrote a short story about an old lighthouse keeper.": {"short story", "old lighthouse keeper"},
    "Solar panels on every roof could cut the electricity bill by half.": {
        "Solar panels", "roof", "electricity bill", "half",
    },
    "Heavy rain delayed the morning flights to Lisbon.": {"Heavy rain", "morning flights", "Lisbon"},
    "The contract ends on the last day of the year.": {"contract", "last day", "year"},
}  # fmt: skip


def phrases(text: str, language: str = "en") -> list[str]:
    found: list[str] = ENGINES["KeyPhraseExtraction"](text, language, {})["keyPhrases"]
    return found


def test_most_of_the_labelled_phrases_are_found_and_little_else() -> None:
    expected = {(text, phrase) for text, labels in LABELLED.items() for phrase in labels}
    found = {(text, phrase) for text in LABELLED for phrase in phrases(text)}
    assert len(expected & found) / len(found) >= 0.9, found - expected
    assert len(expected & found) / len(expected) >= 0.9, expected - found


def test_longer_phrases_come_first_then_the_order_of_the_text_and_each_once() -> None:
    text = "Contoso was bought by Ann Miller and Tom Brown. Ann Miller left Contoso."
    assert phrases(text) == ["Ann Miller", "Tom Brown", "Contoso"]


def test_a_phrase_over_a_line_break_is_one_phrase() -> None:
    assert "cloud services" in phrases("We sell cloud\r\nservices to banks.")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "Das neue Hotel in Berlin hat einen großen Garten.",
            {"neue Hotel", "Berlin", "großen Garten"},
        ),
        (
            "es",
            "Contoso fue comprada por Ana Molina y Juan Prado.",
            {"Contoso", "Ana Molina", "Juan Prado"},
        ),
        (
            "fr-CA",
            "L'hôtel a une grande piscine et un petit jardin.",
            {"hôtel", "grande piscine", "petit jardin"},
        ),
        (
            "it",
            "La camera ha un grande balcone e una vista splendida.",
            {"grande balcone", "vista splendida"},
        ),
        ("nl", "Het hotel heeft een groot zwembad en een mooie tuin.", {"groot zwembad", "mooie tuin"}),
        ("pt", "O hotel tem uma piscina grande e um jardim bonito.", {"piscina grande", "jardim bonito"}),
    ],
)
def test_other_languages_give_runs_of_content_words(language: str, text: str, expected: set[str]) -> None:
    assert expected <= set(phrases(text, language))


def test_a_language_without_stop_words_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        phrases("こんにちは世界", "ja")
    assert caught.value.supported == ("de", "en", "es", "fr", "it", "nl", "pt")


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_every_phrase_stands_in_the_text(text: str) -> None:
    flat = " ".join(text.split())
    for phrase in phrases(text):
        assert phrase in flat
