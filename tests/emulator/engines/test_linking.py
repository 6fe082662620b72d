"""The approximated EntityLinking."""

from __future__ import annotations

from airflow_provider_language.emulator.engines import ENGINES


def test_names_of_one_thing_are_matches_of_one_entity() -> None:
    text = "Contoso moved from New York to Lisbon; NYC was too dear."
    result = ENGINES["EntityLinking"](text, "en", {})
    assert [entity["name"] for entity in result["entities"]] == ["Contoso", "New York City", "Lisbon"]
    assert result["entities"][1] == {
        "name": "New York City",
        "matches": [
            {"text": "New York", "offset": 19, "length": 8, "confidenceScore": 0.8},
            {"text": "NYC", "offset": 39, "length": 3, "confidenceScore": 0.8},
        ],
        "language": "en",
        "id": "New York City",
        "url": "https://en.wikipedia.org/wiki/New_York_City",
        "dataSource": "Wikipedia",
    }


def test_an_address_of_an_article_is_escaped() -> None:
    (entity,) = ENGINES["EntityLinking"]("They met in Córdoba.", "en", {})["entities"]
    assert entity["url"] == "https://en.wikipedia.org/wiki/C%C3%B3rdoba"


def test_the_approximation_is_told_even_if_nothing_was_found() -> None:
    result = ENGINES["EntityLinking"]("hello world", "en", {})
    assert result["entities"] == []
    assert [warning["code"] for warning in result["warnings"]] == ["EmulatorApproximation"]
