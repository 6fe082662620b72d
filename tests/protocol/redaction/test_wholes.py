"""What a sample or a plan tells of all documents is read with care, and reckoned with a price."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.wholes import Whole, whole_from

DRAWN = {"documents": 51, "drawn": 10, "text_records": 101, "path": "/sample.jsonl"}
QUOTE = {
    "documents": 12,
    "text_records": 8,
    "known": {"documents": 4, "text_records": 4},
    "price_per_thousand_records": 2,
    "cost": 0.016,
}


def test_the_output_of_a_sample_and_that_of_a_plan_are_both_taken() -> None:
    assert whole_from(DRAWN) == Whole(51, 101)
    assert whole_from(QUOTE) == Whole(12, 8, 4, 2)


def test_a_whole_costs_what_its_plan_says_and_a_price_that_is_given_goes_before() -> None:
    assert whole_from(QUOTE).cost == QUOTE["cost"]
    assert whole_from(QUOTE, "3").cost == 0.024
    assert whole_from(DRAWN, 2).cost == 0.202
    assert whole_from(DRAWN).cost is None
    assert whole_from({"documents": 3, "text_records": None}, 2).cost is None


def test_a_whole_is_told_with_a_cost_where_there_is_a_price() -> None:
    told: dict[str, Any] = {"documents": 51, "text_records": 101, "known_text_records": 0}
    assert whole_from(DRAWN).told() == told
    assert whole_from(DRAWN, 2).told() == {**told, "price_per_thousand_records": 2, "cost": 0.202}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (str(DRAWN), "whole is a str"),
        (None, "whole is a NoneType"),
        ({}, "no number of documents"),
        ({"documents": "many"}, "documents 'many'"),
        ({"documents": -1}, "documents -1"),
        ({"documents": True}, "documents True"),
        ({"documents": 1, "text_records": 1.5}, "text_records 1.5"),
        ({"documents": 1, "known": {"text_records": "x"}}, "text_records 'x'"),
        ({"documents": 1, "price_per_thousand_records": -1}, "below 0"),
        ({"documents": 1, "price_per_thousand_records": "dear"}, "no number"),
    ],
)
def test_what_tells_no_numbers_is_refused(said: object, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        whole_from(said)
