"""The best times to look at a job."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.pacing.durations import Distribution, Durations, Group
from airflow_provider_language.protocol.pacing.schedules import schedule

FEW = Distribution((0.0, 1.0, 2.0, 4.0, 7.0), (0.0, 0.5, 0.6, 0.9, 1.0))


def cost(durations: Distribution, looks: Sequence[float], price: float) -> float:
    """Delay and price of looks, as they are to be expected, by summing over short steps of time."""
    total = 0.0
    steps = 10_000
    end = durations.ages[-1]
    for number in range(steps):
        age = (number + 0.5) * end / steps
        place = next(index for index, one in enumerate(durations.ages) if one >= age)
        width = durations.ages[place] - durations.ages[place - 1]
        density = (durations.ended[place] - durations.ended[place - 1]) / width
        wanted = next(index for index, look in enumerate(looks) if look >= age)
        total += density * (looks[wanted] - age + price * (wanted + 1)) * end / steps
    return total


@pytest.mark.parametrize("price", [0.05, 0.3, 1.0, 3.0, 50.0])
def test_no_choice_of_looks_costs_less(price: float) -> None:
    best = schedule(FEW, price)
    chosen = [best.after(0.0)]
    while chosen[-1] < FEW.ages[-1]:
        chosen.append(best.after(chosen[-1]))
    others = [(*some, FEW.ages[-1]) for number in range(4) for some in combinations(FEW.ages[1:-1], number)]
    assert cost(FEW, chosen, price) == pytest.approx(min(cost(FEW, those, price) for those in others))


def test_the_dearer_a_look_the_fewer_there_are() -> None:
    durations = Durations().distribution(Group("analyze-text"))
    counts = []
    for price in (0.1, 1.0, 10.0, 100.0):
        best = schedule(durations, price)
        age, looks = 0.0, 0
        while age < 20:
            age, looks = best.after(age), looks + 1
        counts.append(looks)
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_an_age_between_two_is_taken_for_the_nearer_one() -> None:
    best = schedule(FEW, 0.01)
    assert best.after(1.1) == 2.0
    assert best.after(1.9) == 4.0


def test_after_all_known_ages_pauses_grow_with_the_root_of_the_age() -> None:
    best = schedule(FEW, 2.0)
    assert best.after(100.0) - 100.0 == pytest.approx(math.sqrt(2 * 2.0 * 100.0))


@pytest.mark.parametrize("price", [0.0, -1.0, math.nan])
def test_a_look_without_a_price_is_refused(price: float) -> None:
    with pytest.raises(ValueError, match="price"):
        schedule(FEW, price)


@given(
    st.lists(st.tuples(st.floats(0.01, 10), st.floats(0, 1)), min_size=1, max_size=12),
    st.floats(0.01, 100),
)
def test_no_other_next_look_costs_less(steps: list[tuple[float, float]], price: float) -> None:
    ages = (0.0, *accumulate(step for step, _ in steps))
    total = sum(part for _, part in steps) or 1.0
    ended = (0.0, *(min(1.0, share / total) for share in accumulate(part for _, part in steps)))
    best = schedule(Distribution(ages, ended), price)
    costs = [0.0] * len(ages)
    for now in reversed(range(len(ages) - 1)):
        of_next = {then: expected(ages, ended, now, then) + costs[then] for then in range(now + 1, len(ages))}
        costs[now] = min(of_next.values()) + price * (1 - ended[now])
        assert of_next[best.following[now]] == pytest.approx(min(of_next.values()), abs=1e-6)


def expected(ages: Sequence[float], ended: Sequence[float], now: int, then: int) -> float:
    """The delay of all that end between two ages, and are seen at the later one."""
    return sum(
        (ended[place] - ended[place - 1]) * (ages[then] - (ages[place] + ages[place - 1]) / 2)
        for place in range(now + 1, then + 1)
    )
