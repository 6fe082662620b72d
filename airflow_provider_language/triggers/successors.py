"""Tells whether a task that went on without a trigger still waits for its job: the task's next try says so.

A clear ends a trigger, and so does a triggerer that comes back from a pause in which another one took its
triggers over; the task is queued or runs in both cases. Where its record was kept, its next try goes on with
the job, or cancels it; where Airflow has forgotten the record, as it does at a clear from 3.4 on, nobody else
knows the job any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

from airflow_provider_language._compat import xcom_of_task
from airflow_provider_language.triggers.kills import ENDED, asked, state_now

log = logging.getLogger(__name__)

PATIENCE = 3600.0
"""Seconds for which a next try is waited for: most jobs have ended long before."""
PAUSES = (1.0, 30.0)
"""Seconds between questions, which grow from the one to the other."""
TOLD = "operation_location"
"""The XCom by which a task tells which job it waits for."""


async def is_abandoned(task_instance: Any, location: str) -> bool:
    """Whether a task does not wait for a job any more; returns when that is certain.

    Args:
        task_instance: as the triggerer gives it to a trigger; None within ``airflow dags test``.
        location: the job's operation-location.
    """
    if task_instance is None:
        return False
    for pause in _pauses():
        try:
            answer = await _answer(task_instance, location)
        except Exception as error:  # noqa: BLE001 - as in was_killed
            log.warning("What the task waits for by now cannot be told: %r", error)
            answer = None
        if answer is not None:
            return answer
        await asyncio.sleep(pause)
    log.warning("Nobody said within %.0f s what the task waits for by now, so %s goes on", PATIENCE, location)
    return False


async def _answer(task_instance: Any, location: str) -> bool | None:
    """None for not yet: until a try has begun, the XComs are those of the one before."""
    state = await state_now(task_instance)
    if state in ENDED:
        return True
    if state not in ("running", "deferred"):
        return None
    told = await asked(lambda: xcom_of_task(task_instance, TOLD))
    if told is None:
        return None
    if told != location:
        return True
    # One that runs may not have removed yet what was told before it.
    return False if state == "deferred" else None


def _pauses() -> Iterator[float]:
    pause, longest = PAUSES
    waited = 0.0
    while waited < PATIENCE:
        yield pause
        waited += pause
        pause = min(2 * pause, longest)
