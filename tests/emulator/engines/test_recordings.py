"""What the engines answer beside what the live service was recorded to answer to the same documents."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.emulator.engines import ENGINES

RECORDINGS = Path(__file__).parents[4] / "shared" / "azure-language" / "recordings"

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs the recorded traffic beside this project"),
]


@cache
def recorded(name: str, kind: str) -> tuple[tuple[str, str, str], ...]:
    """Return text, language and answered document (JSON) of each document of a recorded job."""
    exchanges = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))["exchanges"]
    sent: dict[str, dict[str, Any]] = {}
    answered: dict[str, dict[str, Any]] = {}
    for exchange in exchanges:
        body = exchange["request"]["body"] or {}
        sent |= {document["id"]: document for document in body.get("analysisInput", {}).get("documents", [])}
        for item in ((exchange["response"]["body"] or {}).get("tasks") or {}).get("items", []):
            if item["kind"] == f"{kind}LROResults":
                answered |= {document["id"]: document for document in item["results"]["documents"]}
    assert answered
    return tuple(
        (
            sent[key]["text"],
            document.get("detectedLanguage", {}).get("iso6391Name", "en"),
            json.dumps(document),
        )
        for key, document in answered.items()
    )


def spans(entities: list[dict[str, Any]]) -> set[tuple[str, str, int, int]]:
    return {(entity["text"], entity["category"], entity["offset"], entity["length"]) for entity in entities}


@pytest.mark.parametrize(
    "name", ["cancel_in_terminal_state_2022-05-01", "autodetect_language_2022-10-01-preview",
             "multi_task_success_2022-05-01", "pagination_nextlink_2022-05-01"]
)  # fmt: skip
def test_key_phrases_are_those_of_the_service_in_its_order(name: str) -> None:
    for text, language, document in recorded(name, "KeyPhraseExtraction"):
        found = ENGINES["KeyPhraseExtraction"](text, language, {})["keyPhrases"]
        expected = json.loads(document)["keyPhrases"]
        assert [phrase for phrase in found if phrase in expected] == expected
        assert len(found) <= len(expected) + 1


def test_personal_data_of_the_chosen_categories_are_those_of_the_service() -> None:
    chosen = {"piiCategories": ["USSocialSecurityNumber", "ABARoutingNumber"]}
    for text, language, document in recorded("pii_categories_filter_2022-05-01", "PiiEntityRecognition"):
        result, expected = ENGINES["PiiEntityRecognition"](text, language, chosen), json.loads(document)
        assert result["redactedText"] == expected["redactedText"]
        assert spans(result["entities"]) == spans(expected["entities"])


@pytest.mark.parametrize(
    "name", ["cancel_in_terminal_state_2022-05-01", "autodetect_language_2022-10-01-preview",
             "multi_task_success_2022-05-01", "pagination_nextlink_2022-05-01"]
)  # fmt: skip
def test_redacted_texts_are_those_of_the_service(name: str) -> None:
    for text, language, document in recorded(name, "PiiEntityRecognition"):
        result, expected = ENGINES["PiiEntityRecognition"](text, language, {}), json.loads(document)
        assert result["redactedText"] == expected["redactedText"]
        assert spans(result["entities"]) == spans(expected["entities"])


def test_people_and_organizations_are_those_of_the_service() -> None:
    for text, language, document in recorded("autodetect_language_2022-10-01-preview", "EntityRecognition"):
        found = ENGINES["EntityRecognition"](text, language, {})["entities"]
        assert spans(found) == spans(json.loads(document)["entities"])


@pytest.mark.parametrize(
    "name", ["multi_task_success_2022-05-01", "pagination_nextlink_2022-05-01"]
)  # fmt: skip
def test_sentiments_are_those_of_the_service(name: str) -> None:
    emoticons = {":P": "positive"}  # the service says neutral, VADER's lexicon does not
    for text, language, document in recorded(name, "SentimentAnalysis"):
        result, expected = ENGINES["SentimentAnalysis"](text, language, {}), json.loads(document)
        assert result["sentiment"] == emoticons.get(text, expected["sentiment"])
        assert [s["text"] for s in result["sentences"]] == [s["text"] for s in expected["sentences"]]
        assert list(result["sentences"][0]) == list(expected["sentences"][0])


def test_doses_and_their_drug_are_those_of_the_service() -> None:
    for text, language, document in recorded("healthcare_in_analyze_2022-05-01", "Healthcare"):
        result, expected = ENGINES["Healthcare"](text, language, {}), json.loads(document)
        found = {
            (e["text"], e["offset"], e["length"], e.get("assertion", {}).get("certainty"))
            for e in result["entities"]
        }
        assert found == {
            (e["text"], e["offset"], e["length"], e.get("assertion", {}).get("certainty"))
            for e in expected["entities"]
        }
        # The document's own position differs: the engine knows only one document.
        relations = json.dumps(expected["relations"]).replace("/documents/1/", "/documents/0/")
        assert result["relations"] == json.loads(relations)
