"""Gates: requests go as the budget allows."""

from __future__ import annotations

import asyncio
import threading

import pytest

from airflow_provider_language.protocol.pacing.budgets import RequestBudget
from airflow_provider_language.protocol.pacing.limits import Limits
from airflow_provider_language.protocol.pacing.operations import Operation
from airflow_provider_language.protocol.wire import NoReply, Request, Response
from airflow_provider_language.transports.gates import AsyncGate, ThreadGate
from tests.interruptions import interrupted_everywhere

NOW = 1_000_000.0
SUBMISSION = Request("POST", "/language/analyze-text/jobs", repeatable=False)
SUBMIT = Operation.of(SUBMISSION)


def look(number: int = 0) -> Request:
    return Request("GET", f"/language/analyze-text/jobs/job-{number}")


LOOK = Operation.of(look())


class Clock:
    """A clock that sleeping moves on; each turn of the loop lets the others run."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


class Service:
    """Answers at once, and remembers when it was asked what."""

    def __init__(self, clock: Clock, *replies: Response | NoReply) -> None:
        self.clock = clock
        self.replies = list(replies)
        self.seen: list[tuple[str, float]] = []

    def send(self, request: Request) -> Response | NoReply:
        self.seen.append((request.path.rpartition("/")[2], self.clock.now - NOW))
        return self.replies.pop(0) if self.replies else Response(200, {}, b"{}", self.clock.now)

    async def asend(self, request: Request) -> Response | NoReply:
        return self.send(request)


def refused(seconds: int) -> Response:
    return Response(429, {"retry-after": str(seconds)}, b"", NOW)


async def test_requests_beyond_the_limit_go_in_their_order_when_there_is_room() -> None:
    clock = Clock()
    service = Service(clock)
    gate = AsyncGate(RequestBudget(Limits(1000, 3)), clock=clock, sleep=clock.asleep)
    await asyncio.gather(*(gate.send(look(number), service.asend) for number in range(7)))
    assert [name for name, _ in service.seen] == [f"job-{number}" for number in range(7)]
    assert [at for _, at in service.seen] == pytest.approx([0, 0, 0, 60, 60, 60, 120])


def test_threads_keep_the_limit_too() -> None:
    clock = Clock()
    service = Service(clock)
    gate = ThreadGate(RequestBudget(Limits(1000, 3)), clock=clock, sleep=clock.sleep)
    threads = [threading.Thread(target=gate.send, args=(look(number), service.send)) for number in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(at for _, at in service.seen) == pytest.approx([0, 0, 0, 60, 60, 60, 120])


async def test_who_stands_in_line_makes_the_budget_tight() -> None:
    clock = Clock()
    service = Service(clock)
    budget = RequestBudget(Limits(1000, 10))
    gate = AsyncGate(budget, clock=clock, sleep=clock.asleep)
    line = [asyncio.ensure_future(gate.send(SUBMISSION, service.asend)) for _ in range(15)]
    await asyncio.sleep(0)
    assert len(budget.of(SUBMIT).queued) > 0
    assert budget.pressure(clock.now, 0) == 1.0
    await asyncio.gather(*line)
    assert not budget.of(SUBMIT).queued


async def test_looks_do_not_keep_submissions_waiting() -> None:
    clock = Clock()
    service = Service(clock)
    gate = AsyncGate(RequestBudget(Limits(1000, 1)), clock=clock, sleep=clock.asleep)
    for request in (look(), SUBMISSION):
        await gate.send(request, service.asend)
    assert [at for _, at in service.seen] == [0, 0]


async def test_a_refusal_of_one_stops_all_who_then_keep_their_distance() -> None:
    clock = Clock()
    service = Service(clock, refused(7))
    gate = AsyncGate(RequestBudget(Limits(1000, 10)), clock=clock, sleep=clock.asleep)
    for number in range(3):
        await gate.send(look(number), service.asend)
    assert [at for _, at in service.seen] == pytest.approx([0, 7, 7 + 60 / 5], abs=0.1)


async def test_who_is_cancelled_leaves_the_line_and_holds_nobody_up() -> None:
    clock = Clock()
    service = Service(clock)
    budget = RequestBudget(Limits(1000, 1))
    gate = AsyncGate(budget, clock=clock, sleep=clock.asleep)
    tasks = [asyncio.ensure_future(gate.send(look(number), service.asend)) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [name for name, _ in service.seen] == ["job-0", "job-3"]
    assert clock.now - NOW == pytest.approx(60)


async def test_a_request_that_is_cancelled_under_way_counts_as_sent() -> None:
    clock = Clock()
    budget = RequestBudget(Limits(1000, 1))
    gate = AsyncGate(budget, clock=clock, sleep=clock.asleep)

    async def never(_: Request) -> Response:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await gate.send(look(), never)
    assert budget.of(LOOK).wait(clock.now) == pytest.approx(60)


def test_a_request_that_breaks_in_a_thread_counts_as_sent() -> None:
    clock = Clock()
    budget = RequestBudget(Limits(1000, 1))

    def broken(_: Request) -> Response:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ThreadGate(budget, clock=clock, sleep=clock.sleep).send(SUBMISSION, broken)
    assert budget.of(SUBMIT).wait(clock.now) == pytest.approx(60)


def test_a_signal_that_comes_within_the_gate_may_send_by_it() -> None:
    """Airflow's handler runs in the very thread that it interrupts, and cancels the task's job."""
    clock = Clock()
    service = Service(clock)
    interrupted: list[Request] = []

    def interrupting() -> float:
        """A signal comes while the gate counts, once."""
        if not interrupted:
            interrupted.append(look(1))
            gate.send(look(1), service.send)
        return clock()

    gate = ThreadGate(RequestBudget(Limits(1000, 10)), clock=interrupting, sleep=clock.sleep)
    worker = threading.Thread(target=gate.send, args=(look(0), service.send), daemon=True)
    worker.start()
    worker.join(timeout=30)

    assert not worker.is_alive()
    assert [name for name, _ in service.seen] == ["job-1", "job-0"]


def test_threads_go_in_the_order_in_which_they_came() -> None:
    clock, gone = Clock(), threading.Event()
    service, budget = Service(clock), RequestBudget(Limits(1000, 1))

    def sleep(seconds: float) -> None:
        gone.wait(timeout=30)
        clock.sleep(seconds)

    gate = ThreadGate(budget, clock=clock, sleep=sleep)
    gate.send(look(0), service.send)
    threads = [
        threading.Thread(target=gate.send, args=(look(number), service.send)) for number in range(1, 33)
    ]
    for number, thread in enumerate(threads, 1):
        thread.start()
        while len(gate._lines[LOOK]) < number:
            thread.join(timeout=0)
    gone.set()
    for thread in threads:
        thread.join(timeout=30)

    assert [name for name, _ in service.seen] == [f"job-{number}" for number in range(33)]


@pytest.mark.parametrize("per_minute", [1_000_000, 1], ids=["at once", "after a wait"])
@pytest.mark.parametrize("reply", [None, refused(0)], ids=["answered", "refused"])
def test_whenever_a_handler_raises_nothing_goes_on_counting_and_nobody_is_held_up(
    per_minute: int, reply: Response | None
) -> None:
    clock = Clock()
    service = Service(clock)
    if reply is not None:
        service.replies = [reply] * 10_000
    budget = RequestBudget(Limits(1_000_000, per_minute))
    gate = ThreadGate(budget, clock=clock, sleep=clock.sleep)
    operation = budget.of(LOOK)

    def check() -> None:
        assert not operation.queued
        assert not operation.under_way
        assert not any(gate._lines.values())

    points = interrupted_everywhere(lambda: gate.send(look(), service.send), check)

    assert points > 40
    check()


def test_who_is_not_called_by_one_that_was_interrupted_looks_by_himself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    service, entered = Service(clock), threading.Event()
    budget = RequestBudget(Limits(1000, 1))

    def sleep(seconds: float) -> None:
        if not entered.is_set():
            entered.set()
            while len(gate._lines[LOOK]) < 2:
                pass
        clock.sleep(seconds)

    monkeypatch.setattr("airflow_provider_language.transports.gates.GLANCE", 0.01)
    gate = ThreadGate(budget, clock=clock, sleep=sleep)
    monkeypatch.setattr(gate, "_call_next", lambda _: None)
    gate.send(look(0), service.send)
    first = threading.Thread(target=gate.send, args=(look(1), service.send))
    first.start()
    entered.wait(timeout=30)
    gate.send(look(2), service.send)
    first.join(timeout=30)

    assert [name for name, _ in service.seen] == ["job-0", "job-1", "job-2"]


def test_a_signal_that_comes_to_one_who_stands_in_line_sends_when_its_thread_is_first() -> None:
    """The task's own request waits, and its handler sends another one of the same operation before it."""
    clock = Clock()
    service = Service(clock)
    budget = RequestBudget(Limits(1000, 1))
    interrupted: list[float] = []

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if not interrupted:
            interrupted.append(seconds)
            gate.send(look(2), service.send)

    gate = ThreadGate(budget, clock=clock, sleep=sleep)
    gate.send(look(0), service.send)
    worker = threading.Thread(target=gate.send, args=(look(1), service.send), daemon=True)
    worker.start()
    worker.join(timeout=30)

    assert [name for name, _ in service.seen] == ["job-0", "job-2", "job-1"]
    assert [at for _, at in service.seen] == pytest.approx([0, 60, 120])
