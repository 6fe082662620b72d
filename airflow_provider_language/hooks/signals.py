"""Holds back the signals that end a task, for the moment in which ending it would lose a job."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HELD = (signal.SIGTERM, signal.SIGALRM)
"""What Airflow ends a task with: a kill, and ``execution_timeout``."""


@contextmanager
def signals_held() -> Iterator[None]:
    """Let what is within end first: a job whose id is not written down yet can be cancelled by nobody.

    A signal that came in between is raised afterwards, and handled as Airflow handles it. Only the main
    thread of a process handles signals, so nothing is done in another one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = {held: signal.signal(held, lambda number, _: came.append(number)) for held in HELD}
    try:
        yield
    finally:
        for held, handler in handlers.items():
            signal.signal(held, handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)
