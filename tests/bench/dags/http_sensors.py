"""Jobs that were submitted before are waited for by a sensor of the HTTP provider each."""

from __future__ import annotations

import os

from airflow.providers.http.sensors.http import HttpSensor
from airflow.sdk import DAG

from tests.bench.plain_client import PATIENT, has_ended

for dag_id, deferrable in (("http_sensors", False), ("deferrable_http_sensors", True)):
    with DAG(dag_id, schedule=None, params={"connection": "", "locations": [], "paths": []}):
        for number in range(int(os.environ["BENCH_JOBS"])):
            HttpSensor(
                task_id=f"wait_{number}",
                http_conn_id="{{ params.connection }}",
                endpoint=f"{{{{ params.paths[{number}] }}}}",
                response_check=has_ended,
                poke_interval=5,
                deferrable=deferrable,
                **PATIENT,
            )
