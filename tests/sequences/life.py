"""A task as Airflow leads it: tries, deferrals, retries and clears, until it has succeeded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from operator import methodcaller
from typing import Any

import pytest

from airflow_provider_language._compat import TRIGGERS_ARE_TOLD_OF_KILLS, AirflowFailException
from airflow_provider_language.transports import event_loop
from airflow_provider_language.triggers import kills, successors
from tests.airflow_stands import TaskDeferred, TaskInstance, context_of, restored
from tests.sequences import weather
from tests.sequences.world import Gone, Instance, Store, Terminated, TimedOut, World

RETRIES = 3
KINDS = ("KeyPhraseExtraction", "SentimentAnalysis")


class End(Enum):
    """How a try ended."""

    SUCCESS = "success"
    RETRY = "retry"
    CLEARED = "cleared"
    FAILED = "failed"


KILLED = {
    "marked as failed": End.FAILED,
    "cleared while it ran": End.CLEARED,
    "its worker was shut down": End.RETRY,
}
"""Why a process is ended, and what Airflow makes of its try; a clear of one that runs moves no limit."""


@dataclass(frozen=True)
class Done:
    """A task that has succeeded.

    Args:
        instance: its last try, with its XComs.
        value: what it returned.
    """

    instance: Instance
    value: Any


class Life:
    """Leads one task.

    Args:
        world: around it.
        task_id: its name.
        make: makes its operator, anew for each process.
        keeps_record: whether it is the task that submits.
    """

    def __init__(
        self, world: World, task_id: str, make: Callable[[], Any], *, keeps_record: bool = False
    ) -> None:
        self._world = world
        self._task_id = task_id
        self._make = make
        self._keeps_record = keeps_record
        self._number = 0
        self._max_tries = RETRIES
        self._done: Done | None = None
        self.ended: Callable[[], None] = lambda: None

    def clear(self) -> None:
        """A user clears the task."""
        self._max_tries = self._number + RETRIES

    def lead(self) -> Done | None:
        """Run try after try.

        Returns:
            None if the task has failed, and a user has to see to it.
        """
        while True:
            self._number += 1
            number = self._number
            self._done = None
            self._world.newest = number
            self._world.brew()
            end = self._try(number)
            self.ended()
            if self._number != number or end is End.SUCCESS:  # or a successor has ended before it
                return self._done
            if end is End.FAILED or (end is End.RETRY and number > self._max_tries):
                return None
            self._world.time.sleep(self._world.random.choice((0.1, 20.0, 300.0)))

    def _succeed(self) -> None:
        self.lead()

    def _try(self, number: int) -> End:
        instance = Instance(
            task_id=self._task_id, try_number=number, max_tries=self._max_tries, store=self._store(number)
        )
        instance.world = self._world
        context = context_of(instance)
        step: Callable[[Any], Any] = methodcaller("execute", context)
        while True:
            ended = self._process(step, instance)
            if isinstance(ended, End):
                return ended
            resumed = self._triggerer(ended)
            if isinstance(resumed, End):
                return resumed
            step = methodcaller("resume_execution", *resumed, context)

    def _process(self, step: Callable[[Any], Any], instance: Instance) -> End | TaskDeferred:
        """Run a try in a process, until it ends or defers."""
        operator = self._make()
        self._world.succeed = self._succeed
        ended: End | TaskDeferred = End.SUCCESS
        value = None
        try:
            with self._world.process(operator):
                value = step(operator)
        except TaskDeferred as deferred:
            ended = deferred
        except AirflowFailException:
            ended = End.FAILED
        except (Gone, Terminated, TimedOut, Exception):  # noqa: BLE001 - Airflow retries all of them
            ended = End.RETRY
        if self._world.killed is not None:
            end = KILLED[self._world.killed]
            if end is End.CLEARED and self._keeps_record:
                self._world.clear(keeps=self._world.keeps(), while_running=True)
            return end
        if ended is End.SUCCESS and instance.try_number == self._number:
            self._done = Done(instance, value)
        return ended

    def _store(self, number: int) -> Any:
        return Store(self._world, number) if self._world.fences else None

    def _triggerer(self, deferred: TaskDeferred) -> tuple[str, dict[str, Any]] | End:
        while True:
            interference = None
            if not self._world.is_calm and self._world.random.random() < 0.5:
                interference = self._world.random.choice(weather.INTERFERENCES)
            looks = self._world.random.randrange(3)
            keeps = interference != "clear" or self._world.keeps()
            trigger = restored(deferred.trigger)
            event = asyncio.run(_led(self._world, trigger, interference, looks, keeps=keeps))
            if event is not None:
                return deferred.method_name, {**(deferred.kwargs or {}), "event": event}
            if interference == "mark failed":
                return End.FAILED
            if interference == "clear":
                if not keeps:
                    self._world.ledger.require_given_up(trigger.operation_locations)
                self._world.clear(keeps=keeps)
                self.clear()
                return End.CLEARED


STATES = {
    "restart": ["deferred", "deferred"],
    "redistribution": ["deferred", "deferred"],
    "mark failed": ["failed"],
    "clear": ["queued", "running", "deferred"],
}
"""The states of the task, each time that Airflow is asked."""


async def _led(
    world: World, trigger: Any, interference: weather.Interference | None, looks: int, *, keeps: bool
) -> dict[str, Any] | None:
    """Run a trigger as a triggerer does, until it fires, or is cancelled after so many looks.

    The next try of a task that was cleared has another job, unless it finds what was kept on purpose.
    """
    states = iter(STATES.get(str(interference), ()))
    location = trigger.operation_locations[0] if keeps and world.forgets else "another"
    interrupted = asyncio.Event()
    send = event_loop.SessionWire.send

    async def look(wire: Any, request: Any, headers: Any) -> Any:
        nonlocal looks
        looks -= 1
        if interference is not None and looks < 0 and not interrupted.is_set():
            interrupted.set()
            await asyncio.Event().wait()
        return await send(wire, request, headers)

    async def state(_: Any) -> str:
        return next(states)

    async def told(_: Any, key: str) -> str | None:
        return location if key == "operation_location" else None

    async def fired() -> dict[str, Any]:
        (event,) = [event.payload async for event in trigger.run()]
        payload: dict[str, Any] = json.loads(json.dumps(event))
        return payload

    trigger.task_instance = TaskInstance()
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(event_loop.SessionWire, "send", look)
        patches.setattr(kills, "state_of_task", state)
        patches.setattr(successors, "xcom_of_task", told)
        patches.setattr(successors, "PAUSES", (0.0, 0.0))
        waiting = asyncio.ensure_future(fired())
        interruption = asyncio.ensure_future(interrupted.wait())
        await asyncio.wait((waiting, interruption), return_when=asyncio.FIRST_COMPLETED)
        interruption.cancel()
        if waiting.done():
            return waiting.result()
        world.happened[str(interference), "deferred"] += 1
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        if TRIGGERS_ARE_TOLD_OF_KILLS and interference != "restart":
            await trigger.on_kill()
        while kills._background:
            await asyncio.gather(*kills._background, return_exceptions=True)
        return None
