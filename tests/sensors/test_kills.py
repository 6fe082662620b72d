"""A sensor that is told to cancels its jobs when it is killed, whatever the kill comes in the midst of."""

from __future__ import annotations

import importlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.operators.analyze import SubmitAnalyzeJobOperator
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from tests.airflow_stands import TaskInstance, context_of
from tests.scripted_service import Answer, ScriptedService, Seen, job_body, job_location

Serve = Callable[..., ScriptedService]
HOOK = "airflow_provider_language.hooks.language"


class KilledError(BaseException):
    """What Airflow 2 raises after on_kill; Airflow 3 lets the task go on until it is killed for good."""


class Channel:
    """Airflow's talk with its supervisor, which has a lock that is not re-entrant; SIGTERM comes amid it.

    Attributes:
        kill_in: after how many questions it comes; never, if that is less than one.
        deadlocks: how many questions would never have been answered.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.kill_in = 0
        self.deadlocks = 0

    def ask(self) -> None:
        if not self._lock.acquire(blocking=False):
            self.deadlocks += 1
            raise AssertionError("a deadlock")
        try:
            self.kill_in -= 1
            if self.kill_in == 0:
                signal.raise_signal(signal.SIGTERM)
        finally:
            self._lock.release()


@pytest.fixture
def kills() -> Iterator[Callable[[Any], None]]:
    before = signal.getsignal(signal.SIGTERM)

    def install(task: Any) -> None:
        def handle(*_: Any) -> None:
            task.on_kill()
            raise KilledError

        signal.signal(signal.SIGTERM, handle)

    yield install
    signal.signal(signal.SIGTERM, before)


def running(seen: Seen) -> Answer:
    if seen.method == "GET":
        return Answer(200, job_body("running"))
    return Answer(202, "", {"operation-location": job_location(f"http://{seen.headers['host']}")})


def cancels(service: ScriptedService) -> int:
    return len({seen.target for seen in service.seen if ":cancel" in seen.target})


def asking(monkeypatch: pytest.MonkeyPatch, channel: Channel) -> None:
    """Let each look-up of a connection go over the channel."""
    found = LanguageHook.get_connection

    def get_connection(conn_id: str) -> Any:
        channel.ask()
        return found(conn_id)

    monkeypatch.setattr(LanguageHook, "get_connection", staticmethod(get_connection))


class Locations(list[str]):
    """XComs that are asked for one by one."""

    def __init__(self, locations: list[str], channel: Channel) -> None:
        super().__init__(locations)
        self._channel = channel

    def __iter__(self) -> Iterator[str]:
        for location in super().__iter__():
            self._channel.ask()
            yield location


def sensor(operation_location: Any, **options: Any) -> AnalyzeJobSensor:
    return AnalyzeJobSensor(
        task_id="wait", operation_location=operation_location, cancel_on_kill=True, **options
    )


in_each_mode = pytest.mark.parametrize("options", [{}, {"mode": "reschedule"}, {"deferrable": True}])


@in_each_mode
@pytest.mark.parametrize("at", range(1, 5))
def test_a_kill_amid_airflows_own_talk_waits_until_it_can_cancel(
    serve: Serve,
    kills: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    at: int,
) -> None:
    service, channel = serve(running), Channel()
    asking(monkeypatch, channel)
    locations = [job_location(service.endpoint, f"job-{number}") for number in range(3)]
    task = sensor(Locations(locations, channel), **options)
    kills(task)
    channel.kill_in = at

    with pytest.raises(KilledError):
        task.execute(context_of(TaskInstance()))

    assert cancels(service) == 3
    assert all(seen.method == "POST" for seen in service.seen)


def test_a_kill_amid_the_first_import_of_the_hook_waits_until_it_can_cancel(
    serve: Serve, kills: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = serve(running)
    task = sensor(job_location(service.endpoint))
    kills(task)

    class Finder:
        """Is asked for each module that is imported for the first time."""

        @staticmethod
        def find_spec(name: str, *_: Any) -> None:
            if name == "airflow_provider_language.hooks.forms":
                signal.raise_signal(signal.SIGTERM)

    hooks = importlib.import_module("airflow_provider_language.hooks")
    for name in ("language", "forms"):
        monkeypatch.setattr(hooks, name, getattr(hooks, name))
        monkeypatch.delitem(sys.modules, f"airflow_provider_language.hooks.{name}")
    monkeypatch.delattr(hooks, "forms")
    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])

    with pytest.raises(KilledError):
        task.execute(context_of())

    assert cancels(service) == 1


def test_a_kill_before_the_sensor_begins_is_not_forgotten(serve: Serve) -> None:
    """Airflow 3 lets a task go on for some seconds after it has told it of the kill."""
    service = serve(
        lambda seen: Answer(200, job_body("cancelled")) if seen.method == "GET" else running(seen)
    )
    task = sensor(job_location(service.endpoint))
    task.on_kill()

    with pytest.raises(AirflowFailException):
        task.execute(context_of())

    assert cancels(service) == 1


def test_a_sensor_that_is_not_told_to_cancels_nothing(serve: Serve, kills: Callable[[Any], None]) -> None:
    service = serve(running)
    task = AnalyzeJobSensor(task_id="wait", operation_location=job_location(service.endpoint))
    service.answer = lambda seen: signal.raise_signal(signal.SIGTERM) or running(seen)  # type: ignore[func-returns-value]
    kills(task)

    with pytest.raises(KilledError):
        task.execute(context_of())

    assert cancels(service) == 0


def test_jobs_that_earlier_pokes_saw_end_are_not_cancelled(
    serve: Serve, kills: Callable[[Any], None]
) -> None:
    def answer(seen: Seen) -> Answer:
        return Answer(200, job_body("succeeded")) if "/job-1?" in seen.target else running(seen)

    service, ti = serve(answer), TaskInstance()
    locations = [job_location(service.endpoint, f"job-{number}") for number in (1, 2)]
    sensor(locations, mode="reschedule").poke(context_of(ti))
    later = sensor(locations, mode="reschedule")
    later.poke(context_of(ti))

    later.on_kill()

    assert [seen.target.partition("?")[0][-5:] for seen in service.seen][:3] == ["job-1", "job-2", "job-2"]
    assert cancels(service) == 1


@pytest.mark.parametrize("refused", [False, True], ids=["accepted", "with a key of yesterday"])
@pytest.mark.parametrize("idle", [0.0, 60.0], ids=["a session is kept", "no session is kept"])
def test_a_kill_amid_the_talk_in_which_a_job_is_told_looks_no_connection_up(
    serve: Serve,
    kills: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch,
    idle: float,
    refused: bool,
) -> None:
    def answer(seen: Seen) -> Answer:
        return Answer(401, "") if refused and ":cancel" in seen.target else running(seen)

    service, channel = serve(answer), Channel()
    monkeypatch.setattr("airflow_provider_language.transports.keepalive.IDLE_SECONDS", 4.0 - idle)
    asking(monkeypatch, channel)

    class Telling(TaskInstance):
        def xcom_push(self, key: str, value: Any) -> None:
            channel.kill_in = len(self.xcoms) == 0
            channel.ask()
            super().xcom_push(key, value)

    task = SubmitAnalyzeJobOperator(
        task_id="submit", documents=["a"], tasks=["KeyPhraseExtraction"], wait_for_completion=True
    )
    kills(task)

    with pytest.raises(KilledError):
        task.execute(context_of(Telling()))

    assert cancels(service) == 1
    assert channel.deadlocks == 0
