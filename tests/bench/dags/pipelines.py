"""Jobs from submission to results as the HTTP provider's users write it: a sensor is mapped over them."""

from __future__ import annotations

from typing import Any

from airflow.providers.http.sensors.http import HttpSensor
from airflow.sdk import DAG, BaseHook, task

from tests.bench.plain_client import KEY_HEADER, PATIENT, has_ended, has_results, path_of, session
from tests.bench.plain_client import submit as submit_job
from tests.bench.plain_sensor import PlainSensor

PARAMS = {"connection": "", "jobs": 0}
CONNECTION = "{{ params.connection }}"


@task
def submit(conn_id: str, jobs: str) -> list[str]:
    """Submit all jobs, and return their paths."""
    connection = BaseHook.get_connection(conn_id)
    client = session(connection.extra_dejson[KEY_HEADER])
    return [path_of(submit_job(client, str(connection.host))) for _ in range(int(jobs))]


@task(trigger_rule="all_done")
def fetch(conn_id: str, paths: list[str]) -> int:
    """Read the results of all jobs, and return how many have theirs."""
    connection = BaseHook.get_connection(conn_id)
    client = session(connection.extra_dejson[KEY_HEADER])
    return sum(has_results(client, f"{connection.host}{path}") for path in paths)


with DAG("pipeline_with_plain_sensors", schedule=None, params=PARAMS):
    paths: Any = submit(CONNECTION, "{{ params.jobs }}")
    wait = PlainSensor.partial(task_id="wait", http_conn_id=CONNECTION, **PATIENT).expand(path=paths)
    wait >> fetch(CONNECTION, paths)

with DAG("pipeline_with_http_sensors", schedule=None, params=PARAMS):
    submitted: Any = submit(CONNECTION, "{{ params.jobs }}")
    poke = HttpSensor.partial(
        task_id="wait", http_conn_id=CONNECTION, response_check=has_ended, poke_interval=5, **PATIENT
    ).expand(endpoint=submitted)
    poke >> fetch(CONNECTION, submitted)
