"""The benchmark on a real Airflow runs, and prints what is consistent; how good it is is not tested here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench import pipelines, waiting
from tests.bench.__main__ import FEW, shortly_on_workers, shortly_through_dags
from tests.bench.workers import Airflow

if TYPE_CHECKING:
    from tests.system.stack import AirflowStack

pytestmark = pytest.mark.system


def figures(table: object, name: str) -> list[list[float]]:
    """The rows of this name in a table."""
    rows = [line.strip("|").split("|") for line in str(table).splitlines()]
    return [[float(cell) for cell in cells] for called, *cells in rows if called.strip() == name]


def test_the_short_form_counts_what_workers_spend_on_waiting(shared_airflow: AirflowStack) -> None:
    table = shortly_on_workers(Airflow(shared_airflow))

    [[started, _, cpu, _, slots, _, delay, last]] = figures(table, waiting.OURS_FROM_TRIGGER.name)
    assert (started, cpu, slots) == (0, 0, 0)
    assert delay >= last > 0
    [[started, _, cpu, of_itself, slots, _, delay, last]] = figures(table, waiting.PLAIN.name)
    assert started >= 2
    assert slots > cpu > 0
    assert of_itself == 1
    assert min(delay, last) > 0


def test_the_short_form_runs_dags_and_counts_what_their_workers_spend(shared_airflow: AirflowStack) -> None:
    table = shortly_through_dags(Airflow(shared_airflow))

    for pipeline in (pipelines.OURS, pipelines.MAPPED_HTTP):
        [[requests, over_bound, *_, given_up, started, cpu, _]] = figures(table, pipeline.name)
        # A submission, a look, and one more by the task that fetches.
        assert requests >= 3
        assert over_bound >= 1
        assert given_up == 0
        # One task submits, one waits at least, one fetches.
        assert started >= 3 / FEW
        assert cpu > 0
