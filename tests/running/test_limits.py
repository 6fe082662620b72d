"""The shorter of two limits ends a wait, before Airflow's own timeout of a deferral."""

from __future__ import annotations

from datetime import timedelta

import pytest

from airflow_provider_language.running.limits import BACKSTOP, WaitLimits


@pytest.mark.parametrize(
    ("execution_timeout", "waits", "head_start"),
    [
        (None, 100.0, BACKSTOP),
        (5000.0, 100.0, BACKSTOP),
        (100.0 + BACKSTOP, 100.0, BACKSTOP),
        (130.0, 100.0, 30.0),
        (100.0, 100.0, 0.0),
        (40.0, 40.0, 0.0),
    ],
)
def test_a_wait_ends_as_early_whether_a_worker_or_the_scheduler_defers_it(
    execution_timeout: float | None, waits: float, head_start: float
) -> None:
    limit = None if execution_timeout is None else timedelta(seconds=execution_timeout)
    limits = WaitLimits(100.0, limit)

    # As the scheduler of Airflow 3.3.2 computes it.
    airflows_own = min(limits.deferral, limit or limits.deferral).total_seconds()

    assert limits.deadline(1000.0) == 1000.0 + waits
    assert limits.head_start == head_start
    assert airflows_own - limits.head_start == waits
