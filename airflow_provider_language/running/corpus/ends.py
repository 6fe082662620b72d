"""The end of an event loop in a worker: a signal asks for it, and is handled when the loop has ended."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")

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


def driven(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]], is_killed: Callable[[], bool]) -> T:
    """Drive an event loop of its own; a signal stops what runs in it, and is handled after it.

    Args:
        work: what runs, which ends soon after the event that it is given is set.
        is_killed: whether the task was killed by something that has not ended it.
    """
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()

    def tell(_: int) -> None:
        with suppress(RuntimeError):  # the loop is closed, and has ended by itself
            loop.call_soon_threadsafe(stopping.set)

    with signals_told(tell):
        if is_killed():
            stopping.set()
        try:
            return loop.run_until_complete(work(stopping))
        finally:
            loop.run_until_complete(_no_tasks_left())
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()  # which waits for no thread: a storage may hang, and each file is whole or not


async def _no_tasks_left() -> None:
    """Let what outlives its users, such as a session that lingers, end with the loop."""
    tasks = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
