"""The times between looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.pacing.durations import Durations, Group
from airflow_provider_language.protocol.pacing.pauses import (
    FREE_PRICE,
    TIGHT_PRICE,
    Pace,
    first_pause,
    next_pause,
    price_at,
)
from airflow_provider_language.protocol.pacing.schedules import Schedule, schedule

GROUP = Group("analyze-text")
FREE = schedule(Durations().distribution(GROUP), FREE_PRICE)
TIGHT = schedule(Durations().distribution(GROUP), TIGHT_PRICE)


def test_a_look_is_cheap_where_the_budget_is_free_and_dear_where_it_is_tight() -> None:
    prices = [price_at(pressure / 10) for pressure in range(11)]
    assert prices[0] == FREE_PRICE
    assert prices[-1] == pytest.approx(TIGHT_PRICE)
    assert prices == sorted(prices)
    assert (price_at(-1), price_at(2)) == (prices[0], prices[-1])


def test_between_two_steps_some_jobs_have_the_lower_price_and_some_the_higher() -> None:
    found = [price_at(0.51, number / 100) for number in range(101)]
    low, high = min(found), max(found)
    assert set(found) == {low, high}
    assert low < high
    assert 0 < found.count(high) < found.count(low)


def test_looks_come_early_where_requests_are_free_and_late_where_they_are_not() -> None:
    assert first_pause(Pace(), FREE, 0.0, 0.0) < 1.5
    assert 15 < first_pause(Pace(), TIGHT, 0.0, 0.0) < 25


def test_a_job_that_was_submitted_a_while_ago_is_looked_at_so_much_sooner() -> None:
    whole = first_pause(Pace(), TIGHT, 0.0, 0.0)
    assert first_pause(Pace(), TIGHT, 5.0, 0.0) == pytest.approx(whole - 5)
    assert first_pause(Pace(), TIGHT, 3600.0, 0.0) == Pace().first


def test_no_first_look_comes_before_it_is_asked_for() -> None:
    assert first_pause(Pace(first=3.0), FREE, 0.0, 0.0) == 3.0


def test_jobs_that_are_due_together_are_looked_at_one_after_the_other() -> None:
    pauses = [first_pause(Pace(), TIGHT, 3600.0, jitter / 4, crowd=8.0) for jitter in range(5)]
    assert pauses == [Pace().first + spread for spread in (0.0, 2.0, 4.0, 6.0, 8.0)]


def test_jitter_lengthens_a_pause_by_up_to_a_fortieth() -> None:
    pauses = [next_pause(Pace(), FREE, 2.0, jitter) for jitter in (0.0, 1.0)]
    assert pauses[1] == pytest.approx(1.025 * pauses[0])


def test_a_pause_leaves_a_request_for_every_waiting_job() -> None:
    assert next_pause(Pace(), FREE, 2.0, 0.0, least=60.0) == 60.0


@given(age=st.floats(0, 10**7), jitter=st.floats(0, 1), best=st.sampled_from([FREE, TIGHT]))
def test_every_pause_is_positive_and_none_is_longer_than_the_ceiling(
    age: float, jitter: float, best: Schedule
) -> None:
    assert 0 < next_pause(Pace(), best, age, jitter) <= Pace().ceiling
