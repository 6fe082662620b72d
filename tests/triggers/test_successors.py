"""The trigger of a task that was cleared learns from its next try whether the job is still waited for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any, cast

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.triggers import kills, successors
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger
from airflow_provider_language.triggers.successors import PATIENCE, is_abandoned
from tests import virtual_time
from tests.airflow_stands import TaskInstance, restored

MINE, OTHER = "https://name/jobs/mine", "https://name/jobs/other"
Answer = tuple["str | Exception | None", "str | None"]
"""A state of the task, and what it has told by then."""


def airflow_says(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> None:
    """One answer after another; the last one for ever."""
    coming: Iterator[Answer] = chain(answers, repeat(answers[-1]))
    told: str | None = None

    async def state_of_task(_: Any) -> str | None:
        nonlocal told
        state, told = next(coming)
        if isinstance(state, Exception):
            raise state
        return state

    async def xcom_of_task(_: Any, key: str) -> str | None:
        assert key == "operation_location"
        return told

    # Airflow answers over a channel that only a running triggerer has.
    monkeypatch.setattr(kills, "state_of_task", state_of_task)
    monkeypatch.setattr(successors, "xcom_of_task", xcom_of_task)


@pytest.mark.parametrize(
    ("answers", "abandoned"),
    [
        ([(None, MINE), ("queued", MINE), ("running", None), ("running", OTHER)], True),
        ([("scheduled", MINE), ("running", MINE), ("deferred", OTHER)], True),
        ([("queued", MINE), ("running", MINE), ("deferred", MINE)], False),
        ([("queued", MINE), ("running", None), ("deferred", None), ("deferred", MINE)], False),
        ([("queued", MINE), ("failed", MINE)], True),
        ([("up_for_retry", MINE), (RuntimeError("no answer"), MINE), ("deferred", MINE)], False),
    ],
)
def test_what_the_next_try_tells_decides(
    monkeypatch: pytest.MonkeyPatch, answers: list[Answer], *, abandoned: bool
) -> None:
    airflow_says(monkeypatch, *answers)

    assert virtual_time.run(is_abandoned(TaskInstance(), MINE)) is abandoned


def test_a_try_that_never_begins_leaves_the_job_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    airflow_says(monkeypatch, ("queued", MINE))
    loop = virtual_time.VirtualLoop()

    async def timed() -> tuple[bool, float]:
        answer = await is_abandoned(TaskInstance(), MINE)
        return answer, loop.time()

    try:
        answer, took = loop.run_until_complete(timed())
    finally:
        loop.close()
    assert not answer
    assert PATIENCE <= took < 1.1 * PATIENCE


def test_a_trigger_without_a_task_abandons_nothing() -> None:
    assert not virtual_time.run(is_abandoned(None, MINE))


async def killed(service: Emulator, *, told: str | None, **options: Any) -> bool:
    """Clear a task whose trigger waits for a job, as Airflow 3.3 does; whether the job was cancelled."""
    location = LanguageHook().submit(["hello"], ["KeyPhraseExtraction"], language="en")
    trigger = restored(AnalyzeJobTrigger([location], "azure_language_default", **options))
    trigger.task_instance = cast("Any", TaskInstance())
    with pytest.MonkeyPatch.context() as patches:
        airflow_says(patches, ("queued", location), ("deferred", told or location))
        patches.setattr(successors, "PAUSES", (0.0, 0.0))
        await trigger.on_kill()
        while kills._background:
            await next(iter(kills._background))
    return service.jobs()[-1].status in ("cancelled", "cancelling")


async def test_the_job_of_a_cleared_task_is_cancelled_once_its_next_try_waits_for_another_one(
    endless: Emulator,
) -> None:
    assert await killed(endless, told=OTHER, cancel_on_kill=True, cancel_when_abandoned=True)


async def test_a_job_that_the_next_try_goes_on_with_is_left_to_it(endless: Emulator) -> None:
    assert not await killed(endless, told=None, cancel_on_kill=True, cancel_when_abandoned=True)


@pytest.mark.parametrize("owns", [True, False])
async def test_the_jobs_of_a_sensor_are_never_abandoned(endless: Emulator, *, owns: bool) -> None:
    assert not await killed(endless, told=OTHER, cancel_on_kill=owns)
