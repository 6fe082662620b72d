"""Which Airflow this is: the only place that asks, and the names that differ between 2.11 and 3."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from airflow import __version__ as airflow_version
from asgiref.sync import sync_to_async

AIRFLOW_3 = int(airflow_version.partition(".")[0]) >= 3  # noqa: PLR2004 - the major version
_VERSION = tuple(int(part) for part in airflow_version.split(".")[:2])
TRIGGERS_RENDER_TEMPLATES = _VERSION >= (3, 3)
"""Whether a trigger that the scheduler starts has its templates rendered, which 3.2 and older do not do."""
TRIGGERS_ARE_TOLD_OF_KILLS = _VERSION >= (3, 3)
"""Whether a trigger has ``on_kill``; before 3.3 it is only cancelled, whatever the reason."""

if TYPE_CHECKING:
    from airflow.sdk import BaseHook
else:
    try:  # 3.1 and later
        from airflow.sdk import BaseHook
    except ImportError:
        from airflow.hooks.base import BaseHook

if TYPE_CHECKING or AIRFLOW_3:
    from airflow.sdk import (
        BaseOperator,
        BaseOperatorLink,
        BaseSensorOperator,
        Connection,
        Context,
        ObjectStoragePath,
        XComArg,
    )
else:
    from airflow.io.path import ObjectStoragePath
    from airflow.models import BaseOperator, Connection
    from airflow.models.baseoperatorlink import BaseOperatorLink
    from airflow.models.xcom_arg import XComArg
    from airflow.sensors.base import BaseSensorOperator
    from airflow.utils.context import Context

if TYPE_CHECKING:
    from airflow.sdk.exceptions import (
        AirflowFailException,
        AirflowNotFoundException,
        AirflowSensorTimeout,
        AirflowSkipException,
        AirflowTaskTimeout,
    )
else:
    try:  # 3.2 and later
        from airflow.sdk.exceptions import (
            AirflowFailException,
            AirflowNotFoundException,
            AirflowSensorTimeout,
            AirflowSkipException,
            AirflowTaskTimeout,
        )
    except ImportError:
        from airflow.exceptions import (
            AirflowFailException,
            AirflowNotFoundException,
            AirflowSensorTimeout,
            AirflowSkipException,
            AirflowTaskTimeout,
        )

if TYPE_CHECKING:
    from airflow.sdk.observability.stats import Stats
else:
    try:  # 3.3 and later
        from airflow.sdk.observability.stats import Stats
    except ImportError:
        from airflow.stats import Stats

if TYPE_CHECKING:
    from airflow.sdk.log import mask_secret
else:
    try:  # 3.1 and later
        from airflow.sdk.log import mask_secret
    except ImportError:
        try:
            from airflow.sdk.execution_time.secrets_masker import mask_secret
        except ImportError:
            from airflow.utils.log.secrets_masker import mask_secret

__all__ = [
    "AIRFLOW_3",
    "TRIGGERS_ARE_TOLD_OF_KILLS",
    "TRIGGERS_RENDER_TEMPLATES",
    "AirflowFailException",
    "AirflowNotFoundException",
    "AirflowSensorTimeout",
    "AirflowSkipException",
    "AirflowTaskTimeout",
    "BaseHook",
    "BaseOperator",
    "BaseOperatorLink",
    "BaseSensorOperator",
    "Connection",
    "Context",
    "ObjectStoragePath",
    "Stats",
    "XComArg",
    "clears_forget_state",
    "get_connection_async",
    "is_deferral_timeout",
    "leave_state_to_successor",
    "mask_secret",
    "state_of_task",
    "task_state_store",
    "told_xcom",
    "xcom_of_task",
]


async def get_connection_async(conn_id: str) -> Connection:
    """Look a connection up without blocking the event loop.

    Airflow's own asynchronous look-up is safe from 3.3 on, which is told by ``aextra_dejson``; and within
    ``airflow dags test`` it does not find connections of the metadata database. A thread does both; it is
    asgiref's, for up to 3.2 a look-up in any other thread does not find the triggerer's own event loop.

    Raises:
        AirflowNotFoundException: there is no such connection.
    """
    if hasattr(Connection, "aextra_dejson"):
        try:
            found: Any = await BaseHook.aget_connection(conn_id)
        except AirflowNotFoundException:
            found = None
        if found is not None:
            connection: Connection = found
            return connection
    return await sync_to_async(BaseHook.get_connection)(conn_id)


def is_deferral_timeout(next_method: str, next_kwargs: Mapping[str, Any] | None) -> bool:
    """Whether a task is resumed because its deferral took too long.

    Airflow 2.11 raises the same error for this as for a broken trigger, 3 one of its own; both say it in
    the arguments of ``resume_execution``.
    """
    reasons = ("Trigger timeout", "Trigger/execution timeout")
    return next_method == "__fail__" and (next_kwargs or {}).get("error") in reasons


def task_state_store(context: Context) -> Any | None:
    """Where a task keeps what its retries are to find, which Airflow has from 3.3 on; None below."""
    return context.get("task_state_store")


@cache
def clears_forget_state() -> bool:
    """Whether a clear deletes what the task has kept, unless its user says otherwise, as from 3.4 on.

    What a task finds after a clear was kept on purpose then. Only the API tells so, which a worker has as a
    rule.
    """
    try:
        from airflow.api_fastapi.core_api.datamodels.task_instances import ClearTaskInstancesBody
    except ImportError:
        return False
    return "keep_task_state" in ClearTaskInstancesBody.model_fields


def leave_state_to_successor(ti: Any) -> None:
    """End the process of a try whose successor runs already, if Airflow would else hear the wrong one.

    Airflow 3 refuses what such a try reports. Airflow 2 writes what any try ends with into the task's state,
    and so ends the successor, whose job then is nobody's (seen on 2.11.2).

    Args:
        ti: the task instance of the context; on Airflow 2, one that runs in a worker has a ``job_id``.
    """
    if AIRFLOW_3 or getattr(ti, "job_id", None) is None:
        return
    logging.shutdown()
    os._exit(0)


async def state_of_task(ti: Any) -> str | None:
    """The state that a task instance has now, for its own trigger; None where there is none, or no such task.

    Args:
        ti: as the triggerer gives it to a trigger.
    """
    return await sync_to_async(_state_of_task)(ti)


def _state_of_task(ti: Any) -> str | None:
    if not AIRFLOW_3:
        return _state_in_database(ti)
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    mapped = None if ti.map_index < 0 else ti.map_index
    found = RuntimeTaskInstance.get_task_states(
        dag_id=ti.dag_id, map_index=mapped, task_ids=[ti.task_id], run_ids=[ti.run_id]
    )
    # Named by the task, and by its map index, too, where it has one.
    states = list(found.get(ti.run_id, {}).values())
    return str(states[0]) if len(states) == 1 and states[0] is not None else None


async def xcom_of_task(ti: Any, key: str) -> Any:
    """What a task instance has told until now, for its own trigger (Airflow 3); None where it has not.

    Args:
        ti: as the triggerer gives it to a trigger.
        key: of the XCom.
    """
    return await sync_to_async(_xcom_of_task)(ti, key)


def _xcom_of_task(ti: Any, key: str) -> Any:
    from airflow.sdk.execution_time.xcom import XCom

    return XCom.get_one(
        key=key, dag_id=ti.dag_id, task_id=ti.task_id, run_id=ti.run_id, map_index=ti.map_index
    )


def told_xcom(ti_key: Any, key: str) -> Any:
    """What a task instance has told, for its links: on Airflow 3 in its worker, on 2 in the web server.

    Args:
        ti_key: as Airflow gives it to a link.
        key: of the XCom.
    """
    module = "airflow.sdk.execution_time.xcom" if AIRFLOW_3 else "airflow.models.xcom"
    return import_module(module).XCom.get_value(ti_key=ti_key, key=key)


def _state_in_database(ti: Any) -> str | None:
    from airflow.models import TaskInstance
    from airflow.utils.session import create_session

    with create_session() as session:
        key = {"dag_id": ti.dag_id, "task_id": ti.task_id, "run_id": ti.run_id, "map_index": ti.map_index}
        state = session.query(TaskInstance.state).filter_by(**key).scalar()
    return None if state is None else str(state)
