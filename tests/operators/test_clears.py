"""A clear under an Airflow that then forgets what a task has kept, as 3.4 does, unless its user objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.running import paying_once
from tests.airflow_stands import TaskDeferred, TaskInstance, TaskStateStore, context_of
from tests.operators.test_retries import cancelled, cleared, job_id, make, next_try, submissions

OWNER = {"wait_for_completion": True, "deferrable": True}


def deferred(ti: TaskInstance) -> TaskDeferred:
    with pytest.raises(TaskDeferred) as ended:
        make(**OWNER).execute(context_of(ti))
    return ended.value


@pytest.fixture
def ti(monkeypatch: pytest.MonkeyPatch) -> TaskInstance:
    # The Airflow of these tests does not forget.
    monkeypatch.setattr(paying_once, "clears_forget_state", lambda: True)
    return TaskInstance()


@pytest.mark.parametrize("is_said", [True, False], ids=["with state_path", "without"])
def test_the_old_job_is_cancelled_by_its_second_note_though_the_first_is_forgotten(
    endless: Emulator, ti: TaskInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, is_said: bool
) -> None:
    if is_said:
        monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__STATE_PATH", tmp_path.as_uri())
    deferred(ti)
    first = job_id(ti.xcoms["operation_location"])

    ti.store = TaskStateStore()
    deferred(cleared(ti))
    deferred(next_try(ti))

    assert cancelled(endless) == ([first] if is_said else [])
    assert submissions(endless) == 2
    assert ti.xcoms["submitted"]["lost_submissions"] == 0


def test_what_was_kept_on_purpose_is_gone_on_with(endless: Emulator, ti: TaskInstance) -> None:
    deferred(ti)
    first = ti.xcoms["operation_location"]

    deferred(cleared(ti))

    assert ti.xcoms["operation_location"] == first
    assert cancelled(endless) == []
    assert submissions(endless) == 1


@pytest.mark.parametrize("keeps", [True, False], ids=["in Airflow", "in files"])
def test_only_a_task_whose_record_airflow_keeps_has_its_trigger_look_after_a_clear(
    endless: Emulator, ti: TaskInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, keeps: bool
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__STATE_PATH", tmp_path.as_uri())
    context = context_of(ti, **({} if keeps else {"task_state_store": None}))
    with pytest.raises(TaskDeferred) as ended:
        make(**OWNER).execute(context)

    assert ended.value.trigger.serialize()[1]["cancel_when_abandoned"] is keeps
