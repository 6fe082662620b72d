"""Jobs from submission to results with a plain deferrable sensor, which is mapped over them."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG

from tests.bench.plain_client import PATIENT
from tests.bench.plain_sensor import PlainSensor
from tests.bench.plain_tasks import CONNECTION, JOBS, PARAMS, fetch, submit

with DAG("pipeline_with_plain_sensors", schedule=None, params=PARAMS):
    paths: Any = submit(CONNECTION, JOBS)
    wait = PlainSensor.partial(task_id="wait", http_conn_id=CONNECTION, **PATIENT).expand(path=paths)
    wait >> fetch(CONNECTION, paths)
