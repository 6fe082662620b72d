"""A sensor run to its end in each of Airflow's ways of waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_language._compat import AIRFLOW_3
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from tests.airflow_stands import TaskInstance, context_of, run_deferrable, run_rescheduled

Run = Callable[..., None]


def poke(location: Any, **options: Any) -> None:
    sensor = AnalyzeJobSensor(task_id="wait", operation_location=location, poke_interval=0, **options)
    sensor.execute(context_of())


def reschedule(location: Any, **options: Any) -> None:
    options = {"poke_interval": 0, "mode": "reschedule", **options}
    context = context_of(TaskInstance())
    run_rescheduled(lambda: AnalyzeJobSensor(task_id="wait", operation_location=location, **options), context)


def deferrable(location: Any, **options: Any) -> None:
    run_deferrable(
        lambda: AnalyzeJobSensor(
            task_id="wait", operation_location=location, deferrable=True, defer_after=0.0, **options
        ),
        context_of(),
    )


in_each_mode = pytest.mark.parametrize("run", [poke, reschedule, deferrable])


def without_the_database_of_airflow_2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow 2.11 asks its database when the first poke was; 3 asks the task instance."""
    if not AIRFLOW_3:
        monkeypatch.setattr("airflow.sensors.base._orig_start_date", lambda **_: None)
