"""What waiting for jobs costs the workers of a real Airflow: processes, CPU, slots, and the delay of a task.

The jobs are submitted right before a DAG is triggered that does nothing but wait for them; each way has an
emulator of its own, whose first job, second job and so on take as long as those of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Literal
from urllib.parse import urlsplit

import requests

from tests.bench.plain_client import path_of, session, submit
from tests.bench.tables import Cell, Table
from tests.bench.workers import KEY, Airflow, Finished, Work
from tests.system.emulator_process import EmulatorProcess

RUN_SECONDS = 600.0

Duration = float | Literal["recorded"]


@dataclass(frozen=True)
class Way:
    """A way of waiting.

    Args:
        name: in the table.
        dag_id: the DAG that does it.
        conn_type: of its connection.
    """

    name: str
    dag_id: str
    conn_type: str = "http"


OURS = Way("ours, one sensor for all jobs", "one_sensor_of_ours", "azure_language")
OURS_FROM_TRIGGER = Way(
    "ours, one sensor for all jobs, start_from_trigger", "one_sensor_of_ours_from_trigger", "azure_language"
)
PLAIN = Way("plain deferrable sensor, every 5 s, one per job", "plain_sensors")
WAYS = (
    OURS,
    OURS_FROM_TRIGGER,
    Way("ours, one sensor per job", "sensors_of_ours", "azure_language"),
    Way("ours, one sensor per job, start_from_trigger", "sensors_of_ours_from_trigger", "azure_language"),
    PLAIN,
    Way("HttpSensor, every 5 s, one per job", "http_sensors"),
    Way("HttpSensor(deferrable=True), every 5 s, one per job", "deferrable_http_sensors"),
)
LONG = 40.0
"""Seconds that a long job takes: enough for all tasks to start and to defer, also on a busy machine."""


@dataclass(frozen=True)
class Waited:
    """What one way came to.

    Args:
        work: what it cost the workers.
        delay: mean seconds from a job's end to the success of the task that waited for it.
        failed_tries: of all tasks; a task is tried anew five seconds later.
        last: seconds from the end of the job that ended last to the success of the task that ended last.
    """

    work: Work
    failed_tries: int
    delay: float
    last: float


def measured(airflow: Airflow, jobs: int, duration: Duration, ways: Sequence[Way] = WAYS) -> Table:
    """Measure all ways, one after the other.

    Args:
        airflow: whose DAGs are made for so many jobs.
        jobs: how many are waited for at the same time.
        duration: seconds of each, or as the live service's were.
        ways: the plain sensor, with which all are compared, and others.
    """
    for way in ways:
        airflow.wait_for_dag(way.dag_id)
    found = {way: waited(airflow, way, jobs, duration) for way in ways}
    return Table(
        f"Waiting on a real Airflow, per job ({jobs} jobs, {_told(duration)}, LocalExecutor)",
        (
            "way",
            "task processes",
            "failed tries, all jobs",
            "worker CPU (s)",
            "CPU / plain sensor's",
            "slot seconds",
            "slots / plain sensor's",
            "delay (s)",
            "delay of the last (s)",
        ),
        [_row(way.name, one, found[PLAIN], jobs) for way, one in found.items()],
        _NOTES,
    )


_NOTES = (
    "Jobs are submitted by the benchmark at once, right before the DAG is triggered, so all ways meet the "
    "same ages and durations; each task finds a free slot.",
    "The delay is from a job's end to the success of its task, the start of the task included where the job "
    "ended before; one sensor for all jobs succeeds after the last of them.",
    "Airflow fails a try whose trigger fires before the scheduler has heard that the worker is done with it; "
    "each task has three more, after five seconds.",
    "HttpSensor defers only without a response_check, and then takes a running job's 200 for its end; with "
    "one, as here, it pokes in the worker in spite of deferrable=True.",
)


def waited(airflow: Airflow, way: Way, jobs: int, duration: Duration) -> Waited:
    """Submit jobs to an emulator of their own, and have a DAG wait for them."""
    with EmulatorProcess(airflow.folder, key=KEY, job_seconds=duration, tier="S") as emulator:
        conn_id = f"{way.dag_id}_{duration}".replace(".", "_")
        airflow.connect(conn_id, emulator.endpoint, conn_type=way.conn_type)
        client = session(KEY)
        locations = [submit(client, emulator.endpoint) for _ in range(jobs)]
        conf = {"connection": conn_id, "locations": locations, "paths": [path_of(one) for one in locations]}
        finished = airflow.run(way.dag_id, conf, timeout=RUN_SECONDS)
        ends = _ends(emulator.endpoint, locations)
    successes = _successes(finished, jobs)
    delays = [(success - end).total_seconds() for success, end in zip(successes, ends, strict=True)]
    return Waited(
        finished.work, finished.failed_tries, mean(delays), (max(successes) - max(ends)).total_seconds()
    )


def _ends(endpoint: str, locations: Sequence[str]) -> list[datetime]:
    """Return when each job ended, as the emulator tells."""
    jobs = requests.get(f"{endpoint}/_emulator/jobs", timeout=60).json()["jobs"]
    ends = {job["id"]: datetime.fromisoformat(job["ends"]) for job in jobs}
    return [ends[urlsplit(location).path.rpartition("/")[2]] for location in locations]


def _successes(finished: Finished, jobs: int) -> list[datetime]:
    """Return when the task that waited for each job succeeded: its own, or the only one."""
    ends = {
        instance["task_id"]: datetime.fromisoformat(instance["end_date"]) for instance in finished.instances
    }
    return [ends.get(f"wait_{number}") or ends["wait"] for number in range(jobs)]


def _row(name: str, waited: Waited, plain: Waited, jobs: int) -> list[Cell]:
    work = waited.work
    return [
        name,
        work.processes / jobs,
        waited.failed_tries,
        work.cpu / jobs,
        work.cpu / plain.work.cpu,
        work.slots / jobs,
        work.slots / plain.work.slots,
        waited.delay,
        waited.last,
    ]


def _told(duration: Duration) -> str:
    return "recorded durations" if duration == "recorded" else f"each of {duration:g} s"
