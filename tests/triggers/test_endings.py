"""A trigger that is cancelled cancels its job where a user ended the task, in both ways of Airflow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.triggers import kills
from airflow_provider_language.triggers import waiting as waits
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger
from tests.airflow_stands import TaskInstance, restored

CONN = "azure_language_default"
State = Callable[[], Awaitable[str | None]]


@pytest.fixture(params=["3.3", "before"])
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether Airflow tells triggers of kills, or only cancels them."""
    is_told: bool = request.param == "3.3"
    monkeypatch.setattr(waits, "TRIGGERS_ARE_TOLD_OF_KILLS", is_told)
    return is_told


def answering(state: str | None) -> State:
    async def answer() -> str | None:
        return state

    return answer


def set_state(monkeypatch: pytest.MonkeyPatch, state: State) -> None:
    # Airflow answers over a channel that only a running triggerer has.
    monkeypatch.setattr("airflow_provider_language.triggers.kills.state_of_task", lambda _: state())


def waiting(service: Emulator, **options: Any) -> tuple[AnalyzeJobTrigger, str]:
    """A trigger that owns a job, and the job's id."""
    location = LanguageHook().submit(["hello"], ["KeyPhraseExtraction"], language="en")
    trigger = restored(
        AnalyzeJobTrigger([location], CONN, **{"first_look": 0.0, "cancel_on_kill": True, **options})
    )
    trigger.task_instance = cast("Any", TaskInstance())
    return trigger, service.jobs()[-1].id


async def consume(trigger: AnalyzeJobTrigger) -> list[Any]:
    return [event.payload async for event in trigger.run()]


async def end(trigger: AnalyzeJobTrigger, service: Emulator, *, told: bool) -> None:
    """Cancel a trigger once it looks, as Airflow does it, and let what it began in the background end."""
    run = asyncio.create_task(consume(trigger))
    while service.journal.count("GET") == 0:  # noqa: ASYNC110 - the server's thread knows no events of this loop
        await asyncio.sleep(0.001)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    if told:
        await trigger.on_kill()
    await asyncio.gather(*kills._background)


def is_cancelled(service: Emulator, job_id: str) -> bool:
    return {job.id: job.status for job in service.jobs()}[job_id] in ("cancelled", "cancelling")


@pytest.mark.parametrize(
    ("state", "cancels"),
    [
        ("failed", True),
        ("success", True),
        ("skipped", True),
        ("upstream_failed", True),
        ("removed", True),
        ("deferred", False),
        ("scheduled", False),
        ("queued", False),
        ("running", False),
        ("restarting", False),
        (None, False),
    ],
)
async def test_the_job_is_cancelled_if_the_task_is_over(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch, told: bool, *, state: str | None, cancels: bool
) -> None:
    set_state(monkeypatch, answering(state))
    trigger, job_id = waiting(endless)

    await end(trigger, endless, told=told)

    assert is_cancelled(endless, job_id) is cancels


async def test_the_job_goes_on_where_the_state_cannot_be_told(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    async def fail() -> str | None:
        raise RuntimeError("the API server does not answer")

    set_state(monkeypatch, fail)
    trigger, job_id = waiting(endless)

    await end(trigger, endless, told=told)

    assert not is_cancelled(endless, job_id)


async def test_the_job_goes_on_where_airflow_does_not_say_in_time(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    async def hang() -> str | None:
        await asyncio.Event().wait()
        return "failed"

    monkeypatch.setattr(kills, "STATE_SECONDS", 0.01)
    set_state(monkeypatch, hang)
    trigger, job_id = waiting(endless)

    await end(trigger, endless, told=told)

    assert not is_cancelled(endless, job_id)


async def test_who_owns_no_job_cancels_none(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    set_state(monkeypatch, answering("failed"))
    trigger, job_id = waiting(endless, cancel_on_kill=False)

    await end(trigger, endless, told=told)

    assert not is_cancelled(endless, job_id)


async def test_a_triggerer_that_shuts_down_cancels_nothing(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "TRIGGERS_ARE_TOLD_OF_KILLS", True)
    set_state(monkeypatch, answering("failed"))
    trigger, job_id = waiting(endless)

    await end(trigger, endless, told=False)

    assert not is_cancelled(endless, job_id)


async def test_the_job_is_cancelled_though_airflow_cancels_the_call_that_tells_of_the_kill(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()

    async def answer_late() -> str | None:
        await go_on.wait()
        return "failed"

    set_state(monkeypatch, answer_late)
    trigger, job_id = waiting(endless)
    call = asyncio.create_task(trigger.on_kill())
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    go_on.set()
    await asyncio.gather(*kills._background)

    assert is_cancelled(endless, job_id)


async def test_a_service_that_is_ill_for_a_moment_is_asked_again_to_cancel(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    set_state(monkeypatch, answering("failed"))
    trigger, job_id = waiting(endless)
    endless.faults.add(Fault("error", operation="cancel", status=503, retry_after=0))

    await end(trigger, endless, told=told)

    assert is_cancelled(endless, job_id)


async def test_a_kill_after_the_event_cancels_nothing(
    language: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_state(monkeypatch, answering("success"))
    trigger, _ = waiting(language)
    assert len(await consume(trigger)) == 1

    await trigger.on_kill()

    assert language.journal.count("POST", ":cancel") == 0


async def test_one_of_many_jobs_whose_cancelling_hangs_holds_up_none_of_the_others(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    set_state(monkeypatch, answering("failed"))
    trigger, hanging = waiting(endless)
    others = [waiting(endless)[0].operation_locations[0] for _ in range(20)]
    trigger.operation_locations = [*trigger.operation_locations, *others]
    ids = {job.id for job in endless.jobs()} - {hanging}
    cancelled = trigger._cancel
    others_are_done = asyncio.Event()

    async def hinder(player: Any, location: str, reason: str) -> None:
        if hanging in location:
            await others_are_done.wait()
        await cancelled(player, location, reason)
        if all(is_cancelled(endless, job_id) for job_id in ids):
            others_are_done.set()

    monkeypatch.setattr(trigger, "_cancel", hinder)
    await asyncio.wait_for(end(trigger, endless, told=told), 30)

    assert is_cancelled(endless, hanging)
