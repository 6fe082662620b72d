"""How long jobs take: what was recorded, and what is learned."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.pacing.durations import (
    AGES,
    RECORDED,
    UNKNOWN_SHARE,
    Distribution,
    Duration,
    Durations,
    Group,
    recorded_share,
)

GROUP = Group("analyze-text")


def share_at(distribution: Distribution, age: float) -> float:
    """The share that has ended at an age, evenly in between."""
    for (before, after), (low, high) in zip(
        pairwise(distribution.ages), pairwise(distribution.ended), strict=True
    ):
        if age <= after:
            return low + (high - low) * (age - before) / (after - before)
    return distribution.ended[-1]


def learned(*seconds: float, times: int = 1, group: Group = GROUP) -> Distribution:
    durations = Durations()
    for _ in range(times):
        for one in seconds:
            durations.add(group, Duration(one, one))
    return durations.distribution(group)


@pytest.mark.parametrize(("share", "seconds"), RECORDED)
def test_what_was_recorded_is_told_again(share: float, seconds: float) -> None:
    assert recorded_share(seconds) == pytest.approx(share)
    assert share_at(learned(), seconds) == pytest.approx(share, abs=UNKNOWN_SHARE + 0.03)


def test_before_the_shortest_recorded_job_none_has_ended_and_after_the_longest_all_have() -> None:
    assert (recorded_share(0.0), recorded_share(1000.0)) == (0.0, 1.0)


def test_one_of_a_hundred_may_take_longer_than_any_known_one() -> None:
    assert share_at(learned(), RECORDED[-1][1]) == pytest.approx(1 - UNKNOWN_SHARE, abs=0.006)
    assert learned().ended[-1] == 1.0


def test_jobs_with_more_text_records_are_expected_to_take_longer() -> None:
    halves = [
        share_at(Durations().distribution(Group.of("analyze-text", records)), 3.0) for records in (1, 8, 125)
    ]
    assert halves == sorted(halves, reverse=True)
    assert halves[0] > 2 * halves[2]


def test_jobs_of_like_size_are_one_group() -> None:
    assert Group.of("a", 100) == Group.of("a", 125) == Group("a", 127)
    assert Group.of("a", 0) == Group("a", 1)
    assert Group.of("a", None) == Group("a")


def test_what_is_seen_outweighs_what_was_recorded() -> None:
    assert share_at(learned(60.0, times=40), 30.0) < 0.35
    assert share_at(learned(60.0, times=1000), 30.0) < 0.05
    assert share_at(learned(60.0, times=1000), 78.0) > 0.95


def test_what_is_seen_fades_where_jobs_change() -> None:
    durations = Durations()
    for seconds in [60.0] * 1000 + [2.0] * 2000:
        durations.add(GROUP, Duration(seconds, seconds))
    assert share_at(durations.distribution(GROUP), 3.0) > 0.95


def test_what_is_known_is_the_same_after_any_number_of_jobs_alike() -> None:
    few, many = learned(2.0, 9.0, times=3_000), learned(2.0, 9.0, times=12_000)
    assert many.ages == few.ages
    assert many.ended == pytest.approx(few.ended, abs=0.001)


def test_a_duration_that_is_known_roughly_lies_where_those_before_it_did() -> None:
    durations = Durations()
    for _ in range(300):
        durations.add(GROUP, Duration(9.9, 10.0))
    for _ in range(300):
        durations.add(GROUP, Duration(0.0, 20.0))
    assert share_at(durations.distribution(GROUP), 13.0) - share_at(
        durations.distribution(GROUP), 7.7
    ) == pytest.approx(1.0, abs=0.1)


def test_a_job_teaches_that_others_take_about_as_long_not_to_the_instant() -> None:
    found = learned(10.0, times=3000)
    assert share_at(found, 7.5) < 0.01
    assert share_at(found, 9.0) == pytest.approx(0.2, abs=0.05)
    assert share_at(found, 11.3) == pytest.approx(0.8, abs=0.05)
    assert share_at(found, 13.0) > 0.98


def test_each_group_learns_for_itself() -> None:
    durations = Durations()
    durations.add(GROUP, Duration(600.0, 600.0))
    other = Group("analyze-conversations")
    assert (durations.count(GROUP), durations.count(other)) == (1, 0)
    assert durations.distribution(other) == Durations().distribution(other)


def test_no_more_groups_are_kept_than_there_is_room_for() -> None:
    durations = Durations()
    groups = [Group("analyze-text", number) for number in range(1000)]
    for group in groups:
        durations.add(group, Duration(5.0, 5.0))
        durations.add(groups[0], Duration(5.0, 5.0))
    kept = [group for group in groups if durations.count(group)]
    assert len(kept) <= 64
    assert groups[0] in kept
    assert groups[-1] in kept


def test_two_observations_of_one_job_say_more_together() -> None:
    assert Duration(0.0, 2.0).within(Duration(1.5, 4.0)) == Duration(1.5, 2.0)
    assert Duration(0.0, 1.0).within(Duration(3.0, 4.0)) == Duration(0.0, 1.0)


@pytest.mark.parametrize(("least", "most"), [(-1.0, 1.0), (2.0, 1.0), (0.0, math.inf), (math.nan, 1.0)])
def test_a_duration_that_cannot_be_is_refused(least: float, most: float) -> None:
    with pytest.raises(ValueError, match="between two finite times"):
        Duration(least, most)


@given(st.lists(st.tuples(st.floats(0, 10**6), st.floats(0, 10**6)), max_size=20))
def test_whatever_is_seen_shares_grow_from_none_to_all(seen: list[tuple[float, float]]) -> None:
    durations = Durations()
    for one in seen:
        durations.add(GROUP, Duration(min(one), max(one)))
    found = durations.distribution(GROUP)
    assert found.ages == AGES[: len(found.ages)]
    assert found.ended[0] == 0
    assert found.ended[-1] == pytest.approx(1.0, abs=UNKNOWN_SHARE + 1e-9)
    assert all(low <= high + 1e-12 for low, high in pairwise(found.ended))
