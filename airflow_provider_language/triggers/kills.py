"""Tells whether a trigger ends because a user ended its task, or for a reason that is none to cancel a job.

Airflow cancels a trigger when a user marks or clears its task, but also when a triggerer shuts down, or comes
back from a pause in which another one took its triggers over. From 3.3 on it calls ``on_kill`` in all but the
first of these, and cancels that call again after a second. So the task's own state is asked, and in the
background.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from airflow_provider_language._compat import state_of_task
from airflow_provider_language.transports.loops import OfLoop

T = TypeVar("T")

log = logging.getLogger(__name__)

ENDED = frozenset({"failed", "success", "skipped", "upstream_failed", "removed"})
"""The states of a task that is over. One that is still deferred has only moved to another triggerer; one that
was cleared is going to run again, and tells then what it waits for (triggers/successors.py)."""
STATE_SECONDS = 120.0
"""For how long Airflow is asked for the task's state: a triggerer's first question takes up to 20 seconds on
a busy machine (measured on 3.3.2)."""

_asking: OfLoop[asyncio.Lock] = OfLoop(asyncio.Lock)
"""Who asks for a state. One thread answers all, so the time for an answer begins when it is one's turn: of
3,000 triggers that were ended together, 623 would wait longer than that in line."""

_background: set[asyncio.Task[None]] = set()


def in_background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Run something to its end though its caller is cancelled; a triggerer that shuts down ends it, too."""
    task = asyncio.get_running_loop().create_task(work)
    _background.add(task)
    task.add_done_callback(_background.discard)
    return task


async def asked(question: Callable[[], Awaitable[T]]) -> T:
    """What Airflow answers when it is this question's turn.

    Raises:
        Exception: any that Airflow's API, its database or its channel has, or TimeoutError.
    """
    async with _asking.here():
        answer = asyncio.ensure_future(question())
        try:
            # Not wait_for, which may forget that it was cancelled (see triggers/progress.py).
            done, _ = await asyncio.wait([answer], timeout=STATE_SECONDS)
        finally:
            answer.cancel()
        if not done:
            raise asyncio.TimeoutError
        return answer.result()


async def state_now(task_instance: Any) -> str | None:
    """The state that a task has now; raises what :func:`asked` does."""
    return await asked(lambda: state_of_task(task_instance))


async def was_killed(task_instance: Any, *, time_is_up: bool) -> bool:
    """Whether the task is over, or out of time, though its trigger was still waiting.

    A job is cancelled only if that is certain.

    Args:
        task_instance: as the triggerer gives it to a trigger; None within ``airflow dags test``.
        time_is_up: whether the deadline is near or past. Then a task that waits no more has run out of time:
            Airflow 2 ends a deferral with ``execution_timeout`` and does not ask the task again (2.11.2).
    """
    if task_instance is None:
        return False
    try:
        state = await state_now(task_instance)
    except Exception as error:  # noqa: BLE001 - Airflow's API, its database and its channel have many
        log.warning("Whether the task was ended cannot be told, so its jobs go on: %r", error)
        return False
    log.info("The trigger was cancelled while its task is %s", state)
    return state in ENDED or (time_is_up and state != "deferred")
