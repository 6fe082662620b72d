"""What a DAG file pays for importing operators: CPU time over that of Airflow itself."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

from tests.bench.tables import Cell, Table

BASE = "from airflow.sdk import DAG, BaseOperator, BaseSensorOperator"
"""What every DAG file pays, whatever its operators: `airflow.sdk` itself loads these only when asked for."""
MODULES = (
    "airflow_provider_language.operators.analyze",
    "airflow_provider_language.sensors.analyze",
    "airflow.providers.http.sensors.http",
)


def measured(runs: int) -> Table:
    """Measure each import in fresh processes, in turns, so that noise falls on all alike.

    Args:
        runs: how often each is measured; the median counts.
    """
    programs = {"airflow.sdk": BASE, **{name: f"{BASE}; import {name}" for name in MODULES}}
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(runs):
        for name, program in programs.items():
            seconds[name].append(_cpu_of(program))
    base = statistics.median(seconds["airflow.sdk"])
    rows: list[list[Cell]] = [
        [name, 1000 * (found - base), found / base, min(seconds[name]) / min(seconds["airflow.sdk"])]
        for name in programs
        for found in (statistics.median(seconds[name]),)
    ]
    return Table(
        f"Imports (median CPU of {runs} fresh processes)",
        ("module", "over airflow.sdk (ms)", "over airflow.sdk (ratio)", "the same, of the quickest"),
        rows,
    )


def _cpu_of(program: str) -> float:
    before = _children()
    subprocess.run([sys.executable, "-c", program], check=True)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
