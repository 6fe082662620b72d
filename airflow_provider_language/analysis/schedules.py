"""The best times to look at a job, given how long such jobs take and what a look is worth.

A look costs a request; a job that has ended and is not looked at costs delay. With a price of a look in
seconds of delay, the best times are those for which the delay and the price of the looks, as they are to be
expected, are least together. No other schedule has both fewer looks and less delay.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise

from airflow_provider_language.analysis.durations import Distribution


@dataclass(frozen=True)
class Schedule:
    """When to look, at a price.

    Args:
        ages: seconds after a submission, ascending from 0.
        following: for a job that has not ended at each of them but the last, the index of the age at which
            to look next.
        price: seconds of delay that a look is worth.
    """

    ages: tuple[float, ...]
    following: tuple[int, ...]
    price: float

    def after(self, age: float) -> float:
        """The age at which to look next at a job that has not ended at this one; always later.

        Beyond what the schedule covers, jobs are taken to end the more rarely the longer they run already
        (at the rate 1/age), for which looks that are this far apart cost least.
        """
        nearest = bisect_right(self.ages, age) - 1
        if nearest + 1 < len(self.ages) and age * age > self.ages[nearest] * self.ages[nearest + 1] > 0:
            nearest += 1
        if nearest >= len(self.following):
            return age + math.sqrt(2 * self.price * age)
        return self.ages[self.following[nearest]]


def schedule(durations: Distribution, price: float) -> Schedule:
    """Find the best times to look.

    From the last age backwards, what is best after each age is found from what is best after all later ones.
    Costs are weighted with the share of jobs that they fall upon.

    Args:
        durations: how long such jobs take.
        price: seconds of delay that a look is worth; positive.

    Raises:
        ValueError: the price is not positive.
    """
    if not price > 0:
        raise ValueError("a look has a price")
    ages, ended = durations.ages, durations.ended
    areas = _areas(ages, ended)
    costs = [0.0] * len(ages)
    following = [0] * (len(ages) - 1)
    for now in range(len(ages) - 2, -1, -1):
        age, area, share = ages[now], areas[now], ended[now]
        cost, following[now] = min(
            (areas[then] - area - share * (ages[then] - age) + costs[then], then)
            for then in range(now + 1, len(ages))
        )
        costs[now] = cost + price * (1 - share)
    return Schedule(ages, tuple(following), price)


def _areas(ages: tuple[float, ...], ended: tuple[float, ...]) -> list[float]:
    """The time that all jobs together, taken as one, have been ended at each age."""
    steps = zip(pairwise(ages), pairwise(ended), strict=True)
    return list(accumulate(((b - a) * (low + high) / 2 for (a, b), (low, high) in steps), initial=0.0))
