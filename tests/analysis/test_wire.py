"""Requests as bytes, and answers as JSON."""

from __future__ import annotations

import pytest

from airflow_provider_language.analysis.wire import Awake, NoReply, Request, Response, ask


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
    ],
)
def test_only_a_whole_json_object_is_a_payload(body: bytes, payload: object) -> None:
    assert Response(200, {}, body, 0.0).payload() == payload


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


def test_the_end_of_a_sleep_is_no_answer_to_a_request() -> None:
    flow = ask(Request("GET", "/"))
    next(flow)
    with pytest.raises(TypeError, match="end of a sleep"):
        flow.send(Awake(0.0))
