"""How long jobs take: what recordings of the live service say, corrected by what was seen lately."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import itemgetter, sub

RECORDED = ((0.0, 0.1), (0.05, 0.2), (0.25, 0.7), (0.5, 1.2), (0.75, 3.0), (0.9, 8.8), (1.0, 21.6))
"""Shares of 98 recorded jobs, and the seconds within which they ended; the first point is assumed."""

RECORDED_TEXT_RECORDS = 3
"""Text records of the most frequent recorded job: three short documents, one task."""

UNKNOWN_SHARE = 0.01
"""The share of jobs that takes longer than any known one. Of 98 recorded jobs none did after the longest, so
by the rule of succession one of a hundred does."""

_GROWTH = 0.5  # With it, 125 records take 8 s in the median; such recorded jobs took 12 and 17 s.
_WEIGHT = 8.0  # How many seen jobs weigh as much as the recorded ones do at first.
_FADING = 1 - 1 / 512  # What is left of the weight of older jobs with each new one.
_GROUPS = 64  # Groups kept; there are some twelve sizes of each family.
_NEGLIGIBLE = 1e-4  # A share of jobs that makes no difference.
_LARGEST = 1e9  # A weight at which the unit is made anew, some ten thousand jobs after it was.
_REACH = 4  # So many ages before and after share in what is seen at one, twice over: a quarter of the age.

AGES = (0.0, *(0.05 * 1.03**number for number in range(487)))
"""Seconds after a submission at which shares are kept: from a twentieth of a second to a day, for which jobs
are kept by the service."""


@dataclass(frozen=True)
class Duration:
    """What is known of how long a job took: a time between two.

    Args:
        least: seconds after its submission at which it had not ended.
        most: seconds after its submission at which it had.
    """

    least: float
    most: float

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most < math.inf:
            raise ValueError("a duration lies between two finite times, the first not negative")

    def within(self, other: Duration) -> Duration:
        """What two observations of one job say together; the first alone where they contradict."""
        least, most = max(self.least, other.least), min(self.most, other.most)
        return Duration(least, most) if least <= most else self


@dataclass(frozen=True)
class Distribution:
    """How many jobs have ended at which age.

    Args:
        ages: seconds after a submission, ascending from 0.
        ended: the share of jobs that has ended at each of them, from 0 to 1; even in between.
    """

    ages: tuple[float, ...]
    ended: tuple[float, ...]


@dataclass(frozen=True)
class Group:
    """Jobs that are taken to last alike.

    Args:
        family: the name of their surface.
        text_records: the most that a job of this size has; None where they are not known.
    """

    family: str
    text_records: int | None = None

    @classmethod
    def of(cls, family: str, text_records: int | None) -> Group:
        """The group of a job with so many text records, which is documents, characters and tasks in one.

        A group reaches from one power of two to the next, and is known by its largest jobs: a look that
        comes too early is lost, one that comes too late is only late.
        """
        return cls(family, None if text_records is None else (1 << max(1, text_records.bit_length())) - 1)


class Durations:
    """How long jobs took lately on one resource, by groups, in bounded space.

    At first it is what the recordings say. Each job that ended is added, and what was known before fades.
    """

    def __init__(self) -> None:
        self._weights: dict[Group, _Weights] = {}
        self._count: dict[Group, int] = {}

    def add(self, group: Group, duration: Duration) -> None:
        """Learn how long a job took; where there are too many groups, the one not seen longest goes."""
        weights = self._weights.pop(group, None)
        if weights is None:
            weights = _Weights(recorded_weights(group.text_records))
            if len(self._weights) >= _GROUPS:
                oldest = next(iter(self._weights))
                del self._weights[oldest], self._count[oldest]
        weights.add(duration)
        self._weights[group] = weights
        self._count[group] = self.count(group) + 1

    def count(self, group: Group) -> int:
        """How many jobs of a group were added."""
        return self._count.get(group, 0)

    def distribution(self, group: Group) -> Distribution:
        """How long jobs of a group take, as far as is known."""
        known = self._weights.get(group)
        weights = recorded_weights(group.text_records) if known is None else known.shares
        return _distribution(_smooth(_smooth(weights)))


def recorded_weights(text_records: int | None) -> tuple[float, ...]:
    """What the recordings say of jobs with so many text records; None takes the recorded jobs as they are.

    The weight at an age is that of the jobs that ended since the age before. Recorded jobs with more work
    took longer.
    """
    scale = 1.0 if text_records is None else float((max(text_records, 1) / RECORDED_TEXT_RECORDS) ** _GROWTH)
    shares = [recorded_share(age / scale) for age in AGES]
    return (0.0, *(_WEIGHT * (after - before) for before, after in pairwise(shares)))


class _Weights:
    """How many jobs of a group ended at which age; what is older weighs less.

    Rather than that all fade with each new job, the new one weighs more than the one before it.

    Args:
        shares: at first, in jobs.

    Attributes:
        shares: of the jobs that ended since the age before, in parts of any unit.
    """

    def __init__(self, shares: Sequence[float]) -> None:
        self.shares = list(shares)
        self._job = 1.0

    def add(self, duration: Duration) -> None:
        """Add a job: between the two times of its end, as those before it; evenly where there were none."""
        first = max(1, bisect_right(AGES, duration.least))
        last = min(max(first, bisect_left(AGES, duration.most)), len(AGES) - 1)
        first = min(first, last)
        among = self.shares[first : last + 1]
        for number in {first, last}:  # The ages between them lie within the two times.
            among[number - first] *= _part(number, duration)
        if sum(among) < _NEGLIGIBLE * self._job:
            among = [1.0] * len(among)
        whole = sum(among)
        self._job /= _FADING
        for number, weight in enumerate(among, first):
            self.shares[number] += self._job * weight / whole
        if self._job > _LARGEST:
            self.shares, self._job = [one / self._job for one in self.shares], 1.0


def _part(number: int, duration: Duration) -> float:
    """Which part of the time up to an age, from the age before, lies within a duration's two times."""
    begin, end = AGES[number - 1], AGES[number]
    return max(0.0, min(end, duration.most) - max(begin, duration.least)) / (end - begin)


def _smooth(weights: Sequence[float]) -> list[float]:
    """Give each weight in equal parts to the ages around: no job takes to the instant as long as another."""
    sums = list(accumulate(weights, initial=0.0))
    before = [0.0] * (_REACH - 1) + sums
    after = sums[_REACH + 2 :] + sums[-1:] * _REACH
    return [0.0, *map(sub, after, before)]


def _distribution(weights: Sequence[float]) -> Distribution:
    total = sum(weights)
    shares = [weight / total for weight in accumulate(weights)]
    longest = bisect_left(shares, 1 - _NEGLIGIBLE)
    end = min(bisect_left(AGES, 2 * AGES[longest]), len(AGES) - 1)
    known = 1 - UNKNOWN_SHARE
    beyond = [max(0, number - longest) / max(1, end - longest) for number in range(end + 1)]
    return Distribution(
        AGES[: end + 1],
        tuple(
            known * min(1.0, share) + UNKNOWN_SHARE * part
            for share, part in zip(shares, beyond, strict=False)
        ),
    )


def recorded_share(age: float) -> float:
    """The share of recorded jobs that had ended at an age, the logarithm of seconds interpolated."""
    after = bisect_right(RECORDED, age, key=itemgetter(1))
    if after in (0, len(RECORDED)):
        return 0.0 if after == 0 else 1.0
    (low, least), (high, most) = RECORDED[after - 1], RECORDED[after]
    return low + (high - low) * math.log(age / least) / math.log(most / least)
