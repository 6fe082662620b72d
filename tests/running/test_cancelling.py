"""Jobs of a task that is being ended are cancelled within seconds, wherever the signal came."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from airflow_provider_language.exceptions import LanguageError
from airflow_provider_language.running import cancelling
from airflow_provider_language.running.cancelling import HANDS, cancel_quietly

JOBS = [f"https://one.example/job-{number}" for number in range(40)]


class Hook:
    """Cancels jobs, and remembers which; what hinders it is called first."""

    def __init__(self, hindrance: Callable[[str], object] = lambda _: None) -> None:
        self.cancelled: list[str] = []
        self._hindrance = hindrance

    def cancel(self, location: str, *, tolerance: float) -> Any:
        self._hindrance(location)
        self.cancelled.append(location)
        return SimpleNamespace(value="requested")


def cancel(hook: Hook, jobs: list[str] = JOBS) -> bool:
    return cancel_quietly(hook, jobs, 60.0)  # type: ignore[arg-type]


def test_several_jobs_are_cancelled_at_the_same_time() -> None:
    together = threading.Barrier(HANDS)
    hook = Hook(lambda _: together.wait(timeout=30))
    assert cancel(hook)
    assert sorted(hook.cancelled) == sorted(JOBS)


def test_one_that_hangs_holds_up_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancelling, "GRACE", 60.0)
    others_are_done = threading.Event()

    def hinder(location: str) -> None:
        if location == JOBS[0]:
            others_are_done.wait(timeout=30)
        elif len(hook.cancelled) == len(JOBS) - 2:
            others_are_done.set()

    hook = Hook(hinder)
    assert cancel(hook)
    assert hook.cancelled[-1] == JOBS[0] or hook.cancelled[-2] == JOBS[0]


def test_what_the_interrupted_code_has_locked_holds_up_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The handler of a signal may take such a lock again, and no other thread may."""
    monkeypatch.setattr(cancelling, "GRACE", 0.01)
    locked = threading.RLock()

    def hinder(_: str) -> None:
        with locked:
            pass

    hook = Hook(hinder)
    with locked:
        assert cancel(hook)
        assert set(hook.cancelled) == set(JOBS)


def test_the_log_is_written_when_all_is_done(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    jobs = [f"https://two.example/job-{number}" for number in range(40)]
    hook = Hook(lambda _: written.append("two.example" in caplog.text))
    written: list[bool] = []
    assert cancel(hook, jobs)
    assert set(written) == {False}
    assert f"Cancelling {jobs[3]}: requested" in caplog.text


def test_one_that_cannot_be_cancelled_is_told_and_the_others_are_cancelled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def hinder(location: str) -> None:
        if location == JOBS[5]:
            raise LanguageError("The service does not know the job.")

    hook = Hook(hinder)
    assert not cancel(hook)
    assert set(hook.cancelled) == set(JOBS) - {JOBS[5]}
    assert f"{JOBS[5]} could not be cancelled: The service does not know the job." in caplog.text


def test_one_that_hangs_for_ever_is_told_as_one_that_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cancelling, "GRACE", 0.3)
    monkeypatch.setattr(cancelling, "CANCEL_TOLERANCE", -1.0)
    over, main = threading.Event(), threading.current_thread()
    hook = Hook(lambda _: threading.current_thread() is main or over.wait(timeout=30))
    assert not cancel(hook)
    over.set()
    assert "could not be cancelled: no answer has come" in caplog.text


def test_a_kill_amid_the_writing_of_the_log_is_not_held_up_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What writes Airflow's log has a lock that is not re-entrant."""
    monkeypatch.setattr(cancelling, "GRACE", 0.01)
    lock, written = threading.Lock(), threading.Event()

    class Writer(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            with lock:
                written.set()

    writer = Writer()
    cancelling.log.addHandler(writer)
    monkeypatch.setattr(cancelling.log, "level", logging.INFO)
    try:
        with lock:
            assert cancel(Hook())
            assert not written.is_set()
        assert written.wait(timeout=30)
    finally:
        cancelling.log.removeHandler(writer)


@contextmanager
def handling(handle: Callable[[], object]) -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, lambda *_: handle())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_kill_amid_the_cancelling_at_the_end_of_time_cancels_too() -> None:
    main, killed = threading.current_thread(), threading.Event()

    def hinder(_: str) -> None:
        if threading.current_thread() is not main:
            killed.wait(timeout=30)
        elif not killed.is_set():
            killed.set()
            signal.raise_signal(signal.SIGTERM)

    hook, second = Hook(hinder), Hook()
    with handling(lambda: cancel(second)):
        assert cancel(hook)
    assert set(hook.cancelled) == set(second.cancelled) == set(JOBS)
