"""Wilson's interval, against figures that others have published."""

from __future__ import annotations

import pytest

from airflow_provider_language.protocol.evaluation.shares import share


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [  # R's prop.test(correct=FALSE), which is Wilson's; Newcombe 1998, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_the_interval_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    found = share(hits, of)
    assert found is not None
    assert found.value == hits / of
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_there_is_no_share() -> None:
    assert share(0, 0) is None


def test_characters_are_as_sure_as_the_spans_that_they_stand_in() -> None:
    assert share(810, 2630, 263) == share(81, 263)
