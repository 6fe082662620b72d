"""What differs between the generations of Airflow: their processes, their settings, their REST APIs."""

from __future__ import annotations

from ast import literal_eval
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from tests.system.processes import LOOPBACK
from tests.system.rest import AirflowApi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.system.rest import Run

ADMINISTRATOR = ("administrator", "of-a-stack-on-loopback")


@dataclass(frozen=True)
class Generation:
    """How one generation of Airflow is run.

    Attributes:
        preparation: commands that are run once, in this order, by the names of their logs.
        processes: commands that keep running. They serve no logs: all processes share one disk.
        components: those that say how they are.
        api: makes a client of the API at a URL.
        settings: from the port of the API, the variables that only this generation knows.
        clear: from the names of a DAG and a task and a run's logical date, the command that clears the task;
            None where the API does.
    """

    preparation: Mapping[str, tuple[str, ...]]
    processes: Mapping[str, tuple[str, ...]]
    components: frozenset[str]
    api: Callable[[str], AirflowApi]
    settings: Callable[[int], dict[str, str]]
    clear: Callable[[str, str, str], tuple[str, ...]] | None = None


class Airflow2Api(AirflowApi):
    """A client of one Airflow 2 that lets the administrator in by name and password."""

    root: ClassVar[str] = "api/v1"
    health_path: ClassVar[str] = "api/v1/health"
    run_now: ClassVar[Mapping[str, Any]] = {}
    for_real: ClassVar[Mapping[str, Any]] = {"dry_run": False}

    def log_in(self) -> None:
        """Have all later requests carry the name and the password."""
        self._session.auth = ADMINISTRATOR

    def forget_task(self, run: Run, task_id: str) -> None:
        """Nothing: this Airflow keeps nothing for a task, which has files that nobody deletes."""

    @staticmethod
    def _lines(content: Any) -> str:
        # The text of each source of the log, as Python would write a list of pairs.
        return "\n".join(text for _, text in literal_eval(content))


def _settings_2(port: int) -> dict[str, str]:
    return {
        "AIRFLOW__WEBSERVER__WEB_SERVER_HOST": LOOPBACK,
        "AIRFLOW__WEBSERVER__WEB_SERVER_PORT": str(port),
        "AIRFLOW__WEBSERVER__WORKERS": "1",
        "AIRFLOW__API__AUTH_BACKENDS": "airflow.api.auth.backend.basic_auth",
    }


def _settings_3(port: int) -> dict[str, str]:
    url = f"http://{LOOPBACK}:{port}"
    return {
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__WORKERS": "1",
    }


def _user(name: str, password: str) -> tuple[str, ...]:
    person = ("--firstname", "A", "--lastname", "B", "--email", "a@b.example", "--role", "Admin")
    return ("users", "create", "--username", name, "--password", password, *person)


def _clear(dag_id: str, task_id: str, date: str) -> tuple[str, ...]:
    # As the UI does. The REST API of 2.11.2 leaves a running task as it is: it changes the states of objects
    # that belong to no session.
    dates = ("--start-date", date, "--end-date", date)
    return ("tasks", "clear", dag_id, "--task-regex", f"^{task_id}$", *dates, "--downstream", "--yes")


AIRFLOW_2 = Generation(
    preparation={"db-migrate": ("db", "migrate"), "users-create": _user(*ADMINISTRATOR)},
    processes={
        "webserver": ("webserver",),
        "scheduler": ("scheduler", "--skip-serve-logs"),
        "triggerer": ("triggerer", "--skip-serve-logs"),
    },
    components=frozenset({"metadatabase", "scheduler", "triggerer"}),
    api=Airflow2Api,
    settings=_settings_2,
    clear=_clear,
)
AIRFLOW_3 = Generation(
    preparation={"db-migrate": ("db", "migrate")},
    processes={
        "api-server": ("api-server",),
        "scheduler": ("scheduler", "--skip-serve-logs"),
        "dag-processor": ("dag-processor",),
        "triggerer": ("triggerer", "--skip-serve-logs"),
    },
    components=frozenset({"metadatabase", "scheduler", "dag_processor", "triggerer"}),
    api=AirflowApi,
    settings=_settings_3,
)


@dataclass(frozen=True)
class Installation:
    """A virtual environment that has an Airflow in it.

    Attributes:
        folder: of the environment.
    """

    folder: Path

    @property
    def command(self) -> Path:
        """The airflow program."""
        return self.folder / "bin" / "airflow"

    @property
    def version(self) -> str:
        """The version of Airflow, such as 3.3.2.

        Raises:
            LookupError: the environment has no Airflow.
        """
        packages = [str(path) for path in self.folder.glob("lib/python*/site-packages")]
        found = next(iter(distributions(name="apache-airflow", path=packages)), None)
        if found is None:
            raise LookupError(f"there is no Airflow in {self.folder}")
        return found.version

    @property
    def generation(self) -> Generation:
        """How it is run."""
        return AIRFLOW_2 if self.version.startswith("2.") else AIRFLOW_3
