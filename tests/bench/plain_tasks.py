"""The tasks before and after the sensors of those who have but the HTTP provider and requests."""

from __future__ import annotations

from airflow.sdk import BaseHook, task

from tests.bench.plain_client import KEY_HEADER, has_results, path_of, session
from tests.bench.plain_client import submit as submit_job

CONNECTION = "{{ params.connection }}"
JOBS = "{{ params.jobs }}"
PARAMS = {"connection": "", "jobs": 0}


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
