"""Stand-ins for what Airflow gives to a task: connections, contexts, and the way over the triggerer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

try:  # 3.2 and later
    from airflow.sdk.exceptions import AirflowRescheduleException, TaskDeferred
except ImportError:
    from airflow.exceptions import (  # type: ignore[no-redef]
        AirflowRescheduleException,
        TaskDeferred,
    )
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.pacing.pauses import Pace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow.triggers.base import BaseTrigger

    from airflow_provider_language._compat import Context
    from airflow_provider_language.operators.base import LanguageOperator
    from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
    from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger

__all__ = ["AirflowRescheduleException", "TaskDeferred"]

KEY = "a-key-that-nobody-else-may-see"
CANARY = "CANARY-a-sentence-of-a-document"
HURRIED = Pace(first=0.0, interval=0.0)
"""Looks as fast as the answers come."""


class TaskStateStore:
    """Airflow's store of what a task keeps over its tries; values must be JSON.

    Attributes:
        is_broken: whether every access fails, as where the API server does not answer.
    """

    def __init__(self) -> None:
        self.is_broken = False
        self._values: dict[str, str] = {}

    def get(self, key: str, default: Any = None) -> Any:
        self._require_answer()
        return json.loads(self._values[key]) if key in self._values else default

    def set(self, key: str, value: Any) -> None:
        self._require_answer()
        self._values[key] = json.dumps(value)

    def _require_answer(self) -> None:
        if self.is_broken:
            raise RuntimeError("the API server does not answer")


@dataclass
class TaskInstance:
    """What our operators use of a task instance; XComs must be JSON, as Airflow 3 has it, and not null."""

    task_id: str = "task"
    dag_id: str = "dag"
    run_id: str = "run"
    map_index: int = -1
    try_number: int = 1
    max_tries: int = 0
    store: TaskStateStore = field(default_factory=TaskStateStore)
    xcoms: dict[str, Any] = field(default_factory=dict)
    first_poke: datetime | None = None

    def xcom_push(self, key: str, value: Any) -> None:
        if value is None:
            raise ValueError("Airflow 3.0 refuses an XCom of None")
        self.xcoms[key] = json.loads(json.dumps(value))

    def xcom_pull(self, *, task_ids: str, key: str, map_indexes: int) -> Any:
        mine = (task_ids, map_indexes) == (self.task_id, self.map_index)
        return self.xcoms.get(key) if mine else None

    def get_first_reschedule_date(self, context: Any) -> datetime | None:
        """When the first poke was; it is remembered over reschedules."""
        first, self.first_poke = self.first_poke, self.first_poke or datetime.now(timezone.utc)
        return first


def context_of(ti: TaskInstance | None = None, **more: Any) -> Context:
    """A context with as much in it as our operators use."""
    ti = ti or TaskInstance()
    return cast("Context", {"ti": ti, "task_state_store": ti.store, **more})


def hurried(operator: LanguageOperator | AnalyzeJobSensor) -> Any:
    """The operator or sensor with a hook that looks as fast as the answers come and meets faults once."""
    settings = operator.hook.settings
    operator.hook.settings = Settings(retries=settings.retries, pace=HURRIED)
    return operator


def restored(trigger: Any, **changed: Any) -> AnalyzeJobTrigger:
    """The trigger after its way through Airflow's database, where it is JSON."""
    path, arguments = json.loads(json.dumps(trigger.serialize()))
    module, _, name = path.rpartition(".")
    made: AnalyzeJobTrigger = getattr(import_module(module), name)(**{**arguments, **changed})
    return made


def events_of(trigger: BaseTrigger) -> list[dict[str, Any]]:
    """Run a trigger in an event loop of its own, and return its events after their way through JSON."""

    async def collect() -> list[Any]:
        return [event.payload async for event in trigger.run()]

    return cast("list[dict[str, Any]]", json.loads(json.dumps(asyncio.run(collect()))))


def through_the_triggerer(deferred: TaskDeferred, **changed: Any) -> tuple[str, dict[str, Any]]:
    """Do what Airflow does with a deferral: run its trigger, and say how the task is to be resumed."""
    changed = {"first_look": 0.0, "poll_interval": 0.0, **changed}
    (event,) = events_of(restored(deferred.trigger, **changed))
    return deferred.method_name, {**(deferred.kwargs or {}), "event": event}


def run_deferrable(make: Callable[[], Any], context: Context) -> Any:
    """Execute an operator, and resume another copy of it where it deferred: another process in real life."""
    try:
        return make().execute(context)
    except TaskDeferred as deferred:
        method, kwargs = through_the_triggerer(deferred)
    return make().resume_execution(method, kwargs, context)


def run_rescheduled(make: Callable[[], Any], context: Context) -> Any:
    """Execute a sensor, a new copy of it as often as it wants to be rescheduled."""
    while True:
        with suppress(AirflowRescheduleException):
            return make().execute(context)


def leaks(values: Iterable[Any], *secrets: str) -> list[str]:
    """Which secrets can be read in any of the values."""
    text = "\n".join(f"{value!r} {value}" for value in values)
    return [secret for secret in secrets if secret in text]
