"""A deed is one step: neither a signal nor a cancellation comes between its notes and its request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from airflow_provider_language.protocol.pacing.budgets import RequestBudget
from airflow_provider_language.protocol.pacing.limits import Limits
from airflow_provider_language.protocol.wire import (
    Deed,
    Done,
    Flow,
    Keeping,
    NoReply,
    Obstacle,
    ReadRecord,
    Recorded,
    Reply,
    Request,
    Response,
    Unrecorded,
    WriteRecord,
    do,
)
from airflow_provider_language.transports import blocking, event_loop
from airflow_provider_language.transports.deeds import AsyncDeeds, Deeds, to_its_end
from airflow_provider_language.transports.gates import AsyncGate, ThreadGate
from tests.protocol.notebooks import AsyncMemoryNotebook, MemoryNotebook, pause

SUBMIT = Request("POST", "/language/analyze-text/jobs", repeatable=False)
ACCEPTED = Response(202, {}, b"", 9.0)
SENT, ANSWERED = {"sent": 5.0}, {"answered": 9.0}


def deed(over: dict[str, Any] | None = None) -> Deed:
    return Deed(SUBMIT, over, lambda at: {"sent": at}, lambda reply: {"answered": reply.at})


class Service:
    """Accepts what it is sent, and looks into the notebook meanwhile."""

    def __init__(self, notebook: MemoryNotebook) -> None:
        self.notebook = notebook
        self.found: list[Any] = []

    def send(self, request: Request) -> Response | NoReply:
        assert request is SUBMIT
        self.found.append(self.notebook.note)
        return ACCEPTED

    async def asend(self, request: Request) -> Response | NoReply:
        return self.send(request)


def asked(keeping: Keeping) -> Flow[Reply]:
    return (yield keeping)


def play_blocking(keeping: Keeping, service: Service) -> Reply:
    keep = Deeds(service.notebook, service.send, clock=lambda: 5.0)
    return blocking.play(asked(keeping), service.send, keep=keep)


def play_in_event_loop(keeping: Keeping, service: Service) -> Reply:
    keep = AsyncDeeds(AsyncMemoryNotebook(service.notebook), service.asend, clock=lambda: 5.0)
    return asyncio.run(event_loop.play(asked(keeping), service.asend, keep=keep))


Play = Callable[[Keeping, Service], Reply]


@pytest.fixture(params=[play_blocking, play_in_event_loop], ids=["blocking", "event_loop"])
def play(request: pytest.FixtureRequest) -> Play:
    chosen: Play = request.param
    return chosen


class TestSteps:
    def test_a_record_is_read(self, play: Play) -> None:
        assert play(ReadRecord(), Service(MemoryNotebook({"a": 1}))) == Recorded({"a": 1}, 0.0)

    def test_a_record_is_replaced(self, play: Play) -> None:
        service = Service(MemoryNotebook({"a": 1}))
        assert play(WriteRecord({"a": 2}, {"a": 1}), service) == Recorded({"a": 2}, 0.0)
        assert service.notebook.note == {"a": 2}

    def test_a_record_of_somebody_else_stays(self, play: Play) -> None:
        service = Service(MemoryNotebook({"b": 1}))
        assert play(WriteRecord({"a": 2}, {"a": 1}), service) == Unrecorded(Obstacle.OVERTAKEN)
        assert service.notebook.note == {"b": 1}

    def test_a_request_goes_between_its_notes(self, play: Play) -> None:
        service = Service(MemoryNotebook())
        assert play(deed(), service) == Done(ACCEPTED, ANSWERED)
        assert service.found == [SENT]
        assert service.notebook.written == [SENT, ANSWERED]

    @pytest.mark.parametrize("obstacle", Obstacle)
    def test_what_cannot_be_noted_before_is_not_sent(self, play: Play, obstacle: Obstacle) -> None:
        service = Service(MemoryNotebook(at={0: obstacle}))
        outcome = play(deed(), service)
        assert isinstance(outcome, Unrecorded)
        assert outcome.obstacle is obstacle
        assert service.found == []

    def test_what_cannot_be_noted_afterwards_is_told_with_the_answer(self, play: Play) -> None:
        service = Service(MemoryNotebook(at={1: Obstacle.STORE}))
        why = Unrecorded(Obstacle.STORE, "the disk is full")
        assert play(deed(), service) == Done(ACCEPTED, SENT, why)

    def test_a_note_of_somebody_else_meanwhile_stays(self, play: Play) -> None:
        service = Service(MemoryNotebook(at={1: {"b": 1}}))
        assert play(deed(), service) == Done(ACCEPTED, SENT, Unrecorded(Obstacle.OVERTAKEN))
        assert service.notebook.note == {"b": 1}


def test_a_flow_that_keeps_a_record_is_not_played_without_a_notebook() -> None:
    service = Service(MemoryNotebook())
    with pytest.raises(TypeError, match="Deed is played without a notebook"):
        blocking.play(asked(deed()), service.send)
    with pytest.raises(TypeError, match="ReadRecord is played without a notebook"):
        asyncio.run(event_loop.play(asked(ReadRecord()), service.asend))


class Clock:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.now += seconds


class TestBudget:
    """The first note tells when the request was sent: after the wait for the budget, not before."""

    def test_a_worker_waits_before_the_first_note_and_holds_signals_only_afterwards(self) -> None:
        clock, notebook = Clock(), MemoryNotebook()
        held: list[float] = []

        @contextmanager
        def moment() -> Iterator[None]:
            held.append(clock.now)
            yield
            assert "answered" in notebook.note

        gate = ThreadGate(RequestBudget(Limits(1000, 1)), clock=clock, sleep=clock.sleep)
        keep = Deeds(
            notebook,
            Service(notebook).send,
            gate=lambda send: lambda request: gate.send(request, send),
            held=moment,
            clock=clock,
        )
        assert [keep(deed(notebook.note)) for _ in range(2)] == [Done(ACCEPTED, ANSWERED)] * 2
        sent = [note["sent"] for note in notebook.written if "sent" in note]
        assert sent == held == pytest.approx([1000.0, 1060.0], abs=1)

    def test_an_event_loop_waits_before_the_first_note(self) -> None:
        clock, notebook = Clock(), MemoryNotebook()
        gate = AsyncGate(RequestBudget(Limits(1000, 1)), clock=clock, sleep=clock.asleep)

        async def run() -> list[Reply]:
            keep = AsyncDeeds(
                AsyncMemoryNotebook(notebook),
                Service(notebook).asend,
                gate=lambda send: lambda request: gate.send(request, send),
                clock=clock,
            )
            return [await keep(deed(notebook.note)) for _ in range(2)]

        assert asyncio.run(run()) == [Done(ACCEPTED, ANSWERED)] * 2
        sent = [note["sent"] for note in notebook.written if "sent" in note]
        assert sent == pytest.approx([1000.0, 1060.0], abs=1)

    async def test_who_is_cancelled_in_the_line_has_done_nothing(self) -> None:
        notebook = MemoryNotebook()
        service = Service(notebook)
        waiting = asyncio.Event()

        async def never(_: float) -> None:
            waiting.set()
            await asyncio.Event().wait()

        gate = AsyncGate(RequestBudget(Limits(1000, 1)), clock=lambda: 0.0, sleep=never)
        await gate.send(SUBMIT, service.asend)
        keep = AsyncDeeds(
            AsyncMemoryNotebook(notebook),
            service.asend,
            gate=lambda send: lambda request: gate.send(request, send),
        )
        task = asyncio.ensure_future(event_loop.play(asked(deed()), service.asend, keep=keep))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (len(service.found), notebook.written) == (1, [])


class TestCancellation:
    SUBMISSIONS = 200

    async def test_each_of_200_submissions_cancelled_midway_is_accepted_and_noted_or_neither(self) -> None:
        accepted, noted = await cancelled_midway(self.SUBMISSIONS, AsyncDeeds)
        assert noted == accepted
        assert 100 < accepted <= self.SUBMISSIONS

    async def test_without_the_shield_more_are_accepted_than_noted_so_that_the_test_can_fail(self) -> None:
        accepted, noted = await cancelled_midway(self.SUBMISSIONS, Unshielded)
        assert noted < accepted - 10

    async def test_who_is_cancelled_in_a_deed_ends_after_it_however_often_it_is_cancelled(self) -> None:
        began, may_end = asyncio.Event(), asyncio.Event()
        done: list[str] = []

        async def work() -> None:
            began.set()
            await may_end.wait()
            done.append("work")

        task = asyncio.ensure_future(to_its_end(work()))
        await began.wait()
        for _ in range(3):
            task.cancel()
            await pause(3)
            assert not task.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert done == ["work"]

    async def test_what_goes_wrong_in_it_comes_out(self) -> None:
        async def work() -> None:
            raise RuntimeError("broken")

        with pytest.raises(RuntimeError, match="broken"):
            await to_its_end(work())


class Unshielded:
    """A deed as a plain coroutine does it, which a cancellation breaks off at any place."""

    def __init__(
        self, notebook: AsyncMemoryNotebook, send: Callable[[Request], Awaitable[Response | NoReply]]
    ) -> None:
        self._notebook = notebook
        self._send = send

    async def __call__(self, step: Keeping) -> Done:
        assert isinstance(step, Deed)
        await self._notebook.write(WriteRecord(step.before(0.0), step.over))
        reply = await self._send(step.request)
        await self._notebook.write(WriteRecord(step.after(reply), step.before(0.0)))
        return Done(reply, step.after(reply))


async def cancelled_midway(number: int, make: Callable[..., Any]) -> tuple[int, int]:
    """Play so many submissions, and cancel each at some moment.

    Returns:
        How many the service accepted, and how many are written down as answered when all players have ended.
    """
    random = Random(11)  # noqa: S311 - repeatable, no secret
    accepted: list[Request] = []
    notebooks = [MemoryNotebook() for _ in range(number)]

    async def send(request: Request) -> Response | NoReply:
        await pause(random.randrange(8))
        accepted.append(request)
        await pause(random.randrange(8))
        return ACCEPTED

    async def submission(notebook: MemoryNotebook) -> None:
        keep = make(AsyncMemoryNotebook(notebook, lambda: random.randrange(4)), send)
        await event_loop.play(do(deed()), send, keep=keep)

    async def cancelled(task: asyncio.Task[None]) -> None:
        await pause(random.randrange(30))
        task.cancel()

    players = [asyncio.ensure_future(submission(notebook)) for notebook in notebooks]
    await asyncio.gather(*map(cancelled, players))
    ended = await asyncio.gather(*players, return_exceptions=True)
    assert any(isinstance(one, asyncio.CancelledError) for one in ended)
    return len(accepted), sum("answered" in (notebook.note or {}) for notebook in notebooks)
