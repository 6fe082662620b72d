"""By its task's state, a trigger tells a user's word and a timeout from a move to another triggerer."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from airflow_provider_language.triggers import kills
from airflow_provider_language.triggers.kills import was_killed
from tests import virtual_time

TI = SimpleNamespace(dag_id="dag", task_id="task")


def asked(monkeypatch: pytest.MonkeyPatch, state: str | Exception | None, *, time_is_up: bool) -> bool:
    async def state_of_task(ti: Any) -> str | None:
        if isinstance(state, Exception):
            raise state
        return state

    # Airflow answers over a channel that only a running triggerer has.
    monkeypatch.setattr(kills, "state_of_task", state_of_task)
    return asyncio.run(was_killed(TI, time_is_up=time_is_up))


@pytest.mark.parametrize("time_is_up", [True, False])
@pytest.mark.parametrize("state", ["failed", "success", "skipped", "removed"])
def test_a_task_that_is_over_was_killed(
    monkeypatch: pytest.MonkeyPatch, state: str, time_is_up: bool
) -> None:
    assert asked(monkeypatch, state, time_is_up=time_is_up)


@pytest.mark.parametrize("time_is_up", [True, False])
def test_a_task_that_waits_in_another_triggerer_was_not_killed(
    monkeypatch: pytest.MonkeyPatch, time_is_up: bool
) -> None:
    assert not asked(monkeypatch, "deferred", time_is_up=time_is_up)


@pytest.mark.parametrize("state", ["scheduled", "queued", "running"])
def test_a_task_that_is_to_run_again_was_ended_only_by_its_timeout(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    assert asked(monkeypatch, state, time_is_up=True)
    assert not asked(monkeypatch, state, time_is_up=False)


def test_a_state_that_cannot_be_told_cancels_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not asked(monkeypatch, RuntimeError("no answer"), time_is_up=True)


def test_a_trigger_without_a_task_was_not_killed() -> None:
    assert not asyncio.run(was_killed(None, time_is_up=True))


def test_of_many_tasks_that_were_ended_together_the_last_is_asked_for_as_patiently_as_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ended_together() -> list[bool]:
        channel = asyncio.Lock()

        async def state_of_task(ti: Any) -> str:
            async with channel:
                await asyncio.sleep(kills.STATE_SECONDS / 10)
            return "failed"

        monkeypatch.setattr(kills, "state_of_task", state_of_task)
        return await asyncio.gather(*(was_killed(TI, time_is_up=False) for _ in range(100)))

    assert virtual_time.run(ended_together()) == [True] * 100
