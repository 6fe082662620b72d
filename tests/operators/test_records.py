"""Where a task keeps what its later tries are to find."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow_provider_language.operators.records import record_store
from tests.airflow_stands import TaskInstance, context_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

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

    record_store(context(try_number=1), "submission").write({"a": 1})

    assert record_store(context(try_number=2), "submission").read() == {"a": 1}


def test_no_other_task_finds_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_files(monkeypatch, tmp_path)

    record_store(context(), "submission").write({"a": 1})

    others: list[dict[str, Any]] = [
        {"task_id": "other"},
        {"run_id": "other"},
        {"dag_id": "other"},
        {"map_index": 0},
    ]
    assert [record_store(context(**other), "submission").read() for other in others] == [None] * 4
    assert record_store(context(), "outage").read() is None


def test_a_run_that_is_made_again_under_the_same_id_begins_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_files(monkeypatch, tmp_path)

    record_store(context(MORNING), "submission").write({"a": 1})

    assert record_store(context(EVENING), "submission").read() is None


def test_the_task_state_store_is_used_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_files(monkeypatch, tmp_path)
    with_store = context_of(TaskInstance())

    record_store(with_store, "submission").write({"a": 1})

    assert record_store(with_store, "submission").read() == {"a": 1}
    assert list(tmp_path.iterdir()) == []
