"""The best that any schedule of looks could have done, knowing how long each of the jobs would take."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.bench.simulation import Waited


@dataclass(frozen=True)
class Frontier:
    """The lower edge of what is possible.

    Args:
        points: of the best schedules, by looks ascending; between two of them, a mixture of both is possible.
    """

    points: Sequence[Waited]

    def delay(self, looks: float) -> float:
        """The least mean delay with so many looks per job, in seconds."""
        for few, many in pairwise(self.points):
            if few.looks <= looks <= many.looks:
                part = (looks - few.looks) / (many.looks - few.looks)
                return few.delay + part * (many.delay - few.delay)
        return self.points[0].delay if looks <= self.points[0].looks else self.points[-1].delay

    def distance(self, waited: Waited) -> float:
        """By how much both counts would have to shrink together to be on the frontier; 1 is on it."""
        low, high = 0.1, 10.0
        for _ in range(50):
            middle = (low + high) / 2
            looks = waited.looks / middle
            is_beyond = looks < self.points[0].looks or self.delay(looks) > waited.delay / middle
            low, high = (low, middle) if is_beyond else (middle, high)
        return low


def frontier(durations: Sequence[float], *, ages: int = 300) -> Frontier:
    """Find the best schedules for jobs that took so long, for many prices of a look.

    Looks are thought to come at given ages, each some percent after the one before, and by dynamic
    programming from the last age backwards the cheapest are found. It shares no code with what it judges.

    Args:
        durations: of all jobs, in seconds.
        ages: how many points of time a look may be at.
    """
    ordered = sorted(durations)
    first, last = ordered[0] * 0.9, ordered[-1]
    grid = [0.0, *(first * (last / first) ** (number / (ages - 1)) for number in range(ages - 1)), last]
    ended = [bisect_right(ordered, age) for age in grid]
    sums = [0.0]
    for duration in ordered:
        sums.append(sums[-1] + duration)
    found = {
        _judged(ordered, sums, _cheapest(grid, ended, sums, price))
        for price in _prices(sum(ordered) / len(ordered))
    }
    return Frontier(_hull(sorted(found, key=lambda one: (one.looks, one.delay))))


def _prices(mean: float) -> Iterator[float]:
    for number in range(80):
        yield mean * 0.005 * 1.15**number


def _cheapest(
    grid: Sequence[float], ended: Sequence[int], sums: Sequence[float], price: float
) -> list[float]:
    count = ended[-1]
    costs, following = [0.0] * len(grid), [0] * len(grid)
    for now in range(len(grid) - 2, -1, -1):
        before, total = ended[now], sums[ended[now]]
        costs[now], following[now] = min(
            ((ended[then] - before) * grid[then] - (sums[ended[then]] - total) + costs[then], then)
            for then in range(now + 1, len(grid))
        )
        costs[now] += price * (count - before)
    place, looks = 0, []
    while place < len(grid) - 1:
        place = following[place]
        looks.append(grid[place])
    return looks


def _judged(ordered: Sequence[float], sums: Sequence[float], looks: Sequence[float]) -> Waited:
    number = delay = before = 0.0
    for place, look in enumerate(looks, 1):
        ended = bisect_right(ordered, look)
        number += place * (ended - before)
        delay += (ended - before) * look
        before = ended
    return Waited(number / len(ordered), (delay - sums[-1]) / len(ordered))


def _hull(points: Sequence[Waited]) -> list[Waited]:
    """The lower convex hull: of three points, the middle one goes unless it lies below the other two."""
    hull: list[Waited] = []
    for point in points:
        while len(hull) > 1 and _is_above(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    lowest = bisect_left([-one.delay for one in hull], -min(one.delay for one in hull))
    return hull[: lowest + 1]


def _is_above(left: Waited, middle: Waited, right: Waited) -> bool:
    slope = (right.delay - left.delay) / (right.looks - left.looks) if right.looks > left.looks else 0.0
    return middle.delay >= left.delay + slope * (middle.looks - left.looks)
