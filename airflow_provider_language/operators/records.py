"""Where a task keeps the record of its submission: Airflow's task state store, or a file."""

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

KEY = "azure_language_submission"
"""The record's name in the task state store."""
_ONE_HOST = ("LocalExecutor", "SequentialExecutor")


class RecordStore(Protocol):
    """Keeps one record, as JSON, over the tries of a task instance."""

    def read(self) -> Any:
        """The record; None if there is none. RecordError if that cannot be told."""

    def write(self, record: dict[str, Any]) -> None:
        """Replace the record. RecordError if it cannot be written."""


class TaskState:
    """The record in Airflow's task state store (3.3 and later), which outlives tries and clears.

    Args:
        store: ``task_state_store`` of the task's context.
    """

    def __init__(self, store: Any) -> None:
        self._store = store

    def read(self) -> Any:
        """The record; None if there is none."""
        try:
            return self._store.get(KEY)
        except Exception as error:
            raise RecordError(f"The task state store cannot be read: {error}.") from error

    def write(self, record: dict[str, Any]) -> None:
        """Replace the record."""
        try:
            self._store.set(KEY, record)
        except Exception as error:
            raise RecordError(f"The task state store cannot be written: {error}.") from error


def record_store(context: Context) -> RecordStore:
    """The task state store where Airflow has one, else a file below ``[azure_language] state_path``."""
    store = task_state_store(context)
    if store is not None:
        return TaskState(store)
    ti = context["ti"]
    return RecordFile(_folder(), (ti.dag_id, ti.run_id, ti.task_id, str(ti.map_index)))


def _folder() -> str:
    folder: str | None = conf.get("azure_language", "state_path", fallback=None)
    if folder:
        return folder
    if not any(name in conf.get("core", "executor") for name in _ONE_HOST):
        log.warning(
            "What was submitted is recorded on this worker only, so a retry on another one pays again: "
            "set [azure_language] state_path to a folder that all workers share"
        )
    return (Path(AIRFLOW_HOME) / "azure_language_state").as_uri()
