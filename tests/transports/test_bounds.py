"""No answer holds its reader for ever, none fills its memory, and none is an exception."""

from __future__ import annotations

import gzip
import random
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from airflow_provider_language.documents import Document
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.wire import NoReply, Request, Response
from airflow_provider_language.transports import blocking, event_loop
from airflow_provider_language.transports.bodies import LARGEST
from airflow_provider_language.transports.connections import Bound
from tests.protocol.answers import JOB_ID, LOCATION
from tests.protocol.playing import STEADY
from tests.transports.carriers import (
    CARRIERS,
    Carry,
    HurriedTime,
    Options,
    carry_blocking,
    carry_in_event_loop,
)
from tests.transports.servers import Act, Connection, answering, http, serving, write_close

LOOK = Request("GET", "/look")
SUBMIT = Request("POST", "/jobs", body={"text": "hello"}, repeatable=False)
ACCEPTED = f"HTTP/1.1 202 Accepted\r\nOperation-Location: {LOCATION}\r\n".encode()
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
MUCH = 16 * 2**20
"""Bytes that no buffer between a server and a client takes, so that the client has read something of them."""
HOURS = 10_000.0


@pytest.fixture(params=CARRIERS)
def carry(request: pytest.FixtureRequest) -> Carry:
    chosen: Carry = CARRIERS[request.param]
    return chosen


def endless(passes: HurriedTime, head: bytes, again: bytes, much: int = MUCH) -> Act:
    """Answer without an end, and let time pass once the client is amid it."""

    def act(connection: Connection) -> None:
        connection.read()
        connection.write(head)
        for _ in range(much // len(again)):
            connection.write(again)
        passes.pass_(HOURS)
        while True:
            connection.write(again)

    return act


def reply_of(carry: Carry, act: Act, passes: HurriedTime, request: Request = SUBMIT) -> Response | NoReply:
    with serving(act) as server:
        (reply,) = carry(server.url, request, options=Options(timeout=(5.0, 25.0), time=passes))
    return reply


@pytest.mark.parametrize(
    "again",
    [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"],
    ids=["continue", "early hints"],
)
def test_interim_answers_without_an_end_are_given_up(carry: Carry, again: bytes) -> None:
    passes = HurriedTime()
    reply = reply_of(carry, endless(passes, b"", again, much=100 * len(again)), passes)
    assert isinstance(reply, NoReply)
    assert (reply.sent, reply.lasting) == (True, False)


def test_a_head_that_comes_byte_by_byte_is_given_up(carry: Carry) -> None:
    passes = HurriedTime()

    def act(connection: Connection) -> None:
        connection.read()
        for byte in b"HTTP/1.1 200 OK\r\nX: ":
            connection.write(bytes([byte]))
            passes.pass_(4.0)
        connection.read()

    reply = reply_of(carry, act, passes)
    assert isinstance(reply, NoReply)
    assert reply.sent


@pytest.mark.parametrize(
    ("head", "again"),
    [
        (b"\r\n", b"x" * 0x10000),
        (b"Content-Length: 999999999\r\n\r\n", b"x" * 0x10000),
        (b"Transfer-Encoding: chunked\r\n\r\n", CHUNK),
    ],
    ids=["no length", "a length", "chunks"],
)
@pytest.mark.parametrize("request_", [LOOK, SUBMIT], ids=["look", "submit"])
def test_a_body_without_an_end_is_given_up_and_the_head_is_an_answer(
    carry: Carry, head: bytes, again: bytes, request_: Request
) -> None:
    passes = HurriedTime()
    reply = reply_of(carry, endless(passes, ACCEPTED + head, again), passes, request_)
    assert isinstance(reply, Response)
    assert (reply.status, reply.body, reply.headers["operation-location"]) == (202, b"", LOCATION)
    assert "not whole within 30 s" in reply.cut


def test_a_server_that_reads_byte_by_byte_is_given_up(carry: Carry) -> None:
    passes = HurriedTime()

    def act(connection: Connection) -> None:
        connection.sock.recv(1000)
        passes.pass_(HOURS)
        while connection.sock.recv(2**16):
            pass

    large = Request("POST", "/jobs", body={"text": "x" * (4 * MUCH)}, repeatable=False)
    reply = reply_of(carry, act, passes, large)
    assert isinstance(reply, NoReply)
    assert reply.sent


def test_time_that_passes_between_two_requests_is_not_theirs(carry: Carry) -> None:
    passes = HurriedTime()

    def act(connection: Connection) -> None:
        while connection.read() is not None:
            connection.write(http("200 OK", b"{}"))
            passes.pass_(HOURS)

    with serving(act) as server:
        replies = carry(server.url, *[LOOK] * 3, options=Options(time=HurriedTime()))
    assert [isinstance(reply, Response) and reply.status for reply in replies] == [200, 200, 200]


@pytest.mark.parametrize("interim", [b"100 Continue", b"102 Processing", b"103 Early Hints"])
def test_interim_answers_are_passed_over(carry: Carry, interim: bytes) -> None:
    content = b"HTTP/1.1 " + interim + b"\r\nLink: </x>\r\n\r\n"
    with serving(answering(3 * content + http("200 OK", b'{"a":1}'))) as server:
        first, second = carry(server.url, SUBMIT, LOOK)
    assert isinstance(first, Response)
    assert isinstance(second, Response)
    assert [first.payload, second.payload] == [{"a": 1}, {"a": 1}]


CUT: dict[str, bytes] = {
    "a body that breaks off": b"Content-Length: 100\r\n\r\n{",
    "a chunk that breaks off": b"Transfer-Encoding: chunked\r\n\r\n9\r\n{\r\n",
    "a chunk of less than nothing": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n-2\r\n{}\r\n0\r\n\r\n",
    "a chunk of no size": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nmany\r\n{}\r\n0\r\n\r\n",
    "no compression": b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
    "half a compression": b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n" + gzip.compress(b"{}")[:9],
    "a foreign encoding": b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
}
BOMB = gzip.compress(bytes(LARGEST + 1))
CUT["a body that swells"] = f"Content-Encoding: gzip\r\nContent-Length: {len(BOMB)}\r\n\r\n".encode() + BOMB


@pytest.mark.parametrize("rest", CUT.values(), ids=CUT)
def test_an_answer_whose_body_cannot_be_had_is_an_answer_still(carry: Carry, rest: bytes) -> None:
    with serving(write_close(ACCEPTED + rest)) as server:
        (reply,) = carry(server.url, SUBMIT)
    if carry is carry_in_event_loop and isinstance(reply, NoReply):
        # aiohttp reads head and body in one go, and submits no job here.
        assert "chunk" in reply.reason
        assert reply.sent
        return
    assert isinstance(reply, Response)
    assert (reply.status, reply.headers["operation-location"]) == (202, LOCATION)
    assert (reply.body, reply.payload) == (b"", None)
    assert reply.cut


@pytest.mark.parametrize("rest", CUT.values(), ids=CUT)
def test_a_job_whose_acceptance_breaks_off_is_not_lost(rest: bytes) -> None:
    flow = flows.submit(Submission((Document("1", "A text."),), tasks_from(["KeyPhraseExtraction"])), STEADY)
    with serving(write_close(ACCEPTED + rest)) as server:
        (reply,) = carry_blocking(server.url, next(flow))  # type: ignore[arg-type]
    with pytest.raises(StopIteration) as end:
        flow.send(reply)
    assert end.value.value.job_id == JOB_ID


@pytest.mark.parametrize("rest", CUT.values(), ids=CUT)
def test_after_an_answer_that_is_cut_the_session_goes_on(carry: Carry, rest: bytes) -> None:
    # A server that closes without a word may be met by the next request before its end is.
    closing = ACCEPTED + b"Connection: close\r\n" + rest
    with serving(write_close(closing), answering(http("200 OK", b"{}"))) as server:
        _, second = carry(server.url, SUBMIT, LOOK)
    assert isinstance(second, Response)
    assert (second.payload, second.cut) == ({}, "")


def mutants(chance: random.Random, number: int) -> list[bytes]:
    """Answers to a submission, each with a few bytes or lines of it changed."""
    whole = ACCEPTED + b"Transfer-Encoding: chunked\r\nSet-Cookie: a=b; Path=/\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    odd = [b"-2", b"\r\n", b"\0", b"\xff\xfe", b"\x1b[31m", b": ", b"99999999999999999999", b"HTTP/", b"\n "]
    made = []
    for _ in range(number):
        mutant = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            begin = chance.randrange(len(mutant))
            end = min(len(mutant), begin + chance.choice([0, 1, 2, 20]))
            mutant[begin:end] = chance.choice([*odd, whole[begin:end] * 2, bytes([chance.randrange(256)])])
        made.append(bytes(mutant))
    return made


def test_whatever_a_server_answers_a_submission_was_sent_and_nothing_is_raised(carry: Carry) -> None:
    answers = mutants(random.Random(12), 300)  # noqa: S311 - not for secrets
    with serving(*map(write_close, answers)) as server:
        replies = carry(server.url, *[SUBMIT] * len(answers), options=Options(timeout=(5.0, 20.0)))
    assert len(replies) == len(answers)
    for reply in replies:
        if isinstance(reply, NoReply):
            assert (reply.sent, reply.lasting) == (True, False), reply
            assert reply.reason.isprintable()
        else:
            assert reply.status >= 200


def test_a_redirect_to_what_is_no_url_was_sent_all_the_same(carry: Carry) -> None:
    with serving(answering(http("307 Moved", Location="http://[x"))) as server:
        (reply,) = carry(server.url, SUBMIT)
    assert isinstance(reply, Response) or reply.sent


@pytest.mark.parametrize("error", [RecursionError, MemoryError, AttributeError, KeyError, ValueError])
def test_whatever_breaks_in_the_library_of_a_worker_is_no_reply(error: type[Exception]) -> None:
    class Broken(BaseAdapter):
        def send(self, *args: Any, **options: Any) -> requests.Response:
            raise error("odd\n\x1b[31m")

        def close(self) -> None:
            pass

    session = requests.Session()
    session.mount("http://", Broken())
    reply = blocking.SessionWire(session, "http://language.test", (5.0, 5.0)).send(SUBMIT)
    assert isinstance(reply, NoReply)
    assert (reply.sent, reply.lasting) == (True, False)
    assert reply.reason.isprintable()


@pytest.mark.parametrize("error", [RecursionError, MemoryError, AttributeError, KeyError])
async def test_whatever_breaks_in_the_library_of_a_triggerer_is_no_reply(error: type[Exception]) -> None:
    class Broken:
        def request(self, *args: Any, **options: Any) -> Any:
            raise error("odd\n\x1b[31m")

    session: Any = Broken()
    reply = await event_loop.SessionWire(session, "http://language.test", (5.0, 5.0), {}).send(SUBMIT)
    assert isinstance(reply, NoReply)
    assert (reply.sent, reply.lasting) == (True, False)
    assert reply.reason.isprintable()


def test_who_uses_the_session_of_a_wire_without_it_has_no_bound() -> None:
    with serving(answering(http("200 OK", b"{}"))) as server, requests.Session() as session:
        blocking.SessionWire(session, server.url, (5.0, 5.0)).send(SUBMIT)
        assert session.post(f"{server.url}/other", data=b"x").json() == {}
        assert session.post(f"{server.url}/other", data=iter([b"x"]), headers={"Content-Length": "1"}).ok


def bound_at(moments: list[float], seconds: float = 10.0) -> Bound:
    return Bound(seconds, clock=iter(moments).__next__)


def test_a_bound_tells_what_is_left_of_its_time() -> None:
    assert bound_at([100.0, 104.0]).left() == 6.0


@pytest.mark.parametrize("now", [110.0, 5000.0])
def test_a_bound_is_over_when_its_time_is(now: float) -> None:
    bound = bound_at([100.0, now])
    with pytest.raises(TimeoutError):
        bound.left()
    assert bound.exceeded == "it was not whole within 10 s"


def test_a_bound_counts_what_comes_over_the_line() -> None:
    bound = bound_at([100.0])
    bound.received(2 * LARGEST)
    with pytest.raises(OSError, match="longer than 128 MiB"):
        bound.received(1)
