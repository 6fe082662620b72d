"""A whole Airflow on this machine: its processes, a database and a folder of DAGs."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.system.generations import Generation, Installation
from tests.system.processes import LOOPBACK, ManagedProcess, free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    import psutil
    from typing_extensions import Self

    from tests.system.rest import Run

PREPARE_SECONDS = 180
READY_SECONDS = 240
PARSE_SECONDS = 120
# A triggerer that has nothing left to do still takes 12 seconds to end by itself.
STOP_SECONDS = 4


class AirflowStack:
    """Airflow from entering the context to leaving it, on the loopback interface only.

    Leaving it stops every process. The home folder, with the database and the logs, stays.

    Args:
        dags: the folder of DAG files; nothing else is loaded.
        home: AIRFLOW_HOME; Airflow makes its configuration and its secrets there.
        environment: further variables of all processes, such as AIRFLOW_CONN_ ones.
        port: of the API; a free one by default.
        database_url: of an empty metadata database; a file of SQLite by default.
        installation: the Airflow to run; by default that of this interpreter.
        generation: how it is run; by default as the installation's version is on one machine.
    """

    def __init__(
        self,
        dags: Path,
        home: Path,
        *,
        environment: Mapping[str, str] | None = None,
        port: int | None = None,
        database_url: str | None = None,
        installation: Installation | None = None,
        generation: Generation | None = None,
    ):
        self.dags = dags.resolve()
        self.home = home.resolve()
        self.port = port or free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.installation = installation or Installation(Path(sys.prefix))
        self._generation = generation or self.installation.generation
        self.api = self._generation.api(self.url)
        self._database_url = database_url or f"sqlite:///{self.database}"
        self._environment = {**_inherited(), **self._settings(), **(environment or {})}
        self._processes: dict[str, ManagedProcess] = {}

    @property
    def database(self) -> Path:
        """The file of the metadata database, where no other was given."""
        return self.home / "airflow.db"

    @property
    def logs(self) -> Path:
        """The folder with the logs of the tasks and of the processes."""
        return self.home / "logs"

    def __enter__(self) -> Self:
        """Create the database, start the processes, and wait until each says that it is healthy."""
        self.home.mkdir(parents=True, exist_ok=True)
        with ExitStack() as undo:
            undo.callback(self._stop)
            for name, arguments in self._generation.preparation.items():
                self.command(name, arguments)
            for name in self._generation.processes:
                self.start(name)
            self.wait_until_healthy()
            self.api.log_in()
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the processes."""
        self._stop()

    def wait_for_dag(self, dag_id: str) -> None:
        """Wait until the DAG processor has parsed the DAG.

        Raises:
            AirflowApiError: a file of the DAG folder cannot be imported.
            ProcessError: it was not parsed in time, or a process ended.
        """
        wait_until(
            lambda: self.api.has_dag(dag_id) or None,
            what=f"DAG {dag_id} parsed",
            timeout=PARSE_SECONDS,
            alive=list(self._processes.values()),
        )

    def wait_until_healthy(self) -> None:
        """Wait until each component has lately told that it lives.

        Raises:
            ProcessError: one did not in time, or a process ended.
        """
        wait_until(
            self._is_healthy,
            what="Airflow healthy",
            timeout=READY_SECONDS,
            alive=list(self._processes.values()),
        )

    def start(self, component: str, name: str | None = None) -> ManagedProcess:
        """Start a process of Airflow.

        Args:
            component: such as ``triggerer``.
            name: of this process, where there is another one of the component already.
        """
        name = name or component
        if name in self._processes:
            raise ValueError(f"there is a {name} already")
        process = self._run(name, self._generation.processes[component])
        self._processes[name] = process
        return process

    def process(self, name: str) -> ManagedProcess:
        """Return a process of Airflow by its name."""
        return self._processes[name]

    def kill(self, name: str) -> None:
        """Kill a process of Airflow with all that it started (SIGKILL); `start` starts it anew."""
        self._processes.pop(name).kill()

    def end(self, name: str) -> None:
        """Ask a process of Airflow to end (SIGTERM), and let it; `start` starts it anew."""
        self._processes.pop(name).stop(READY_SECONDS)

    def clear_task(self, run: Run, task_id: str) -> None:
        """Have a task, and those that come after it, run anew, as a user does in the UI."""
        if self._generation.clear is None:
            self.api.clear_task(run, task_id)
            return
        command = self._generation.clear(run.dag_id, task_id, self.api.logical_date(run))
        self.command("tasks-clear", command)

    def command(self, name: str, arguments: Sequence[str]) -> ManagedProcess:
        """Run a command of Airflow to its end.

        Args:
            name: of its log.
            arguments: of the ``airflow`` program.

        Raises:
            ProcessError: it failed, or did not end in time.
        """
        process = self._run(name, arguments)
        process.run_to_end(PREPARE_SECONDS)
        return process

    def task_process(self, run: Run, task_id: str) -> psutil.Process:
        """Return the process that runs a task in a worker of the LocalExecutor.

        Raises:
            LookupError: the task runs in none that the scheduler started.
        """
        pid = self.api.task_instance(run, task_id)["pid"]
        for process in self._processes["scheduler"].members():
            if process.pid == pid:
                return process
        raise LookupError(f"{task_id} of {run.run_id} runs in no process of the scheduler (pid {pid})")

    def require_running(self) -> None:
        """Raise ProcessError if one of the processes has ended."""
        for process in self._processes.values():
            process.require_running()

    def _run(self, name: str, arguments: Sequence[str]) -> ManagedProcess:
        return ManagedProcess(
            [str(self.installation.command), *arguments],
            environment=self._environment,
            folder=self.home,
            log=self.logs / "processes" / f"{name}.log",
        )

    def _stop(self) -> None:
        for process in self._processes.values():
            process.ask_to_stop()
        for process in self._processes.values():
            process.stop(STOP_SECONDS)
        self._processes.clear()

    def _is_healthy(self) -> bool | None:
        health = self.api.health() or {}
        healthy = {name for name, status in health.items() if status == "healthy"}
        return True if healthy >= self._generation.components else None

    def _settings(self) -> dict[str, str]:
        return {
            "AIRFLOW_HOME": str(self.home),
            "PATH": os.pathsep.join(
                (str(self.installation.command.parent), os.environ.get("PATH", os.defpath))
            ),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": self._database_url,
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.logs),
            # DAGs with a schedule are there to be started by hand; none starts by itself.
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            "NO_COLOR": "1",
            **self._generation.settings(self.port),
        }


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
