"""The end of an event loop in a worker: a signal asks for it, and is handled when the loop has ended."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

HELD = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)
"""What a task is ended with: a kill, a user's interruption of ``dags test``, and ``execution_timeout``."""


@contextmanager
def signals_told(tell: Callable[[int], None]) -> Iterator[None]:
    """Tell of signals while a loop runs, and handle them afterwards, as Airflow handles them.

    An exception that a handler raises amid a loop lands in whatever runs then, or is lost. So the handlers
    only tell; those of Airflow are in their places again before what came is raised, each signal once.

    Args:
        tell: is told the number of a signal, amid anything: it must do no more than wake a loop.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # where no handler runs
        return
    came: list[int] = []

    def handle(number: int, _: Any) -> None:
        came.append(number)
        tell(number)

    with ExitStack() as afterwards:
        for held in HELD:
            before = signal.getsignal(held)
            if before is not None:
                afterwards.callback(signal.signal, held, before)
                signal.signal(held, handle)
        # Called first, as the last one that was pushed; by then the others are to be back.
        handlers = afterwards.pop_all()
        try:
            yield
        finally:
            with ExitStack() as raised:
                for number in reversed(dict.fromkeys(came)):
                    raised.callback(signal.raise_signal, number)
                handlers.close()
