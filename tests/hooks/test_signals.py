"""Signals that come in the moment in which they would lose a job are handled after it."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from airflow_provider_language.hooks.signals import HELD, signals_held

KILL, TIMEOUT = HELD
each_signal = pytest.mark.parametrize("number", HELD, ids=lambda number: signal.Signals(number).name)


class Ended(BaseException):
    """What a handler of Airflow raises."""


@pytest.fixture
def handled() -> Iterator[list[int]]:
    """The signals that reached their handlers, which raise if told to.

    Meanwhile nothing is collected: what a handler raises amid a callback of the collector is swallowed.
    """
    came: list[int] = []
    gc.disable()
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in HELD}
    yield came
    gc.enable()
    for number, handler in before.items():
        signal.signal(number, handler)


def raising(came: list[int]) -> Callable[[int, Any], None]:
    def handle(number: int, _: Any) -> None:
        came.append(number)
        raise Ended(signal.Signals(number).name)

    return handle


def within(*numbers: int, after: list[str] | None = None, error: Exception | None = None) -> None:
    """Let signals come while they are held, then go on, or fail."""
    with signals_held():
        for number in numbers:
            signal.raise_signal(number)
        if error is not None:
            raise error
        if after is not None:
            after.append("went on")


@each_signal
@pytest.mark.parametrize("times", [1, 3])
def test_a_signal_is_handled_once_and_after_what_it_would_have_broken_off(
    handled: list[int], number: int, times: int
) -> None:
    with signals_held():
        for _ in range(times):
            signal.raise_signal(number)
        assert handled == []

    assert handled == [number]


@each_signal
def test_what_the_handler_raises_is_raised_where_the_moment_ends(handled: list[int], number: int) -> None:
    signal.signal(number, raising(handled))

    done: list[str] = []

    with pytest.raises(Ended):
        within(number, after=done)

    assert done == ["went on"]


def test_two_signals_are_both_handled_though_the_first_ones_handler_raises(handled: list[int]) -> None:
    for number in HELD:
        signal.signal(number, raising(handled))

    with pytest.raises(Ended, match="SIGTERM"):
        within(TIMEOUT, KILL)

    assert handled == [TIMEOUT, KILL]


def test_an_error_within_does_not_swallow_the_signal(handled: list[int]) -> None:
    with pytest.raises(ValueError, match="within"):
        within(KILL, error=ValueError("within"))

    assert handled == [KILL]


def test_where_no_signal_came_nothing_is_handled(handled: list[int]) -> None:
    with signals_held():
        pass

    assert handled == []


@pytest.mark.parametrize("error", [None, ValueError("within")])
def test_the_handlers_are_put_back(handled: list[int], error: Exception | None) -> None:
    before = [signal.getsignal(number) for number in HELD]

    with suppress(ValueError):
        within(error=error)

    assert [signal.getsignal(number) for number in HELD] == before


def test_moments_within_moments_are_one(handled: list[int]) -> None:
    with signals_held():
        with signals_held():
            signal.raise_signal(KILL)
        assert handled == []

    assert handled == [KILL]


class Interruption:
    """Lets a signal come after so many steps of what is traced."""

    def __init__(self, number: int, after: int) -> None:
        self._number = number
        self.steps_left = after

    def __call__(self, *_: Any) -> Interruption:
        self.steps_left -= 1
        if self.steps_left == 0:
            signal.raise_signal(self._number)
        return self


def interrupted(number: int, after: int) -> bool:
    """Whether there were so many steps amid which the signal came."""
    interruption, before = Interruption(number, after), sys.gettrace()
    with suppress(Ended):
        try:
            sys.settrace(interruption)
            with signals_held():
                pass
        finally:
            sys.settrace(before)
    return interruption.steps_left <= 0


@each_signal
def test_a_signal_whose_handler_raises_leaves_the_handlers_in_place_wherever_it_comes(
    handled: list[int], number: int
) -> None:
    handlers = {held: raising(handled) for held in HELD}
    for after in count(1):
        for held, handler in handlers.items():
            signal.signal(held, handler)

        came = interrupted(number, after)

        assert {held: signal.getsignal(held) for held in HELD} == handlers
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
        if not came:
            break
    assert after > 30


def test_other_signals_are_handled_at_once(handled: list[int]) -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: came.append(number))
    try:
        with signals_held():
            signal.raise_signal(signal.SIGUSR1)
            assert came == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_another_thread_holds_nothing(handled: list[int]) -> None:
    before = [signal.getsignal(number) for number in HELD]
    seen: list[Any] = []

    def elsewhere() -> None:
        with signals_held():
            seen.extend(signal.getsignal(number) for number in HELD)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert seen == before


def test_a_handler_that_is_not_one_of_pythons_is_left_alone(
    handled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only code in C can install one; Python then tells None, and cannot put it back.
    monkeypatch.setattr(signal, "getsignal", lambda number: None if number == KILL else signal.SIG_DFL)

    with signals_held():
        signal.raise_signal(KILL)
        assert handled == [KILL]
