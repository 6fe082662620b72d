"""Gates: let requests through as a resource's budget allows, in threads and in an event loop.

Requests of one operation stand in line before the gate, and the first of the line alone watches the budget.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from airflow_provider_language.analysis.budgets import Operation, RequestBudget, learn, operation_of
from airflow_provider_language.analysis.wire import NoReply, Request, Response

GLANCE = 1.0
"""Seconds after which the first of a line looks at the budget again: an answer may have changed it."""


class AsyncGate:
    """The gate of an event loop; first come, first served, and who is cancelled leaves the line.

    Args:
        budget: of the resource that all requests go to.
        clock: the time, in seconds since the epoch.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        budget: RequestBudget,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._budget = budget
        self._clock = clock
        self._sleep = sleep
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send(
        self, request: Request, send: Callable[[Request], Awaitable[Response | NoReply]]
    ) -> Response | NoReply:
        """Carry a request when its turn has come.

        Args:
            request: what to send.
            send: carries it.
        """
        name = operation_of(request)
        operation = self._budget.of(name)
        operation.queued += 1
        try:
            async with self._lines[name]:
                while (pause := operation.wait(self._clock())) > 0:
                    await self._sleep(min(pause, GLANCE))
                operation.begin(self._clock())
        finally:
            operation.queued -= 1
        try:
            reply = await send(request)
        except BaseException:
            operation.end(self._clock())
            raise
        learn(operation, reply, self._clock())
        return reply


class ThreadGate:
    """The gate of threads; the line is in the order in which the system wakes them.

    A thread may come again while it is within: Airflow 3 ends a task by a signal, whose handler cancels the
    task's job in the very thread that it interrupts.

    Args:
        budget: of the resource that all requests go to.
        clock: the time, in seconds since the epoch.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        budget: RequestBudget,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._budget = budget
        self._clock = clock
        self._sleep = sleep
        self._counting = threading.RLock()
        self._lines: defaultdict[str, AbstractContextManager[bool]] = defaultdict(threading.RLock)

    def send(self, request: Request, send: Callable[[Request], Response | NoReply]) -> Response | NoReply:
        """Carry a request when its turn has come.

        Args:
            request: what to send.
            send: carries it.
        """
        name = operation_of(request)
        with self._counting:
            operation, line = self._budget.of(name), self._lines[name]
            operation.queued += 1
        try:
            with line:
                while (pause := self._wait_or_begin(operation)) > 0:
                    self._sleep(min(pause, GLANCE))
        finally:
            with self._counting:
                operation.queued -= 1
        try:
            reply = send(request)
        except BaseException:
            with self._counting:
                operation.end(self._clock())
            raise
        with self._counting:
            learn(operation, reply, self._clock())
        return reply

    def _wait_or_begin(self, operation: Operation) -> float:
        with self._counting:
            now = self._clock()
            pause = operation.wait(now)
            if pause <= 0:
                operation.begin(now)
            return pause
