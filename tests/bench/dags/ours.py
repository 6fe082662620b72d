"""Jobs that were submitted before are waited for with the provider's sensor: by one task, or by one each."""

from __future__ import annotations

import os
from typing import Any

from airflow.sdk import DAG

from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from tests.bench.plain_client import PATIENT

LOCATIONS = [f"{{{{ params.locations[{number}] }}}}" for number in range(int(os.environ["BENCH_JOBS"]))]
WAYS = {"_of_ours": {"deferrable": True}, "_of_ours_from_trigger": {"start_from_trigger": True}}


def sensor(task_id: str, operation_location: str | list[str], **way: Any) -> None:
    AnalyzeJobSensor(
        task_id=task_id,
        operation_location=operation_location,
        azure_language_conn_id="{{ params.connection }}",
        **way,
        **PATIENT,
    )


for name, way in WAYS.items():
    params: dict[str, Any] = {"connection": "", "locations": [], "paths": []}
    with DAG(f"one_sensor{name}", schedule=None, params=params):
        sensor("wait", LOCATIONS, **way)
    with DAG(f"sensors{name}", schedule=None, params=params):
        for number, location in enumerate(LOCATIONS):
            sensor(f"wait_{number}", location, **way)
