"""What the tests ask of a running Airflow, and tell it to do, through its REST API."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REQUEST_SECONDS = 120
LOOK_SECONDS = 0.5
PAGE = "1000"
FINISHED = frozenset({"success", "failed"})


class AirflowApiError(RuntimeError):
    """Airflow refused a request, could not import a DAG, or did not finish a run in time."""


@dataclass(frozen=True)
class StateChange:
    """One task instance, or (with no task_id) the run itself, seen in another state than before.

    Attributes:
        seconds: since the run was triggered.
    """

    seconds: float
    task_id: str | None
    map_index: int
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Write it as one line for a person."""
        subject = self.task_id or "run"
        index = f"[{self.map_index}]" if self.map_index >= 0 else ""
        return f"{subject}{index}: {self.before or 'none'} -> {self.after or 'none'}"


@dataclass(frozen=True)
class Run:
    """The name of one run of a DAG."""

    dag_id: str
    run_id: str

    @property
    def path(self) -> str:
        """Its path below the root of the API."""
        return f"dags/{self.dag_id}/dagRuns/{self.run_id}"


class AirflowApi:
    """A client of one Airflow 3 whose SimpleAuthManager takes everybody for an administrator.

    Args:
        url: of the API server, with no path.
    """

    root: ClassVar[str] = "api/v2"
    health_path: ClassVar[str] = "api/v2/monitor/health"
    run_now: ClassVar[Mapping[str, Any]] = {"logical_date": None}
    """What the body of a new run says beside its params."""
    for_real: ClassVar[Mapping[str, Any]] = {}
    """What the body of a changed task instance says beside its state."""

    def __init__(self, url: str):
        self.url = url
        self._session = requests.Session()

    def log_in(self) -> None:
        """Fetch a token, which all later requests carry.

        Raises:
            AirflowApiError: the API server does not hand out tokens without a password.
        """
        answer = self._session.get(f"{self.url}/auth/token", timeout=REQUEST_SECONDS)
        if not answer.ok:
            raise AirflowApiError(f"no token: HTTP {answer.status_code} {answer.text[:500]}")
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def health(self) -> dict[str, str | None] | None:
        """Return the status of each component, or None while the API server does not answer."""
        try:
            answer = self._session.get(f"{self.url}/{self.health_path}", timeout=REQUEST_SECONDS)
        except requests.ConnectionError:
            return None
        if not answer.ok:
            return None
        components = answer.json().items()
        return {name: part["status"] for name, part in components if isinstance(part, dict)}

    def has_dag(self, dag_id: str) -> bool:
        """Say whether the DAG has been parsed.

        Raises:
            AirflowApiError: a DAG file could not be imported.
        """
        errors = self._ask("GET", "importErrors")["import_errors"]
        if errors:
            stories = "\n".join(f"{error['filename']}:\n{error['stack_trace']}" for error in errors)
            raise AirflowApiError(f"DAG files that Airflow cannot import:\n{stories}")
        dags = self._ask("GET", "dags", params={"dag_id_pattern": dag_id})["dags"]
        return any(dag["dag_id"] == dag_id for dag in dags)

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> Run:
        """Start a run of a DAG with these params."""
        body = {**self.run_now, "conf": dict(conf or {})}
        answer = self._ask("POST", f"dags/{dag_id}/dagRuns", json=body)
        return Run(dag_id, answer["dag_run_id"])

    def add_connection(
        self,
        conn_id: str,
        *,
        conn_type: str,
        host: str,
        password: str,
        extra: Mapping[str, Any],
        login: str | None = None,
    ) -> None:
        """Store a connection in the metadata database."""
        body = {"connection_id": conn_id, "conn_type": conn_type, "host": host, "password": password}
        if login is not None:
            body["login"] = login
        self._ask("POST", "connections", json={**body, "extra": json.dumps(extra)})

    def mark_run(self, run: Run, state: str) -> None:
        """Mark the run as ``success`` or ``failed``, as a user does in the UI."""
        self._ask("PATCH", run.path, json={"state": state})

    def mark_task(self, run: Run, task_id: str, state: str) -> None:
        """Mark a task that is not mapped as ``success`` or ``failed``, as a user does in the UI."""
        body = {**self.for_real, "new_state": state}
        self._ask("PATCH", f"{run.path}/taskInstances/{task_id}", json=body)

    def clear_task(self, run: Run, task_id: str) -> None:
        """Have a task, and those that come after it, run anew, as a user does in the UI."""
        body = {
            "dry_run": False,
            "dag_run_id": run.run_id,
            "task_ids": [task_id],
            "include_downstream": True,
            "only_failed": False,
            "reset_dag_runs": True,
        }
        self._ask("POST", f"dags/{run.dag_id}/clearTaskInstances", json=body)

    def forget_task(self, run: Run, task_id: str) -> None:
        """Delete what a task has kept, as a clear does from Airflow 3.4 on."""
        path = f"{run.path}/taskInstances/{task_id}/state-store"
        if not self._ask("GET", path)["total_entries"]:
            raise AirflowApiError(f"{task_id} has kept nothing that could be deleted")
        self._ask("DELETE", path)

    def run_state(self, run: Run) -> str:
        """Return the state of the run: queued, running, success or failed."""
        state: str = self._ask("GET", run.path)["state"]
        return state

    def logical_date(self, run: Run) -> str:
        """Return the logical date of the run, in the form of ISO 8601."""
        date: str = self._ask("GET", run.path)["logical_date"]
        return date

    def task_instances(self, run: Run) -> list[dict[str, Any]]:
        """Return the task instances of the run, mapped ones each by itself; there may be thousands."""
        instances: list[dict[str, Any]] = []
        while True:
            # Airflow gives at most api.maximum_page_limit of them at once, whatever is asked for.
            params = {"limit": PAGE, "offset": str(len(instances))}
            page = self._ask("GET", f"{run.path}/taskInstances", params=params)
            instances += page["task_instances"]
            if not page["task_instances"] or len(instances) >= page["total_entries"]:
                return instances

    def task_instance(self, run: Run, task_id: str) -> dict[str, Any]:
        """Return the instance of a task that is not mapped: ``state``, ``try_number``, ``pid`` and more."""
        instance: dict[str, Any] = self._ask("GET", f"{run.path}/taskInstances/{task_id}")
        return instance

    def follow(self, run: Run, *, timeout: float) -> Iterator[StateChange]:
        """Yield what changes in the run until it has finished.

        A state that lasts less than a third of a second may not be seen.

        Args:
            run: the run.
            timeout: seconds.

        Raises:
            AirflowApiError: the run has not finished in time.
        """
        start = time.monotonic()
        known: dict[tuple[str | None, int], str | None] = {}
        while True:
            # The run is asked first: once it has finished, the tasks' states are final too.
            run_state = self.run_state(run)
            now: dict[tuple[str | None, int], str | None] = {
                (instance["task_id"], instance["map_index"]): instance["state"]
                for instance in self.task_instances(run)
            }
            now[None, -1] = run_state
            seconds = time.monotonic() - start
            for key, state in now.items():
                if known.get(key) != state:
                    yield StateChange(seconds, key[0], key[1], known.get(key), state)
            known = now
            if run_state in FINISHED:
                return
            if seconds > timeout:
                states = ", ".join(f"{task}: {state}" for (task, _), state in now.items() if task)
                raise AirflowApiError(f"{run.dag_id} not finished within {timeout:.0f} s ({states})")
            time.sleep(LOOK_SECONDS)

    def xcom(self, run: Run, task_id: str, *, key: str = "return_value", map_index: int = -1) -> Any:
        """Return one XCom of the run."""
        path = f"{run.path}/taskInstances/{task_id}/xcomEntries/{key}"
        params = {"map_index": str(map_index), "deserialize": "true"}
        return self._ask("GET", path, params=params)["value"]

    def task_log(self, run: Run, task_id: str, *, try_number: int = 1, map_index: int = -1) -> str:
        """Return the log of one try, a line for each event."""
        path = f"{run.path}/taskInstances/{task_id}/logs/{try_number}"
        params = {"map_index": str(map_index), "full_content": "true"}
        answer = self._ask("GET", path, params=params)
        return self._lines(answer["content"])

    @staticmethod
    def _lines(content: Any) -> str:
        return "\n".join(_log_line(entry) for entry in content)

    def _ask(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self._session.request(
            method,
            f"{self.url}/{self.root}/{path}",
            headers={"Accept": "application/json"},
            timeout=REQUEST_SECONDS,
            **arguments,
        )
        if not answer.ok:
            raise AirflowApiError(f"{method} {path}: HTTP {answer.status_code} {answer.text[:1000]}")
        return answer.json() if answer.content else None


def _log_line(entry: str | Mapping[str, Any]) -> str:
    if isinstance(entry, str):
        return entry
    details = [entry.get("timestamp"), entry.get("level"), entry.get("event"), entry.get("error_detail")]
    return " ".join(str(detail) for detail in details if detail)
