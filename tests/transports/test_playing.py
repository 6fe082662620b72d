"""Both transports play a flow alike: in order, to its result, and closing it however it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import aiohttp
import pytest
import requests

from airflow_provider_language.documents import Document
from airflow_provider_language.exceptions import ResourceNotFoundError
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.status import State
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.wire import Awake, Flow, NoReply, Reply, Request, Response, Sleep
from airflow_provider_language.transports import blocking, event_loop
from tests.protocol.answers import HANDLE, LOCATION, job_body
from tests.protocol.playing import STEADY
from tests.transports.servers import Connection, answering, http, serving

T = TypeVar("T")
LOOK = Request("GET", "/look")


class World:
    """A clock, and a service that answers every request with its next answer."""

    def __init__(self, *answers: Response | NoReply | BaseException) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        self.sent: list[Request] = []
        self._answers = list(answers)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    def send(self, request: Request) -> Response | NoReply:
        self.sent.append(request)
        reply = self._answers.pop(0)
        if isinstance(reply, BaseException):
            raise reply
        return reply

    async def send_async(self, request: Request) -> Response | NoReply:
        return self.send(request)


def play_blocking(flow: Flow[T], world: World) -> T:
    return blocking.play(flow, world.send, clock=world.clock, sleep=world.sleep)


def play_in_event_loop(flow: Flow[T], world: World) -> T:
    return asyncio.run(event_loop.play(flow, world.send_async, clock=world.clock, sleep=world.sleep_async))


Play = Callable[[Flow[Any], World], Any]
FINE = Response(200, {}, b"{}", 0.0)


@pytest.fixture(params=[play_blocking, play_in_event_loop], ids=["blocking", "event_loop"])
def play(request: pytest.FixtureRequest) -> Play:
    chosen: Play = request.param
    return chosen


class Recorder:
    """A flow that takes down what it is sent, and whether it is closed."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.closed = False

    def flow(self, *steps: Request | Sleep, then: BaseException | None = None) -> Flow[str]:
        try:
            for step in steps:
                self.replies.append((yield step))
            if then is not None:
                raise then
            return "done"
        finally:
            self.closed = True


def test_each_step_is_answered_in_order_and_the_result_returned(play: Play) -> None:
    recorder, world = Recorder(), World(FINE, NoReply("lost", True, 0.0))
    assert play(recorder.flow(LOOK, Sleep(5.0), LOOK), world) == "done"
    assert recorder.replies == [FINE, Awake(105.0), NoReply("lost", True, 0.0)]
    assert (world.sent, world.slept) == ([LOOK, LOOK], [5.0])


def test_a_flow_without_steps_has_its_result_at_once(play: Play) -> None:
    assert play(Recorder().flow(), World()) == "done"


def test_what_a_flow_raises_comes_out(play: Play) -> None:
    recorder = Recorder()
    with pytest.raises(ResourceNotFoundError, match="Gone"):
        play(recorder.flow(LOOK, then=ResourceNotFoundError("Gone.")), World(FINE))
    assert recorder.closed


def test_a_flow_is_closed_when_a_transport_breaks(play: Play) -> None:
    recorder = Recorder()
    flow = recorder.flow(LOOK, LOOK)
    with pytest.raises(KeyboardInterrupt):
        play(flow, World(FINE, KeyboardInterrupt()))
    assert recorder.closed
    assert recorder.replies == [FINE]


def test_a_whole_wait_is_played(play: Play) -> None:
    running = Response(200, {}, json.dumps(job_body("running")).encode(), 100.0)
    done = Response(200, {}, json.dumps(job_body("succeeded")).encode(), 100.0)
    world = World(running, NoReply("lost", True, 100.0), done)
    settings = replace(STEADY, pace=Pace(first=1.0, interval=1.5))
    assert play(flows.wait(HANDLE, settings), world).state is State.SUCCEEDED
    assert world.slept == [0.0, 1.0, 1.5, 1.0]


@pytest.mark.parametrize("step", [LOOK, Sleep(3600.0)], ids=["in a request", "in a sleep"])
async def test_a_flow_is_closed_when_its_task_is_cancelled(step: Request | Sleep) -> None:
    recorder, reached = Recorder(), asyncio.Event()

    async def never(_: object) -> Any:
        reached.set()
        await asyncio.Event().wait()

    task = asyncio.ensure_future(event_loop.play(recorder.flow(step), never, sleep=never))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert recorder.closed
    assert recorder.replies == []


async def test_a_request_under_way_ends_when_its_task_is_cancelled() -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    def keep_waiting(connection: Connection) -> None:
        connection.read()
        loop.call_soon_threadsafe(arrived.set)
        connection.read()

    with serving(keep_waiting) as server:
        async with aiohttp.ClientSession() as session:
            wire = event_loop.SessionWire(session, server.url, (5.0, 5.0), {})
            recorder = Recorder()
            task = asyncio.ensure_future(event_loop.play(recorder.flow(LOOK), wire.send))
            await arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert recorder.closed


def answers_of_a_job() -> list[bytes]:
    running, done = (json.dumps(job_body(status)).encode() for status in ("running", "succeeded"))
    return [
        http("202 Accepted", Operation_Location=LOCATION),
        http("200 OK", running),
        http("200 OK", done),
    ]


def submit_and_wait() -> Flow[State]:
    submission = Submission((Document("1", "A text."),), tasks_from(["KeyPhraseExtraction"]))
    handle = yield from flows.submit(submission, STEADY)
    return (yield from flows.wait(handle, STEADY)).state


def in_order(contents: list[bytes]) -> Callable[[Connection], None]:
    def act(connection: Connection) -> None:
        for content in contents:
            connection.read()
            connection.write(content)
        connection.read()

    return act


def test_a_job_is_submitted_and_waited_for_over_requests() -> None:
    world = World()
    with serving(in_order(answers_of_a_job())) as server, requests.Session() as session:
        wire = blocking.SessionWire(session, server.url, (5.0, 5.0), clock=world.clock)
        state = blocking.play(submit_and_wait(), wire.send, clock=world.clock, sleep=world.sleep)
    assert state is State.SUCCEEDED
    assert [seen.method for seen in server.seen] == ["POST", "GET", "GET"]


async def test_a_job_is_submitted_and_waited_for_over_aiohttp() -> None:
    world = World()
    with serving(in_order(answers_of_a_job())) as server:
        async with aiohttp.ClientSession() as session:
            wire = event_loop.SessionWire(session, server.url, (5.0, 5.0), {}, clock=world.clock)
            state = await event_loop.play(
                submit_and_wait(), wire.send, clock=world.clock, sleep=world.sleep_async
            )
    assert state is State.SUCCEEDED
    assert [seen.method for seen in server.seen] == ["POST", "GET", "GET"]


def test_a_session_s_proxies_of_the_environment_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(answering(http("200 OK", b"{}"))) as proxy, requests.Session() as session:
        monkeypatch.setenv("http_proxy", proxy.url)
        reply = blocking.SessionWire(session, "http://language.test", (5.0, 5.0)).send(LOOK)
    assert isinstance(reply, Response)
    assert [seen.target for seen in proxy.seen] == ["http://language.test/look"]
