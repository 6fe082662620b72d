"""Jobs that were submitted before are waited for by a plain deferrable sensor each."""

from __future__ import annotations

import os

from airflow.sdk import DAG

from tests.bench.plain_client import PATIENT
from tests.bench.plain_sensor import PlainSensor

with DAG("plain_sensors", schedule=None, params={"connection": "", "locations": [], "paths": []}):
    for number in range(int(os.environ["BENCH_JOBS"])):
        PlainSensor(
            task_id=f"wait_{number}",
            http_conn_id="{{ params.connection }}",
            path=f"{{{{ params.paths[{number}] }}}}",
            **PATIENT,
        )
