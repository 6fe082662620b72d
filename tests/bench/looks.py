"""Looks per job against delay, in simulated time: ours, fixed intervals, and the best with hindsight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.pacing.resources import Resource
from tests.bench.frontier import Frontier, frontier
from tests.bench.simulation import Pressed, Waited, drawn, waits
from tests.bench.tables import Cell, Table

INTERVALS = (1.0, 2.0, 5.0, 10.0, 30.0)
SDK_INTERVAL = 5.0
"""Seconds between looks of azure-ai-textanalytics 5.4.0, whose first look comes after one of them, too; the
table of requests per job drives that client itself."""

LEVELS = 8
"""Into how many steps the tightness of the budget is cut."""

_FEW = 500
_HALVINGS = 9  # Of the tightness, in search of the one that takes as many looks as a peer.


def mean(waited: Iterable[Waited]) -> Waited:
    """The mean of many waits."""
    waited = list(waited)
    return Waited(
        sum(one.looks for one in waited) / len(waited), sum(one.delay for one in waited) / len(waited)
    )


def fixed(durations: Sequence[float], interval: float) -> Waited:
    """What looking at fixed intervals comes to."""
    return mean(waits(durations, Pace(first=interval, interval=interval), Resource(), seed=2))


def ours(warm_up: Sequence[float], durations: Sequence[float], pressure: float) -> Waited:
    """What our own pacing comes to, after a warm-up that is not counted."""
    every = list(waits([*warm_up, *durations], Pace(), Pressed(pressure), seed=2))
    return mean(every[len(warm_up) :])


def at_most(looks: float, warm_up: Sequence[float], durations: Sequence[float]) -> tuple[float, Waited]:
    """The least tightness of the budget at which ours takes so many looks or fewer, and what it comes to."""
    low, high = 0.0, 1.0
    found = ours(warm_up, durations, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        waited = ours(warm_up, durations, middle)
        if waited.looks <= looks:
            high, found = middle, waited
        else:
            low = middle
    return high, found


def measured(jobs: int, *, slowness: float = 1.0) -> Table:
    """Measure all ways of looking on the same jobs.

    Args:
        jobs: how many are counted; a quarter as many, but no more than 500, come before as the warm-up.
        slowness: factor of all recorded durations.
    """
    warm_up, durations = drawn(min(500, jobs // 4), 11, slowness), drawn(jobs, 12, slowness)
    best = frontier(durations, ages=450 if jobs > _FEW else 100)
    rows = [
        _row(
            f"ours, budget {100 * number / LEVELS:.0f} % used",
            ours(warm_up, durations, number / LEVELS),
            best,
        )
        for number in range(LEVELS + 1)
    ]
    for interval in INTERVALS:
        waited = fixed(durations, interval)
        tightness, instead = at_most(waited.looks, warm_up, durations)
        rows.append(_row(f"every {interval:g} s{_peer(interval)}", waited, best, tightness, instead))
    return Table(
        f"Looks and delay ({jobs} jobs, {slowness:g} x the recorded durations, simulated time)",
        (
            "way of looking",
            "looks per job",
            "delay (s)",
            "delay / the best's with as many looks",
            "both / the best's",
            "ours with no more looks: looks",
            "delay (s)",
            "at a budget used (%)",
        ),
        rows,
        ("The best is what a schedule could do that was made for these very jobs with hindsight.",),
    )


def _peer(interval: float) -> str:
    return " (as Microsoft's client for Python)" if interval == SDK_INTERVAL else ""


def _row(
    name: str, waited: Waited, best: Frontier, tightness: float | None = None, instead: Waited | None = None
) -> list[Cell]:
    return [
        name,
        round(waited.looks, 3),
        round(waited.delay, 3),
        waited.delay / best.delay(waited.looks),
        best.distance(waited),
        round(instead.looks, 3) if instead else None,
        round(instead.delay, 3) if instead else None,
        None if tightness is None else 100 * tightness,
    ]
