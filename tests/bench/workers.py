"""A real Airflow to measure: what its workers start and spend while a DAG runs."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.bench.plain_client import KEY_HEADER
from tests.system.postgres import PostgresServer
from tests.system.processes import ManagedProcess, wait_until
from tests.system.rest import FINISHED, Run
from tests.system.stack import AirflowStack

PROJECT = Path(__file__).resolve().parents[2]
DAGS = Path(__file__).parent / "dags"
SLOTS = 8
"""Of the LocalExecutor: more tasks at a time keep two cores busy with nothing but each other's imports."""
KEY = "key-of-the-benchmark"

_SETTINGS = {
    "AIRFLOW__CORE__PARALLELISM": str(SLOTS),
    # On a busy machine, the default of 30 s has tasks begin anew that wait for each other's imports.
    "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "300",
    # The default of 1,024 refuses to map a task over more.
    "AIRFLOW__CORE__MAX_MAP_LENGTH": "10000",
    # The DAGs import the sensor and the triggerer the trigger that are compared with ours.
    "PYTHONPATH": str(PROJECT),
}
_WORKER = "airflow worker -- LocalExecutor"
_IDLE = "<idle>"
# What a worker logs when a task process of its has ended; the seconds count from before its start.
_ENDED = re.compile(r"Workload finished .*\bduration=(?P<seconds>[0-9.e-]+)")
_LOOK_SECONDS = 1.0
_IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Work:
    """What a run of a DAG cost the workers.

    Args:
        processes: how many task processes were started.
        cpu: user and system seconds of the workers and of these processes.
        slots: seconds for which slots were held, in sum.
    """

    processes: int
    cpu: float
    slots: float


@dataclass(frozen=True)
class Finished:
    """A run of a DAG that has come to its end.

    Args:
        run: its name.
        work: what it cost.
        instances: its task instances, as the API tells of them.
    """

    run: Run
    work: Work
    instances: list[dict[str, Any]]

    @property
    def failed_tries(self) -> int:
        """How many tries of its tasks were in vain."""
        return sum(int(instance["try_number"]) - 1 for instance in self.instances)


class Airflow:
    """A running Airflow whose workers are watched.

    Args:
        stack: which has a LocalExecutor, and nothing else to do.
    """

    def __init__(self, stack: AirflowStack) -> None:
        self.api = stack.api
        self._stack = stack

    @property
    def folder(self) -> Path:
        """Where files of a measurement may lie."""
        return self._stack.home

    def connect(self, conn_id: str, endpoint: str, *, conn_type: str) -> None:
        """Store a connection to an emulator: one of ours, or one of the HTTP provider."""
        extra = {KEY_HEADER: KEY} if conn_type == "http" else {}
        password = "" if conn_type == "http" else KEY
        self.api.add_connection(conn_id, conn_type=conn_type, host=endpoint, password=password, extra=extra)

    def wait_for_dag(self, dag_id: str) -> None:
        """Wait until a run of the DAG can be triggered."""
        self._stack.wait_for_dag(dag_id)

    def run(self, dag_id: str, conf: Mapping[str, Any], *, timeout: float) -> Finished:
        """Run a DAG, and count what its tasks cost.

        Args:
            dag_id: the DAG.
            conf: its params.
            timeout: seconds.

        Raises:
            ProcessError: it did not end in time, or a process of Airflow ended.
            RuntimeError: it failed, or a worker was replaced meanwhile.
        """
        cpu, read = self._cpu(), self._scheduler.log.stat().st_size
        run = self.api.trigger(dag_id, conf)
        wait_until(
            lambda: self.api.run_state(run) in FINISHED or None,
            what=f"{dag_id} finished",
            timeout=timeout,
            alive=[self._scheduler],
            pause=_LOOK_SECONDS,
        )
        wait_until(lambda: self._is_idle() or None, what="idle workers", timeout=_IDLE_SECONDS)
        if self.api.run_state(run) != "success":
            raise RuntimeError(f"{dag_id} failed; the logs are in {self._stack.logs}")
        spent = self._cpu()
        if spent.keys() != cpu.keys():
            raise RuntimeError("a worker was replaced; what it had spent is not known")
        seconds = self._held(read)
        return Finished(
            run,
            Work(len(seconds), sum(spent.values()) - sum(cpu.values()), sum(seconds)),
            self.api.task_instances(run),
        )

    @property
    def _scheduler(self) -> ManagedProcess:
        return self._stack.process("scheduler")

    def _workers(self) -> dict[psutil.Process, str]:
        """Return each worker with its title, which tells what it does."""
        children = psutil.Process(self._scheduler.pid).children()
        titles = {child: "".join(child.cmdline()) for child in children}
        return {child: title for child, title in titles.items() if title.startswith(_WORKER)}

    def _is_idle(self) -> bool:
        return all(title.endswith(_IDLE) for title in self._workers().values())

    def _cpu(self) -> dict[int, float]:
        """Return by worker what it and its ended children have spent; one that has no task spends nothing."""
        spent = {worker.pid: sum(worker.cpu_times()[:4]) for worker in self._workers()}
        if not spent:
            raise RuntimeError("the scheduler has no workers")
        return spent

    def _held(self, start: int) -> list[float]:
        """Return for how many seconds each task process had a slot, since the log was so long."""
        with self._scheduler.log.open("rb") as log:
            log.seek(start)
            return [float(found["seconds"]) for found in _ENDED.finditer(log.read().decode())]


def settings(jobs: int) -> dict[str, str]:
    """Return the variables of an Airflow whose DAGs of one task per job are made for so many jobs."""
    return {**_SETTINGS, "BENCH_JOBS": str(jobs)}


@contextmanager
def airflow(jobs: int) -> Iterator[Airflow]:
    """Start an Airflow with a PostgreSQL; its logs stay if something is raised.

    Args:
        jobs: for how many jobs the DAGs of one task per job are made.
    """
    home = Path(tempfile.mkdtemp(prefix="airflow-bench-"))
    with (
        PostgresServer(home / "postgres.log") as database,
        AirflowStack(DAGS, home, environment=settings(jobs), database_url=database.url) as stack,
    ):
        yield Airflow(stack)
    shutil.rmtree(home)
