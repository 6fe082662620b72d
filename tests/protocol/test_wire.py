"""Requests as bytes, and answers as JSON."""

from __future__ import annotations

import pytest

from airflow_provider_language.protocol.wire import (
    Awake,
    Deed,
    Done,
    Flow,
    NoReply,
    Obstacle,
    ReadRecord,
    Recorded,
    Reply,
    Request,
    Response,
    Unrecorded,
    WriteRecord,
    ask,
    do,
    keep,
    rest,
)


def test_a_body_is_compact_utf_8_json() -> None:
    assert (
        Request("POST", "/", body={"text": "héllo", "n": [1.0]}).content
        == '{"text":"héllo","n":[1.0]}'.encode()
    )


def test_a_request_without_a_body_has_no_content() -> None:
    assert Request("GET", "/").content is None


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        (b'{"a":1}', {"a": 1}),
        ('\ufeff{"a":1}'.encode(), {"a": 1}),
        (b"", None),
        (b'{"a":', None),
        (b"[1]", None),
        (b"null", None),
        (b"<html>", None),
        (b'{"a":"\xff"}', None),
        (b'{"a":"\\ud800"}', {"a": "\ud800"}),
        (b'{"a":1e999}', {"a": float("inf")}),
        pytest.param(b'{"a":' + b"9" * 100_000 + b"}", None, id="an endless number"),
        pytest.param(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", None, id="deep lists"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, None, id="deep objects"),
    ],
)
def test_only_a_whole_json_object_is_a_payload(body: bytes, payload: object) -> None:
    assert Response(200, {}, body, 0.0).payload == payload


def test_an_answer_is_decoded_once_for_all_who_ask() -> None:
    reply = Response(200, {}, b'{"a":1}', 0.0)
    assert reply.payload is reply.payload


def test_what_was_decoded_makes_no_difference_to_an_answer() -> None:
    reply, other = (Response(200, {}, b'{"a":"secret"}', 0.0) for _ in range(2))
    assert reply.payload == {"a": "secret"}
    assert reply == other
    assert "secret" not in repr(reply)


@pytest.mark.parametrize(
    ("headers", "id_"),
    [
        ({"apim-request-id": "a", "request-id": "b"}, "a"),
        ({"request-id": "b"}, "b"),
        ({}, None),
    ],
)
def test_an_exchange_has_the_id_that_support_asks_for(headers: dict[str, str], id_: str | None) -> None:
    assert Response(200, headers, b"", 0.0).request_id == id_


def test_bodies_stay_out_of_repr() -> None:
    assert "secret" not in repr(Response(200, {}, b"secret", 0.0)) + repr(
        Request("POST", "/", body={"t": "secret"})
    )


@pytest.mark.parametrize("reply", [Response(200, {}, b"", 0.0), NoReply("reset", True, 0.0)])
def test_asking_yields_the_request_and_returns_the_reply(reply: Response | NoReply) -> None:
    request = Request("GET", "/")
    flow = ask(request)
    assert next(flow) is request
    with pytest.raises(StopIteration) as end:
        flow.send(reply)
    assert end.value.value is reply


NOTE = WriteRecord({"a": 1}, None)
DEED = Deed(Request("POST", "/"), None, lambda at: {"at": at}, lambda reply: {"at": reply.at})


@pytest.mark.parametrize(
    ("flow", "reply"),
    [
        (ask(Request("GET", "/")), Awake(0.0)),
        (rest(1.0), NoReply("reset", True, 0.0)),
        (keep(ReadRecord()), Awake(0.0)),
        (keep(NOTE), Done(NoReply("reset", True, 0.0), {})),
        (do(DEED), Recorded(None, 0.0)),
    ],
    ids=["a request", "a sleep", "a look at the record", "a note", "a deed"],
)
def test_a_step_is_answered_in_kind(flow: Flow[object], reply: Reply) -> None:
    next(flow)
    with pytest.raises(TypeError, match="a transport answered"):
        flow.send(reply)


def test_what_hinders_a_note_tells_why_in_the_stores_words_if_it_has_any() -> None:
    assert str(Unrecorded(Obstacle.STORE, "the disk is full")) == "the disk is full"
    assert str(Unrecorded(Obstacle.OVERTAKEN)) == "somebody else has written meanwhile"
