"""Where a task keeps what its later tries are to find: Airflow's task state store, or a file."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from airflow.configuration import AIRFLOW_HOME, conf

from airflow_provider_language._compat import task_state_store
from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.quotations import quotation
from airflow_provider_language.storage.state_files import StateFile

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context

log = logging.getLogger(__name__)

_ONE_HOST = frozenset({"LocalExecutor", "SequentialExecutor"})


class StateStore(Protocol):
    """Keeps one record, as JSON, over the tries of a task instance."""

    def read(self) -> Any:
        """The record; None if there is none. RecordError if that cannot be told."""

    def write(self, record: dict[str, Any]) -> None:
        """Replace the record. RecordError if it cannot be written."""


class AirflowStateStore:
    """A record in Airflow's task state store (3.3 and later), which outlives tries; before 3.4, clears too.

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
            raise RecordError(f"The task state store cannot be read: {quotation(str(error))}.") from error

    def write(self, record: dict[str, Any]) -> None:
        """Replace the record."""
        try:
            self._store.set(self._name, record)
        except Exception as error:
            raise RecordError(f"The task state store cannot be written: {quotation(str(error))}.") from error


def state_store(context: Context, name: str) -> StateStore:
    """The task state store where Airflow has one, else a file below ``[azure_language] state_path``.

    Args:
        context: of the task.
        name: of the record, of which a task may have several.
    """
    store = task_state_store(context)
    if store is not None:
        return AirflowStateStore(store, name)
    return _file(_folder(), context, name)


def note_beside(context: Context, name: str) -> StateStore | None:
    """A file beside Airflow's store, which a clear does not touch; None where nobody said where.

    From 3.4 on, Airflow forgets what a task has kept when the task is cleared.

    Args:
        context: of the task.
        name: of the record.
    """
    folder = _said_folder()
    if task_state_store(context) is None or not folder:
        return None
    return _file(folder, context, f"{name} beside")


def _file(folder: str, context: Context, name: str) -> StateFile:
    ti = context["ti"]
    return StateFile(folder, (ti.dag_id, _run(context), ti.task_id, str(ti.map_index), name))


def _run(context: Context) -> str:
    """The DAG run, told from one that was deleted and made again under the same id: by its start."""
    began = getattr(context.get("dag_run"), "start_date", None)
    run_id = str(context["ti"].run_id)
    return run_id if began is None else f"{run_id} {began.isoformat()}"


def _said_folder() -> str:
    # Airflow 2.11 gives an option that is not set as an empty one.
    return str(conf.get("azure_language", "state_path", fallback=None) or "").strip()


def _folder() -> str:
    folder = _said_folder()
    if folder:
        return folder
    if not _is_one_host(conf.get("core", "executor")):
        log.warning(
            "What tasks submit is recorded on this worker only, so a retry on another one pays again: "
            "set [azure_language] state_path to a folder that all workers share"
        )
    return str(Path(AIRFLOW_HOME).absolute() / "azure_language_state")


def _is_one_host(executors: str) -> bool:
    """Whether all tasks run on one host.

    Args:
        executors: as Airflow's option has them: one or many, of several teams perhaps, by name or by module,
            with or without an alias (``CeleryExecutor,mine:my.module.LocalExecutor``).
    """
    names = re.split("[,;]", executors)
    return all(re.split("[.:=]", name.strip())[-1] in _ONE_HOST for name in names)
