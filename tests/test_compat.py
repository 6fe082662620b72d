"""One source serves Airflow 2.11 and 3: the names are there, and connections are found from an event loop."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from airflow import __version__ as airflow_version
from airflow.triggers.base import BaseTrigger

from airflow_provider_language import _compat
from airflow_provider_language._compat import (
    AIRFLOW_3,
    TRIGGERS_RENDER_TEMPLATES,
    AirflowNotFoundException,
    BaseHook,
    Connection,
    clears_forget_state,
    get_connection_async,
    is_deferral_timeout,
)

if TYPE_CHECKING:
    from tests.conftest import Connect


def test_the_major_version_is_told() -> None:
    assert airflow_version.startswith("3." if AIRFLOW_3 else "2.")


def test_it_is_told_whether_triggers_render_templates() -> None:
    assert hasattr(BaseTrigger, "render_template_fields") is TRIGGERS_RENDER_TEMPLATES


@pytest.mark.parametrize("name", _compat.__all__)
def test_every_promised_name_is_there(name: str) -> None:
    assert getattr(_compat, name) is not None


@pytest.mark.parametrize(
    ("next_method", "next_kwargs", "is_timeout"),
    [
        ("__fail__", {"error": "Trigger timeout"}, True),
        ("__fail__", {"error": "Trigger/execution timeout"}, True),
        ("__fail__", {"error": "Trigger failure", "traceback": []}, False),
        ("__fail__", {}, False),
        ("__fail__", None, False),
        ("execute_complete", {"event": {"error": "Trigger timeout"}}, False),
    ],
)
def test_a_deferral_that_took_too_long_is_told_from_one_that_failed(
    next_method: str, next_kwargs: dict[str, Any] | None, is_timeout: bool
) -> None:
    assert is_deferral_timeout(next_method, next_kwargs) is is_timeout


def test_airflows_own_words_for_a_timeout_are_known() -> None:
    if AIRFLOW_3:
        from airflow.sdk.bases.operator import TRIGGER_FAIL_REPR, TriggerFailureReason

        assert is_deferral_timeout(TRIGGER_FAIL_REPR, {"error": TriggerFailureReason.TRIGGER_TIMEOUT})
        return
    import inspect

    from airflow.jobs import scheduler_job_runner

    assert '"Trigger/execution timeout"' in inspect.getsource(scheduler_job_runner)


def test_a_connection_is_found_from_an_event_loop(connect: Connect) -> None:
    connect("https://name.example", conn_id="from_a_loop", key="the-key-of-it")

    found = asyncio.run(get_connection_async("from_a_loop"))

    assert (found.host, found.password) == ("https://name.example", "the-key-of-it")


def test_a_lookup_that_blocks_does_not_hold_up_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on versions without an asynchronous look-up, and where that one finds nothing."""
    looked_up_in: list[int] = []

    def blocking_lookup(conn_id: str) -> Connection:
        looked_up_in.append(threading.get_ident())
        return Connection(conn_id=conn_id, conn_type="azure_language", host="https://name.example")

    async def nothing_found(conn_id: str) -> None:
        raise AirflowNotFoundException(conn_id)

    # Airflow offers no other way to stand in for its look-ups.
    monkeypatch.setattr(BaseHook, "get_connection", staticmethod(blocking_lookup))
    monkeypatch.setattr(BaseHook, "aget_connection", staticmethod(nothing_found), raising=False)

    found = asyncio.run(get_connection_async("slow"))

    assert found.conn_id == "slow"
    assert looked_up_in[0] != threading.get_ident()


SUPERSEDED = """
from types import SimpleNamespace
from airflow_provider_language._compat import leave_state_to_successor
leave_state_to_successor(SimpleNamespace(job_id={job_id}))
print("goes on")
"""


@pytest.mark.parametrize(("job_id", "goes_on"), [(7, AIRFLOW_3), (None, True)])
def test_a_superseded_try_ends_without_a_word_where_airflow_would_believe_it(
    job_id: int | None, goes_on: bool
) -> None:
    program = SUPERSEDED.format(job_id=job_id)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ("goes on" in done.stdout) is goes_on


@pytest.mark.parametrize(
    ("fields", "forgets"), [(["dry_run"], False), (["dry_run", "keep_task_state"], True), (None, False)]
)
def test_whether_a_clear_forgets_is_told_by_what_its_user_may_ask_for(
    monkeypatch: pytest.MonkeyPatch, fields: list[str] | None, forgets: bool
) -> None:
    """No Airflow here forgets yet; and a worker may lack the API."""
    api = None
    if fields is not None:
        api = ModuleType("task_instances")
        api.ClearTaskInstancesBody = SimpleNamespace(model_fields=dict.fromkeys(fields))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "airflow.api_fastapi.core_api.datamodels.task_instances", api)
    clears_forget_state.cache_clear()

    try:
        assert clears_forget_state() is forgets
    finally:
        clears_forget_state.cache_clear()
