"""Looks per job against delay, in simulated time: ours, fixed intervals, and the best with hindsight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from airflow_provider_language.analysis.pacing import Pace
from airflow_provider_language.analysis.resources import Resource
from tests.bench.frontier import Frontier, frontier
from tests.bench.simulation import Pressed, Waited, drawn, waits
from tests.bench.tables import Cell, Table

INTERVALS = (1.0, 2.0, 5.0, 10.0, 30.0)
SDK_INTERVAL = 5.0
"""Seconds between looks of azure-ai-textanalytics 5.4.0, whose first look comes after one of them, too; the
table of requests per job drives that client itself."""

LEVELS = 32
"""Into how many steps the tightness of the budget is cut; an eighth of them are printed."""


_FEW = 500


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


def measured(jobs: int, *, levels: int = LEVELS, slowness: float = 1.0) -> Table:
    """Measure all ways of looking on the same jobs.

    Args:
        jobs: how many are counted; a quarter as many, but no more than 500, come before as the warm-up.
        levels: into how many steps the tightness of the budget is cut; eight are printed.
        slowness: factor of all recorded durations.
    """
    warm_up, durations = drawn(min(500, jobs // 4), 11, slowness), drawn(jobs, 12, slowness)
    best = frontier(durations, ages=450 if jobs > _FEW else 100)
    paced = {
        f"ours, budget {100 * number / levels:.0f} % used": ours(warm_up, durations, number / levels)
        for number in range(levels + 1)
    }
    rows = [_row(name, waited, best) for name, waited in list(paced.items())[:: max(1, levels // 8)]]
    for interval in INTERVALS:
        waited = fixed(durations, interval)
        rows.append(_row(f"every {interval:g} s{_peer(interval)}", waited, best, _better(waited, paced)))
    return Table(
        f"Looks and delay ({jobs} jobs, {slowness:g} x the recorded durations, simulated time)",
        (
            "way of looking",
            "looks per job",
            "delay (s)",
            "delay / the best's with as many looks",
            "both / the best's",
            "ours is better on both where",
        ),
        rows,
        ("The best is what a schedule could do that was made for these very jobs with hindsight.",),
    )


def _peer(interval: float) -> str:
    return " (as Microsoft's client for Python)" if interval == SDK_INTERVAL else ""


def _row(name: str, waited: Waited, best: Frontier, better: str | None = None) -> list[Cell]:
    return [
        name,
        round(waited.looks, 3),
        round(waited.delay, 3),
        waited.delay / best.delay(waited.looks),
        best.distance(waited),
        better,
    ]


def _better(peer: Waited, paced: dict[str, Waited]) -> str:
    found = [
        name.removeprefix("ours, ")
        for name, one in paced.items()
        if one.looks <= peer.looks and one.delay < peer.delay
    ]
    return ", ".join(found[:1] + found[1:][-1:]).replace(", budget", " to") or "nowhere"
