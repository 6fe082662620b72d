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
    for held in handlers:
        signal.signal(held, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for held, handler in handlers.items():
            signal.signal(held, handler)
        with ExitStack() as each:
            for number in reversed(dict.fromkeys(came)):
                each.callback(signal.raise_signal, number)
