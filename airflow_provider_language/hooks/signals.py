"""Holds back the signals that end a task, for the moment in which ending it would lose a job."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HELD = (signal.SIGTERM, signal.SIGALRM)
"""What Airflow ends a task with: a kill, and ``execution_timeout``."""


@contextmanager
def signals_held() -> Iterator[None]:
    """Let what is within end first: a job whose id is not written down yet can be cancelled by nobody.

    A signal that came in between is raised afterwards, once, and handled as Airflow handles it; of two, the
    second one also where the first one's handler raises. Only the main thread of a process handles signals,
    so nothing is done in another one, nor about a signal whose handler is not one of Python's.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = {held: handler for held in HELD if (handler := signal.getsignal(held)) is not None}
    try:
        with ExitStack() as masked:
            _mask(masked)
            for held in handlers:
                signal.signal(held, lambda number, _: came.append(number))
        yield
    finally:
        with ExitStack() as each:
            masked = each.enter_context(ExitStack())
            _mask(masked)
            for held, handler in handlers.items():
                signal.signal(held, handler)
            for number in reversed(dict.fromkeys(came)):
                each.callback(signal.raise_signal, number)
            each.push(masked.pop_all())


def _mask(until: ExitStack) -> None:
    """Let none of the signals come, so that no handler which raises leaves some of ours in their places."""
    until.callback(signal.pthread_sigmask, signal.SIG_SETMASK, signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
