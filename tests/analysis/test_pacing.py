"""The times between looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.analysis.pacing import Pace, next_look


def test_looks_come_early_and_grow_rarer_up_to_the_ceiling() -> None:
    pauses = [next_look(Pace(), looks, 0.0) for looks in range(11)]
    assert pauses[:5] == [1.0, 1.5, 2.25, 3.375, 5.0625]
    assert pauses[9:] == [30.0, 30.0]
    assert pauses == sorted(pauses)


def test_jitter_shortens_a_growing_pause_by_up_to_a_fifth() -> None:
    assert next_look(Pace(), 1, 1.0) == pytest.approx(1.2)
    assert next_look(Pace(), 100, 0.5) == 27.0


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_the_first_look_and_a_fixed_interval_come_as_asked_for(jitter: float) -> None:
    pace = Pace(first=0.0, interval=60.0)
    assert [next_look(pace, looks, jitter) for looks in range(3)] == [0.0, 60.0, 60.0]


def test_a_first_look_at_once_does_not_make_all_looks_at_once() -> None:
    assert next_look(Pace(first=0.0), 1, 0.0) == 1.5


def test_a_late_first_look_is_not_followed_by_earlier_ones() -> None:
    assert next_look(Pace(first=10.0), 1, 0.0) == 15.0


@given(looks=st.integers(0, 10**6), jitter=st.floats(0, 1))
def test_no_pause_is_longer_than_the_ceiling(looks: int, jitter: float) -> None:
    assert 0 < next_look(Pace(), looks, jitter) <= 30.0
