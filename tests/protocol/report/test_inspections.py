"""The figures of an inspection's report are those of its table, and no more than a page can show."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.protocol.redaction.inspecting import MOST, Inspection
from airflow_provider_language.protocol.redaction.policies import policy_from
from airflow_provider_language.protocol.redaction.wholes import Whole
from airflow_provider_language.protocol.report.inspections import (
    NOT_TOLD,
    Category,
    InspectionReport,
    Pair,
    inspection_report,
    words_of,
)
from tests.protocol.redaction.policies import SAID, policy
from tests.protocol.redaction.test_inspecting import entity, row

ROWS = (
    row(entity("Person", 0.55), entity("Person", 1.0), entity("Email", 0.0)),
    row(entity("Person"), language=None),
    row(entity("Organization", 0.71), language="de"),
    row(language="de"),
    row(status="error"),
)


def inspected(*rows: dict[str, Any]) -> Inspection:
    inspection = Inspection()
    for one in rows:
        inspection.take(one)
    return inspection


def report(*rows: dict[str, Any], **more: Any) -> InspectionReport:
    return inspection_report(inspected(*rows), "/rows", **more)


def test_each_figure_is_that_of_the_table() -> None:
    leaving = policy("mask", Person="leave", Email="category")
    found, told = report(*ROWS, policy=leaving), inspected(*ROWS).told(leaving)

    assert found.documents - found.without_result == told["documents"]
    assert (found.without_result, found.text_records) == (told["without_result"], told["text_records"])
    pairs = [
        {**one, "language": NOT_TOLD if one["language"] == "-" else one["language"]}
        for one in told["findings"]
    ]
    assert [
        {
            "category": one.category,
            "language": one.language,
            "findings": one.findings,
            "documents": one.documents,
        }
        for one in found.pairs
    ] == pairs
    assert {one.label: one.bins for one in found.categories} == told["confidences"]
    assert {one.label: one.findings for one in found.left} == told["left"]
    assert [one.label for one in found.unnamed] == told["unnamed"]
    assert {one.label: one.count for one in found.languages} == {"en": 1, NOT_TOLD: 1, "de": 2}
    assert [one.count for one in found.confidences] == [1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1]


def test_a_category_is_summed_over_languages_and_says_what_becomes_of_it() -> None:
    found = report(*ROWS, policy=policy("mask", Person="leave", Email="category"))

    bins = [0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1]
    assert found.categories[0] == Category("Person", 3, 2, 1.0, bins, "left in the clear", is_left=True)
    assert [(one.label, one.becomes, one.is_named) for one in found.categories[1:]] == [
        ("Email", "replaced by the category", True),
        ("Organization", "masked", False),
    ]
    assert found.default == "masked"
    assert found.pairs[2] == Pair("Person", NOT_TOLD, 1, 1, 1)
    assert found.findings == 5


def test_without_a_policy_nothing_is_said_of_what_it_does() -> None:
    found = report(*ROWS)

    assert (found.left, found.unnamed, found.default) == ((), (), "")
    assert {one.becomes for one in found.categories} == {""}


@pytest.mark.parametrize("category", [*SAID["categories"], "Age"])
def test_each_way_has_words_of_its_own(category: str) -> None:
    ways = policy_from(SAID)
    words = {one: words_of(ways.way(one)) for one in (*SAID["categories"], "Age")}
    assert [one for one in words if words[one] == words[category]] == [category]


def test_what_was_looked_at_costs_by_the_price_that_is_given_or_by_that_of_the_whole() -> None:
    whole = Whole(100, 100, price=2)
    assert report(*ROWS, whole=whole).cost == 0.016
    assert report(*ROWS, whole=whole, price=3).cost == 0.024
    assert report(*ROWS, price=3).cost == 0.024
    assert report(*ROWS, whole=Whole(100)).cost is None
    assert report(*ROWS).cost is None


def test_of_names_without_end_the_most_frequent_are_shown_and_first_what_is_left() -> None:
    names = [f"A{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(MOST + 20)]
    rows = [row(*(entity(name) for name in names), entity("Aaa"), entity("Person"))]

    found = report(*rows, policy=policy("mask", Person="leave"))

    assert [len(found.categories), len(found.pairs)] == [MOST, MOST]
    assert (found.more_categories, found.more_pairs, found.more_left) == (21, 21, 0)
    assert [one.label for one in found.categories[:2]] == ["Person", "Aaa"]
    assert report(*rows, policy=policy("leave")).more_left == 21


def test_nothing_found_has_empty_figures() -> None:
    found = report(row(), policy=policy("leave"))

    assert (found.categories, found.pairs, found.left, found.findings) == ((), (), (), 0)
    assert {one.count for one in found.confidences} == {0}
