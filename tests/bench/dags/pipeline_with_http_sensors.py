"""Jobs from submission to results with the HTTP provider's sensor, which is mapped over them."""

from __future__ import annotations

from typing import Any

from airflow.providers.http.sensors.http import HttpSensor
from airflow.sdk import DAG

from tests.bench.plain_client import PATIENT, has_ended
from tests.bench.plain_tasks import CONNECTION, JOBS, PARAMS, fetch, submit

with DAG("pipeline_with_http_sensors", schedule=None, params=PARAMS):
    paths: Any = submit(CONNECTION, JOBS)
    wait = HttpSensor.partial(
        task_id="wait", http_conn_id=CONNECTION, response_check=has_ended, poke_interval=5, **PATIENT
    ).expand(endpoint=paths)
    wait >> fetch(CONNECTION, paths)
