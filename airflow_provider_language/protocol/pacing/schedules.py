"""The best times to look at a job, given how long such jobs take and what a look is worth.

A look costs a request; a job that has ended and is not looked at costs delay. With a price of a look in
seconds of delay, the best times are those for which the delay and the price of the looks, as they are to be
expected, are least together. No other schedule has both fewer looks and less delay.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from airflow_provider_language.protocol.pacing.durations import Distribution


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
    Costs are weighted with the share of jobs that they fall upon, in which what a later age costs is a
    straight line; so the cheapest age is found on the lower edge of all lines, in steps as many as ages.

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
    edge = _Edge()
    cost = 0.0
    following = [0] * (len(ages) - 1)
    for now in range(len(ages) - 2, -1, -1):
        edge.add(_Line(now + 1, ages[now + 1], areas[now + 1] + cost))
        share = ended[now]
        cheapest = edge.lowest(share)
        following[now] = cheapest.place
        cost = cheapest.at(share) - areas[now] + share * ages[now] + price * (1 - share)
    return Schedule(ages, tuple(following), price)


class _Line(NamedTuple):
    """What it costs to look next at an age, over the share of jobs that has ended before."""

    place: int
    fall: float
    height: float

    def at(self, share: float) -> float:
        return self.height - self.fall * share

    def meets(self, flatter: _Line) -> float:
        """The share at which a flatter line begins to be the higher one."""
        return (self.height - flatter.height) / (self.fall - flatter.fall)


class _Edge:
    """The lower edge of lines that are added the steepest first, for shares that only become smaller."""

    def __init__(self) -> None:
        self._lines: deque[_Line] = deque()

    def add(self, line: _Line) -> None:
        """Add a line that is flatter than those before; one that is nowhere the lowest any more goes."""
        lines = self._lines
        while len(lines) > 1 and lines[-1].meets(line) >= lines[-2].meets(lines[-1]):
            lines.pop()
        lines.append(line)

    def lowest(self, share: float) -> _Line:
        """The lowest line at a share; of two that are as low, the flatter one."""
        lines = self._lines
        while len(lines) > 1 and lines[1].at(share) <= lines[0].at(share):
            lines.popleft()
        return lines[0]


def _areas(ages: tuple[float, ...], ended: tuple[float, ...]) -> list[float]:
    """The time that all jobs together, taken as one, have been ended at each age."""
    steps = zip(pairwise(ages), pairwise(ended), strict=True)
    return list(accumulate(((b - a) * (low + high) / 2 for (a, b), (low, high) in steps), initial=0.0))
