"""When to look again at a job that has not ended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """The times between looks.

    Jobs of the live service are short (recorded: median 1 s, nine in ten under 9 s), so looks come early
    and grow rarer.

    Args:
        first: seconds before the first look.
        factor: by which each pause is longer than the one before.
        ceiling: the longest pause, in seconds.
        interval: a fixed pause in seconds instead, after the first look.
    """

    first: float = 1.0
    factor: float = 1.5
    ceiling: float = 30.0
    interval: float | None = None


def next_look(pace: Pace, looks: int, jitter: float) -> float:
    """Seconds until the next look.

    Args:
        pace: the times.
        looks: how many looks there were.
        jitter: from 0 to 1; a growing pause is shortened by up to a fifth with it, so that jobs submitted
            together are not looked at together. The first look and a fixed interval are kept as asked for.
    """
    if looks == 0:
        return pace.first
    if pace.interval is not None:
        return pace.interval
    grown = max(pace.first, 1.0) * pace.factor ** min(looks, 64)
    return min(grown, pace.ceiling) * (1 - jitter / 5)
