"""Deeds: a request between its two notes, with nothing in between, in a worker and in an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NoReturn, Protocol, TypeVar

from airflow_provider_language.protocol.wire import (
    Deed,
    Done,
    Keeping,
    NoReply,
    ReadRecord,
    Recorded,
    Request,
    Response,
    Unrecorded,
    WriteRecord,
)

T = TypeVar("T")
Send = Callable[[Request], "Response | NoReply"]
AsyncSend = Callable[[Request], Awaitable["Response | NoReply"]]
Keep = Callable[[Keeping], "Recorded | Unrecorded | Done"]
AsyncKeep = Callable[[Keeping], Awaitable["Recorded | Unrecorded | Done"]]


def no_record(step: Keeping) -> NoReturn:
    """What a player does about a record where nobody said where it lies."""
    raise TypeError(f"{type(step).__name__} is played without a notebook")


class Notebook(Protocol):
    """Where a flow's record lies."""

    def read(self) -> Recorded | Unrecorded:
        """What is recorded."""

    def write(self, wish: WriteRecord) -> Recorded | Unrecorded:
        """Replace the note, unless it is not the one that is to be replaced."""


class AsyncNotebook(Protocol):
    """Where a flow's record lies, for an event loop."""

    async def read(self) -> Recorded | Unrecorded:
        """What is recorded."""

    async def write(self, wish: WriteRecord) -> Recorded | Unrecorded:
        """Replace the note, unless it is not the one that is to be replaced."""


class _Prevented(Exception):  # noqa: N818 - no error: it leaves the gate, as nothing was sent
    def __init__(self, why: Unrecorded) -> None:
        super().__init__(why)
        self.why = why


class Deeds:
    """Does what a flow that keeps a record wants done.

    Args:
        notebook: where the record lies.
        send: carries a request.
        gate: gives a way to send that goes as the budget allows.
        held: what a deed is done in; it keeps signals away.
        clock: the time, in seconds since the epoch.
    """

    def __init__(
        self,
        notebook: Notebook,
        send: Send,
        *,
        gate: Callable[[Send], Send] = lambda send: send,
        held: Callable[[], AbstractContextManager[None]] = nullcontext,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._notebook = notebook
        self._send = send
        self._gate = gate
        self._held = held
        self._clock = clock

    def __call__(self, step: Keeping) -> Recorded | Unrecorded | Done:
        """Do one step."""
        if isinstance(step, ReadRecord):
            return self._notebook.read()
        if isinstance(step, WriteRecord):
            return self._notebook.write(step)
        done: list[Done] = []

        def let_through(_: Request) -> Response | NoReply:
            with self._held():
                done.append(self._do(step))
            return done[0].reply

        try:
            self._gate(let_through)(step.request)
        except _Prevented as prevented:
            return prevented.why
        return done[0]

    def _do(self, deed: Deed) -> Done:
        before = self._notebook.write(WriteRecord(deed.before(self._clock()), deed.over))
        if isinstance(before, Unrecorded):
            raise _Prevented(before)
        reply = self._send(deed.request)
        return _done(reply, before, self._notebook.write(WriteRecord(deed.after(reply), before.note)))


class AsyncDeeds:
    """Does what a flow that keeps a record wants done, in an event loop.

    A deed is done to its end though its player is cancelled; the player ends after it. So whoever ends the
    loop, or closes the session, waits for the players that it cancels.

    Args:
        notebook: where the record lies.
        send: carries a request.
        gate: gives a way to send that goes as the budget allows; who is cancelled there has done nothing.
        clock: the time, in seconds since the epoch.
    """

    def __init__(
        self,
        notebook: AsyncNotebook,
        send: AsyncSend,
        *,
        gate: Callable[[AsyncSend], AsyncSend] = lambda send: send,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._notebook = notebook
        self._send = send
        self._gate = gate
        self._clock = clock

    async def __call__(self, step: Keeping) -> Recorded | Unrecorded | Done:
        """Do one step."""
        if isinstance(step, ReadRecord):
            return await self._notebook.read()
        if isinstance(step, WriteRecord):
            return await self._notebook.write(step)
        done: list[Done] = []

        async def let_through(_: Request) -> Response | NoReply:
            done.append(await to_its_end(self._do(step)))
            return done[0].reply

        try:
            await self._gate(let_through)(step.request)
        except _Prevented as prevented:
            return prevented.why
        return done[0]

    async def _do(self, deed: Deed) -> Done:
        before = await self._notebook.write(WriteRecord(deed.before(self._clock()), deed.over))
        if isinstance(before, Unrecorded):
            raise _Prevented(before)
        reply = await self._send(deed.request)
        return _done(reply, before, await self._notebook.write(WriteRecord(deed.after(reply), before.note)))


def _done(reply: Response | NoReply, before: Recorded, after: Recorded | Unrecorded) -> Done:
    if isinstance(after, Unrecorded):
        return Done(reply, before.note, after)
    return Done(reply, after.note)


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Await what is not to be broken off: who is cancelled meanwhile, however often, ends after it.

    ``asyncio.shield`` alone would let the canceller go on, and the loop end, while the work is under way.

    Raises:
        CancelledError: whoever awaits it was cancelled.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:  # noqa: PERF203 - once for each cancellation
            cancelled = error
    if cancelled is not None:
        raise cancelled
    return task.result()
