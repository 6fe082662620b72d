"""A whole Airflow on this machine: its four processes, an SQLite database and a folder of DAGs."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.system.processes import LOOPBACK, ManagedProcess, free_port, wait_until
from tests.system.rest import AirflowApi

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

MIGRATE_SECONDS = 180
READY_SECONDS = 240
PARSE_SECONDS = 120
# A triggerer that has nothing left to do still takes 12 seconds to end by itself.
STOP_SECONDS = 4
COMPONENTS = frozenset({"metadatabase", "scheduler", "dag_processor", "triggerer"})
# Without the servers of logs nothing listens but the API server: all processes share one disk.
COMMANDS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}


class AirflowStack:
    """Airflow from entering the context to leaving it, on the loopback interface only.

    Leaving it stops every process. The home folder, with the database and the logs, stays.

    Args:
        dags: the folder of DAG files; nothing else is loaded.
        home: AIRFLOW_HOME; Airflow makes its configuration and its secrets there.
        environment: further variables of all processes, such as AIRFLOW_CONN_ ones.
        port: of the API server; a free one by default.
    """

    def __init__(
        self,
        dags: Path,
        home: Path,
        *,
        environment: Mapping[str, str] | None = None,
        port: int | None = None,
    ):
        self.dags = dags.resolve()
        self.home = home.resolve()
        self.port = port or free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.api = AirflowApi(self.url)
        self._environment = {**_inherited(), **self._settings(), **(environment or {})}
        self._processes: dict[str, ManagedProcess] = {}

    @property
    def database(self) -> Path:
        """The file of the metadata database."""
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
            self._start("db-migrate", ["db", "migrate"]).run_to_end(MIGRATE_SECONDS)
            for name, arguments in COMMANDS.items():
                self._processes[name] = self._start(name, arguments)
            wait_until(
                self._is_healthy,
                what="Airflow healthy",
                timeout=READY_SECONDS,
                alive=list(self._processes.values()),
            )
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

    def require_running(self) -> None:
        """Raise ProcessError if one of the processes has ended."""
        for process in self._processes.values():
            process.require_running()

    def _start(self, name: str, arguments: list[str]) -> ManagedProcess:
        return ManagedProcess(
            [str(Path(sys.executable).parent / "airflow"), *arguments],
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
        return True if healthy >= COMPONENTS else None

    def _settings(self) -> dict[str, str]:
        return {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.database}",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__API__HOST": LOOPBACK,
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.logs),
            # DAGs with a schedule are there to be started by hand; none starts by itself.
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            "NO_COLOR": "1",
        }


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
