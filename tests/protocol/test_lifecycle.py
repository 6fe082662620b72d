"""What Microsoft retires is told in time: in the table, the docstrings and, a year before, the log."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from airflow_provider_language.protocol.inputs.tasks import TASK_CLASSES
from airflow_provider_language.protocol.lifecycle import LEGACY, day_in_words, retirements_near
from tests.lifecycle_table import BEGIN, END, PAGE, section

LINKING = date(2028, 9, 1)


def test_every_legacy_kind_is_one_that_the_provider_runs() -> None:
    assert set(LEGACY) <= set(TASK_CLASSES)


@pytest.mark.parametrize("kind", TASK_CLASSES)
def test_the_docstring_of_a_kind_says_what_the_table_says_of_it(kind: str) -> None:
    told = " ".join((TASK_CLASSES[kind].__doc__ or "").split())
    known = LEGACY.get(kind)

    assert ("docs/service.md, lifecycle" in told) is (known is not None)
    assert ("Microsoft calls this kind legacy" in told) is (known is not None and known.retires is None)
    if known and known.retires:
        assert f"The service retires this kind on {day_in_words(known.retires)}" in told


def test_the_page_has_the_table() -> None:
    text = PAGE.read_text()

    assert text.count(BEGIN) == text.count(END) == 1
    told = text.partition(BEGIN)[2].partition(END)[0]
    assert told == section(), "run: python -m tests.lifecycle_table"


@pytest.mark.parametrize(
    ("today", "lines"),
    [
        (LINKING - timedelta(days=366), 0),
        (LINKING - timedelta(days=365), 1),
        (LINKING - timedelta(days=1), 1),
        (LINKING + timedelta(days=1), 1),
    ],
)
def test_a_kind_is_told_of_from_a_year_before_its_last_day_on(today: date, lines: int) -> None:
    told = list(retirements_near(["EntityLinking", "PiiEntityRecognition", "EntityLinking"], today))

    assert (
        told
        == [
            "Azure AI Language retires EntityLinking on 1 September 2028: EntityRecognition finds the same "
            "entities, without their articles in Wikipedia."
        ][:lines]
    )


def test_a_legacy_kind_without_a_day_is_not_told_of() -> None:
    assert list(retirements_near(["SentimentAnalysis"], date.max)) == []
