"""The benchmark on a real Airflow runs, and prints what is consistent; how good it is is not tested here."""

from __future__ import annotations

import pytest

from tests.bench import pipelines, waiting
from tests.bench.__main__ import main

JOBS = 2


def figures(printed: str, name: str) -> list[list[float]]:
    """The rows of this name in all tables."""
    rows = [line.strip("|").split("|") for line in printed.splitlines()]
    return [[float(cell) for cell in cells] for called, *cells in rows if called.strip() == name]


@pytest.mark.system
def test_the_short_form_runs_dags_and_counts_what_their_workers_spend(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--short", "workers", "pipelines"])
    printed = capsys.readouterr().out

    [[started, _, cpu, _, slots, _, delay, last]] = figures(printed, waiting.OURS_FROM_TRIGGER.name)
    assert (started, cpu, slots) == (0, 0, 0)
    assert delay >= last > 0
    [[started, _, cpu, of_itself, slots, _, delay, last]] = figures(printed, waiting.PLAIN.name)
    assert started >= 2
    assert slots > cpu > 0
    assert of_itself == 1
    assert min(delay, last) > 0
    for pipeline in (pipelines.OURS, pipelines.MAPPED_HTTP):
        [[requests, over_bound, *_, given_up, started, cpu, _]] = figures(printed, pipeline.name)
        # A submission, a look, and one more by the task that fetches.
        assert requests >= 3
        assert over_bound >= 1
        assert given_up == 0
        # One task submits, one waits at least, one fetches.
        assert started >= 3 / JOBS
        assert cpu > 0
