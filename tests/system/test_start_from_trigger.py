"""A real Airflow starts sensors in the triggerer: a worker has a part only in what does not end well."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.emulator import Emulator, Fault
from tests.system.processes import ManagedProcess, wait_until
from tests.system.rest import FINISHED, AirflowApiError, Run
from tests.system.stack import AirflowStack

pytestmark = pytest.mark.system

KEY = "key-of-the-started"
RUN_SECONDS = 300
REFUSED = """
from airflow.sdk import DAG
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor

with DAG("refused", schedule=None):
    AnalyzeJobSensor(
        task_id="wait", operation_location="{{ ti.xcom_pull(task_ids='submit') }}", start_from_trigger=True
    )
"""


@dataclass(frozen=True)
class Play:
    """A run of a DAG with a service of its own."""

    stack: AirflowStack
    emulator: Emulator
    run: Run

    def instances(self, task_id: str = "wait") -> list[dict[str, Any]]:
        """The task instances of a task."""
        found = self.stack.api.task_instances(self.run)
        return [one for one in found if one["task_id"].rpartition(".")[2] == task_id]

    def states(self, task_id: str = "wait") -> set[str]:
        return {one["state"] for one in self.instances(task_id)}

    def workers(self, task_id: str = "wait") -> int:
        """How many of its instances a worker has run, which writes down its process and a log of its own."""
        ran = sum(one["pid"] is not None for one in self.instances(task_id))
        logs = [log for log in self.logs(task_id) if "trigger" not in log.name]
        assert len(logs) == ran
        return ran

    def logs(self, task_id: str = "wait") -> list[Path]:
        folder = self.stack.logs / f"dag_id={self.run.dag_id}" / f"run_id={self.run.run_id}"
        return [log for log in folder.glob(f"task_id=*{task_id}/**/*.log*") if log.is_file()]

    def tries(self) -> int:
        (instance,) = self.instances()
        tries: int = instance["try_number"]
        return tries

    def log(self) -> str:
        return self.stack.api.task_log(self.run, "wait", try_number=self.tries())

    def deadlines(self) -> list[str]:
        """Until when each triggerer that had the task said that it waits."""
        told = "".join(log.read_text() for log in self.logs())
        return re.findall(r"Waiting for 1 jobs until ([^\s\"]+)", told)

    def job_states(self) -> set[str]:
        return {job.status for job in self.emulator.jobs()}

    def wait(self, look: Callable[[], bool], what: str) -> None:
        wait_until(lambda: look() or None, what=f"{what} of {self.run.dag_id}", timeout=RUN_SECONDS)

    def wait_for_looks(self, number: int) -> None:
        """Wait until somebody has looked at the jobs so many times more."""
        wanted = self._looks() + number
        self.wait(lambda: self._looks() >= wanted, "looks")

    def end(self) -> Play:
        """Wait for the end of the run."""
        self.wait(lambda: self.stack.api.run_state(self.run) in FINISHED, "the end")
        return self

    def _looks(self) -> int:
        return len(self.emulator.journal.select(operation="status"))


Begin = Callable[..., Play]


@pytest.fixture(scope="module")
def stack(shared_airflow: AirflowStack) -> AirflowStack:
    shared_airflow.wait_for_dag("started")
    return shared_airflow


@pytest.fixture(scope="module")
def begin(stack: AirflowStack) -> Iterator[Begin]:
    """Start a run, whose jobs take so many seconds."""
    with ExitStack() as services:
        conn_ids = (f"service_{number}" for number in range(100))

        def start(dag_id: str, *faults: Fault, job_seconds: float = 4.0) -> Play:
            emulator = services.enter_context(Emulator(key=KEY, duration=job_seconds))
            for fault in faults:
                emulator.faults.add(fault)
            conn_id = next(conn_ids)
            stack.api.add_connection(
                conn_id, conn_type="azure_language", host=emulator.endpoint, password=KEY, extra={}
            )
            return Play(stack, emulator, stack.api.trigger(dag_id, {"connection": conn_id}))

        yield start


@pytest.fixture(scope="module")
def rehearsed(stack: AirflowStack) -> Iterator[Future[ManagedProcess]]:
    """The command `airflow dags test`, which runs beside the plays."""
    with Emulator(key=KEY, duration=1.0) as emulator, ThreadPoolExecutor(1) as pool:
        stack.api.add_connection(
            "of_a_test", conn_type="azure_language", host=emulator.endpoint, password=KEY, extra={}
        )
        conf = json.dumps({"connection": "of_a_test"})
        yield pool.submit(stack.command, "dags-test", ("dags", "test", "started", "--conf", conf))


@pytest.fixture(scope="module")
def plays(begin: Begin, rehearsed: Future[ManagedProcess]) -> dict[str, Play]:
    """Runs that all began at the same time."""
    hour = 3600.0
    return {
        "well": begin("started"),
        "failed": begin("started", Fault("fail-job")),
        "timeout": begin("started_with_a_timeout", job_seconds=hour),
        "execution timeout": begin("started_with_an_execution_timeout", job_seconds=hour),
        "soft timeout": begin("started_softly_with_a_timeout", job_seconds=hour),
        "outlet": begin("started_with_an_outlet"),
        "template": begin("started_by_a_template"),
        "group": begin("started_in_a_mapped_group"),
        "user": begin("started_and_owning", job_seconds=hour),
        "loss": begin("started_and_owning", job_seconds=hour),
    }


@pytest.mark.parametrize("name", ["well", "template", "group"])
def test_jobs_that_end_well_start_no_worker(plays: dict[str, Play], name: str) -> None:
    play = plays[name].end()

    assert play.states() == {"success"}
    assert play.workers() == 0
    assert play.workers("submit") == len(play.instances("submit"))


def test_a_failed_job_fails_the_task_in_a_worker_for_good(plays: dict[str, Play]) -> None:
    play = plays["failed"].end()

    assert (play.states(), play.tries(), play.workers()) == ({"failed"}, 1, 1)
    assert "1 of 1 jobs failed" in play.log()
    assert "AirflowFailException" in play.log()


@pytest.mark.parametrize(
    ("name", "error"),
    [("timeout", "AirflowSensorTimeout"), ("execution timeout", "AirflowTaskTimeout")],
)
def test_a_wait_that_runs_out_of_time_fails_in_a_worker_and_is_not_tried_again(
    plays: dict[str, Play], name: str, error: str
) -> None:
    play = plays[name].end()

    assert (play.states(), play.tries(), play.workers()) == ({"failed"}, 1, 1)
    assert error in play.log()


def test_a_soft_sensor_that_runs_out_of_time_is_skipped(plays: dict[str, Play]) -> None:
    assert plays["soft timeout"].end().states() == {"skipped"}


def test_a_worker_ends_a_task_that_has_an_outlet(plays: dict[str, Play]) -> None:
    play = plays["outlet"].end()

    assert (play.states(), play.workers()) == ({"success"}, 1)


def test_a_user_who_ends_the_task_cancels_the_job_that_it_may_cancel(plays: dict[str, Play]) -> None:
    play = plays["user"]
    play.wait_for_looks(2)
    play.stack.api.mark_task(play.run, "wait", "failed")

    play.wait(lambda: play.job_states() == {"cancelled"}, "a cancelled job")
    assert play.workers() == 0


def test_dags_test_runs_it_in_the_process_of_the_command(rehearsed: Future[ManagedProcess]) -> None:
    assert "state=success" in rehearsed.result().log.read_text()


def test_no_deadline_moves_when_a_triggerer_is_lost(plays: dict[str, Play]) -> None:
    play = plays["loss"]
    for other in plays.values():
        if other is not play:
            other.end()
    play.wait_for_looks(2)

    play.stack.kill("triggerer")
    play.stack.start("triggerer", "another-triggerer")
    play.wait(lambda: len(play.deadlines()) >= 2, "another triggerer that waits")
    play.wait_for_looks(1)
    play.emulator.clock.advance(3601)

    assert len(set(play.deadlines())) == 1
    assert (play.end().states(), play.workers()) == ({"success"}, 0)


def test_a_sensor_that_would_wait_for_ever_is_refused_where_its_dag_is_parsed(stack: AirflowStack) -> None:
    file = stack.dags / "refused.py"
    file.write_text(REFUSED)

    try:
        with pytest.raises(AirflowApiError, match=r"InvalidInputError.*Pass map_indexes=-1"):
            stack.wait_for_dag("refused")
    finally:
        file.unlink()
