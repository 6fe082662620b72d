"""Where a task keeps what its later tries are to find."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError, RecordError
from airflow_provider_language.running.state_stores import AirflowStateStore, note_beside, state_store
from airflow_provider_language.storage.state_files import StateFile
from tests.airflow_stands import TaskInstance, context_of

if TYPE_CHECKING:
    from pathlib import Path

    from airflow_provider_language._compat import Context

MORNING, EVENING = (datetime(2026, 11, 20, hour, tzinfo=timezone.utc) for hour in (8, 20))


class DagRun:
    def __init__(self, start_date: datetime) -> None:
        self.start_date = start_date


def context(began: datetime = MORNING, **of_task: Any) -> Context:
    """A task on an Airflow without a task state store."""
    return context_of(TaskInstance(**of_task), task_state_store=None, dag_run=DagRun(began))


def in_files(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__STATE_PATH", folder.as_uri())


def test_a_later_try_finds_the_record_of_an_earlier_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_files(monkeypatch, tmp_path)

    state_store(context(try_number=1), "submission").write({"a": 1})

    assert state_store(context(try_number=2), "submission").read() == {"a": 1}


def test_no_other_task_finds_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_files(monkeypatch, tmp_path)

    state_store(context(), "submission").write({"a": 1})

    others: list[dict[str, Any]] = [
        {"task_id": "other"},
        {"run_id": "other"},
        {"dag_id": "other"},
        {"map_index": 0},
    ]
    assert [state_store(context(**other), "submission").read() for other in others] == [None] * 4
    assert state_store(context(), "outage").read() is None


def test_a_run_that_is_made_again_under_the_same_id_begins_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_files(monkeypatch, tmp_path)

    state_store(context(MORNING), "submission").write({"a": 1})

    assert state_store(context(EVENING), "submission").read() is None


@pytest.mark.parametrize("said", ["", "  "])
def test_a_folder_that_is_not_said_is_below_the_home_of_airflow(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__STATE_PATH", said)

    store = state_store(context(), "submission")

    assert isinstance(store, StateFile)
    assert "/azure_language_state/" in store.location


@pytest.mark.parametrize(
    ("executors", "warns"),
    [
        ("LocalExecutor", False),
        ("SequentialExecutor", False),
        ("airflow.executors.local_executor.LocalExecutor", False),
        ("LocalExecutor, mine:my.module.LocalExecutor", False),
        ("CeleryExecutor", True),
        ("CeleryExecutor,LocalExecutor", True),
        ("LocalExecutor, KubernetesExecutor", True),
        ("LocalExecutor;one_team=CeleryExecutor", True),
        ("LocalExecutor,NotQuiteLocalExecutor", True),
        ("CeleryKubernetesExecutor", True),
    ],
)
def test_who_may_run_on_several_hosts_is_told_to_share_a_folder(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, executors: str, *, warns: bool
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", executors)

    state_store(context(), "submission")

    assert ("set [azure_language] state_path" in caplog.text) is warns


@pytest.mark.parametrize("folder", ["state", "./state"])
def test_a_folder_that_is_another_one_on_each_worker_is_refused(
    monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__STATE_PATH", folder)

    with pytest.raises(InvalidInputError, match="absolute path"):
        state_store(context(), "submission")


@pytest.mark.parametrize("error", ["odd\n\x1b[31mwords", "?sv=1&sig=secret"])
def test_what_a_store_says_is_told_in_one_line_and_without_a_sas(error: str) -> None:
    class Broken:
        def get(self, name: str) -> Any:
            raise RuntimeError(error)

        set: Any = get

    store = AirflowStateStore(Broken(), "submission")
    with pytest.raises(RecordError) as caught:
        store.read()
    assert caught.value.message.isprintable()
    assert "secret" not in caught.value.message


def test_the_task_state_store_is_used_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_files(monkeypatch, tmp_path)
    with_store = context_of(TaskInstance())

    state_store(with_store, "submission").write({"a": 1})

    assert state_store(with_store, "submission").read() == {"a": 1}
    assert list(tmp_path.iterdir()) == []


def test_beside_the_task_state_store_a_job_is_noted_where_all_workers_find_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_files(monkeypatch, tmp_path)
    first, cleared = (context_of(TaskInstance(try_number=n), dag_run=DagRun(MORNING)) for n in (1, 2))

    beside = note_beside(first, "submission")
    assert beside is not None
    beside.write({"a": 1})

    found = note_beside(cleared, "submission")
    assert found is not None
    assert found.read() == {"a": 1}


def test_the_first_record_is_not_taken_for_a_second_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As after a change to an Airflow that has a store: a retry is no clear."""
    in_files(monkeypatch, tmp_path)
    state_store(context(), "submission").write({"a": 1})

    beside = note_beside(context_of(TaskInstance(), dag_run=DagRun(MORNING)), "submission")

    assert beside is not None
    assert beside.read() is None


def test_nothing_is_noted_twice_without_a_store_or_without_a_folder_that_was_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert note_beside(context_of(TaskInstance()), "submission") is None
    in_files(monkeypatch, tmp_path)

    assert note_beside(context(), "submission") is None
