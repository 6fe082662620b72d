"""Where a task keeps what its later tries are to find: Airflow's task state store, or a file."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from airflow.configuration import AIRFLOW_HOME, conf

from airflow_provider_language._compat import task_state_store
from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.storage.records import RecordFile

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context

log = logging.getLogger(__name__)

_ONE_HOST = ("LocalExecutor", "SequentialExecutor")


class RecordStore(Protocol):
    """Keeps one record, as JSON, over the tries of a task instance."""

    def read(self) -> Any:
        """The record; None if there is none. RecordError if that cannot be told."""

    def write(self, record: dict[str, Any]) -> None:
        """Replace the record. RecordError if it cannot be written."""


class TaskState:
    """A record in Airflow's task state store (3.3 and later), which outlives tries and clears.

    Args:
        store: ``task_state_store`` of the task's context.
        name: the record's.
    """

    def __init__(self, store: Any, name: str) -> None:
        self._store = store
        self._name = f"azure_language_{name}"

    def read(self) -> Any:
        """The record; None if there is none."""
        try:
            return self._store.get(self._name)
        except Exception as error:
            raise RecordError(f"The task state store cannot be read: {error}.") from error

    def write(self, record: dict[str, Any]) -> None:
        """Replace the record."""
        try:
            self._store.set(self._name, record)
        except Exception as error:
            raise RecordError(f"The task state store cannot be written: {error}.") from error


def record_store(context: Context, name: str) -> RecordStore:
    """The task state store where Airflow has one, else a file below ``[azure_language] state_path``.

    Args:
        context: of the task.
        name: of the record, of which a task may have several.
    """
    store = task_state_store(context)
    if store is not None:
        return TaskState(store, name)
    ti = context["ti"]
    return RecordFile(_folder(), (ti.dag_id, _run(context), ti.task_id, str(ti.map_index), name))


def _run(context: Context) -> str:
    """The DAG run, told from one that was deleted and made again under the same id: by its start."""
    began = getattr(context.get("dag_run"), "start_date", None)
    run_id = str(context["ti"].run_id)
    return run_id if began is None else f"{run_id} {began.isoformat()}"


def _folder() -> str:
    folder: str | None = conf.get("azure_language", "state_path", fallback=None)
    if folder:
        return folder
    if not any(name in conf.get("core", "executor") for name in _ONE_HOST):
        log.warning(
            "What tasks submit is recorded on this worker only, so a retry on another one pays again: "
            "set [azure_language] state_path to a folder that all workers share"
        )
    return (Path(AIRFLOW_HOME) / "azure_language_state").as_uri()
