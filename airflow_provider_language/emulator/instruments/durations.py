"""How long jobs take: always the same, or as the recorded ones did."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

QUANTILES: Final = (
    (0.0, 0.1),
    (0.05, 0.2),
    (0.25, 0.7),
    (0.5, 1.2),
    (0.75, 3.0),
    (0.9, 8.8),
    (1.0, 21.6),
)
"""Shares of 98 recorded jobs and the seconds within which they ended; the first point is assumed."""

_RECORDED_WORK = 3  # The most frequent size in the recordings: three documents, one task.


@dataclass(frozen=True)
class Recorded:
    """Durations drawn from a fit of the recorded ones.

    A job of three documents and one task, which most recordings are, takes what `quantile` says. With more
    work it takes longer by a power of it: recorded jobs of 25 documents and five tasks took 12 and 17 s
    (cancel_in_terminal_state, pagination_nextlink), of four documents and five tasks 5 and 12 s
    (multi_task_success, analyze_v3_1). No job takes longer than the longest recorded one.

    Attributes:
        seed: The same seed gives the same durations, in the order of submission.
        growth: The power of documents times tasks; 0 gives jobs of any size the recorded durations.

    Raises:
        ValueError: ``growth`` is not from 0 to 1.
    """

    seed: int = 0
    growth: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.growth <= 1:
            raise ValueError("growth must be between 0 and 1")

    def of_job(self, number: int, documents: int, tasks: int) -> timedelta:
        """Return how long a job takes.

        Args:
            number: The how manyth job of the emulator it is.
            documents: How many documents it has.
            tasks: How many tasks it has.
        """
        share = random.Random(f"{self.seed}:{number}").random()  # noqa: S311 - repeatable, no secret
        seconds = quantile(share) * float((documents * tasks / _RECORDED_WORK) ** self.growth)
        return timedelta(seconds=min(seconds, QUANTILES[-1][1]))


def quantile(share: float) -> float:
    """Return the seconds within which a share of the recorded jobs ended.

    Between the points of `QUANTILES`, the logarithm of the seconds is interpolated.

    Args:
        share: From 0 to 1.
    """
    upper = min(bisect_right([point for point, _ in QUANTILES], share), len(QUANTILES) - 1)
    (low, least), (high, most) = QUANTILES[upper - 1], QUANTILES[upper]
    return least * float((most / least) ** ((share - low) / (high - low)))


def duration_of(model: timedelta | Recorded, number: int, documents: int, tasks: int) -> timedelta:
    """Return how long a job takes.

    Args:
        model: The same for all jobs, or as recorded.
        number: The how manyth job of the emulator it is.
        documents: How many documents it has.
        tasks: How many tasks it has.
    """
    return model.of_job(number, documents, tasks) if isinstance(model, Recorded) else model
