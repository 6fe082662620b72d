"""Gates: let requests through as a resource's budget allows, in threads and in an event loop.

Requests of one operation stand in line before the gate, and the first of the line alone watches the budget.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

from airflow_provider_language.protocol.pacing.budgets import OperationBudget, RequestBudget
from airflow_provider_language.protocol.pacing.lessons import learn
from airflow_provider_language.protocol.pacing.operations import Operation
from airflow_provider_language.protocol.wire import NoReply, Request, Response

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
        self._lines: defaultdict[Operation, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send(
        self, request: Request, send: Callable[[Request], Awaitable[Response | NoReply]]
    ) -> Response | NoReply:
        """Carry a request when its turn has come.

        Args:
            request: what to send.
            send: carries it.
        """
        operation = Operation.of(request)
        budget, ticket = self._budget.of(operation), object()
        budget.queued.add(ticket)
        try:
            async with self._lines[operation]:
                while (pause := budget.wait(self._clock())) > 0:
                    await self._sleep(min(pause, GLANCE))
                budget.begin(ticket, self._clock())
        finally:
            budget.queued.discard(ticket)
        try:
            reply = await send(request)
        finally:
            budget.end(ticket, self._clock())
        learn(budget, reply, self._clock())
        return reply


class _Ticket:
    """The place of a request in a line of threads."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.called: SimpleQueue[None] = SimpleQueue()


_Line = OrderedDict[_Ticket, None]


class ThreadGate:
    """The gate of threads; first come, first served.

    A signal may interrupt a thread anywhere within, and its handler may raise: Airflow ends a task so. What
    takes a ticket away is therefore the first call of a ``finally``, and a call into C, amid which no handler
    runs. The handler may also come again in the same thread, to cancel the task's job: a turn is that of a
    thread.

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
        self._lines: defaultdict[Operation, _Line] = defaultdict(OrderedDict)

    def send(self, request: Request, send: Callable[[Request], Response | NoReply]) -> Response | NoReply:
        """Carry a request when its turn has come.

        Args:
            request: what to send.
            send: carries it.
        """
        operation = Operation.of(request)
        budget, line, ticket = self._budget.of(operation), self._lines[operation], _Ticket()
        under_way = budget.under_way
        try:
            self._queue(budget, line, ticket)
            try:
                reply = send(request)
            finally:
                with self._counting:
                    budget.end(ticket, self._clock())
        finally:
            under_way.discard(ticket)
        with self._counting:
            learn(budget, reply, self._clock())
        return reply

    def _queue(self, budget: OperationBudget, line: _Line, ticket: _Ticket) -> None:
        queued = budget.queued
        try:
            queued.add(ticket)
            self._stand_in(line, budget, ticket)
        finally:
            queued.discard(ticket)

    def _stand_in(self, line: _Line, budget: OperationBudget, ticket: _Ticket) -> None:
        """Wait until the request is counted as under way."""
        try:
            line[ticket] = None
            while (pause := self._wait_or_begin(line, budget, ticket)) != 0:
                if pause is not None:
                    self._sleep(min(pause, GLANCE))
                    continue
                # Whom an interruption of the one before leaves asleep looks by himself.
                with suppress(Empty):
                    ticket.called.get(timeout=GLANCE)
        finally:
            line.pop(ticket, None)
            self._call_next(line)

    def _wait_or_begin(self, line: _Line, budget: OperationBudget, ticket: _Ticket) -> float | None:
        """Seconds until the budget allows the request; None while others are before it."""
        with self._counting:
            if next(iter(line)).thread != ticket.thread:
                return None
            pause = budget.wait(now := self._clock())
            if pause == 0:
                budget.begin(ticket, now)
            return pause

    def _call_next(self, line: _Line) -> None:
        with self._counting:
            if line:
                next(iter(line)).called.put(None)
