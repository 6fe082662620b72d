"""Sessions between requests: kept for the next one, and never given to two users."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack

import pytest
import requests

from airflow_provider_language.transports.keepalive import IDLE_SECONDS, KEPT, KeptSessions
from tests.scripted_service import ScriptedService


class Session(requests.Session):
    """Knows whether it was closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True
        super().close()


class Sessions:
    """Sessions that are kept, those that were made, and a clock."""

    def __init__(self) -> None:
        self.made: list[Session] = []
        self.now = 0.0
        self.kept = KeptSessions(self._make, clock=lambda: self.now)

    def _make(self) -> Session:
        self.made.append(Session())
        return self.made[-1]

    def used(self) -> requests.Session:
        with self.kept.session() as session:
            return session


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


def test_the_next_user_gets_the_session_of_the_last(sessions: Sessions) -> None:
    assert sessions.used() is sessions.used()
    assert not sessions.made[0].is_closed


def test_a_session_that_was_idle_for_long_is_closed_and_replaced(sessions: Sessions) -> None:
    first = sessions.used()
    sessions.now += IDLE_SECONDS
    assert sessions.used() is first
    sessions.now += IDLE_SECONDS + 0.1
    assert sessions.used() is not first
    assert [session.is_closed for session in sessions.made] == [True, False]


def test_a_session_in_whose_use_something_was_raised_is_closed_and_replaced(sessions: Sessions) -> None:
    with pytest.raises(KeyboardInterrupt), sessions.kept.session():
        raise KeyboardInterrupt
    sessions.used()
    assert [session.is_closed for session in sessions.made] == [True, False]


def test_a_signal_handler_gets_a_session_of_its_own(sessions: Sessions) -> None:
    in_handler: list[requests.Session] = []
    before = signal.signal(signal.SIGUSR1, lambda *_: in_handler.append(sessions.used()))
    try:
        with sessions.kept.session() as interrupted:
            os.kill(os.getpid(), signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert len(in_handler) == 1
    assert in_handler[0] is not interrupted


def test_threads_that_use_sessions_at_the_same_time_share_none(sessions: Sessions) -> None:
    meeting, used = threading.Barrier(8), []

    def use() -> None:
        for _ in range(20):
            with sessions.kept.session() as session:
                meeting.wait()
                used.append(session)
                meeting.wait()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rounds = [used[start : start + 8] for start in range(0, len(used), 8)]
    assert len(rounds) == 20
    assert all(len(set(map(id, together))) == 8 for together in rounds)
    assert len(sessions.made) == 8


def test_of_many_sessions_that_were_used_at_the_same_time_a_few_are_kept(sessions: Sessions) -> None:
    with ExitStack() as users:
        for _ in range(KEPT + 3):
            users.enter_context(sessions.kept.session())
    assert [session.is_closed for session in sessions.made].count(False) == KEPT


def test_those_that_nobody_uses_can_be_closed(sessions: Sessions) -> None:
    sessions.used()
    sessions.kept.close()
    assert sessions.made[0].is_closed
    assert sessions.used() is sessions.made[1]


def test_a_forked_process_leaves_the_connection_to_its_parent() -> None:
    kept = KeptSessions(requests.Session)

    def ask() -> None:
        with kept.session() as session:
            session.get(service.endpoint, timeout=60)

    with ScriptedService() as service:
        ask()
        child = os.fork()
        if child == 0:
            try:
                ask()
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        ask()

    assert os.waitstatus_to_exitcode(status) == 0
    assert (len(service.seen), service.connections) == (3, 2)
