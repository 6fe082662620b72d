"""What a client sees of a fault: an answer in place of the true one, half of it, or none."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from aiohttp import web

from airflow_provider_language.emulator.protocol import errors, gateway_errors
from airflow_provider_language.emulator.protocol.operations import described_operation, operation_of
from airflow_provider_language.emulator.web import responses

if TYPE_CHECKING:
    from airflow_provider_language.emulator.instruments.faults import Fault

_OUT_OF_QUOTA = 186_688  # Seconds; recorded beside the words "after 15 days", which they are not.
_LINGER_NOT = struct.pack("ii", 1, 0)  # On, for no time: closing resets the connection.
_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>"
_ERROR_PAGE = "<html><head><title>{0} {1}</title></head><body><h1>{0} {1}</h1></body></html>"
# Statuses that proxies answer with, in pages of their own; the service's own are JSON.
_PROXY_REASONS = {502: "Bad Gateway", 504: "Gateway Timeout"}
_UNAVAILABLE = 503


async def strike(request: web.Request, fault: Fault, answer: web.StreamResponse | None) -> web.StreamResponse:
    """Return what the client gets; a connection that the fault closes is closed then.

    Args:
        request: The request.
        fault: What strikes it.
        answer: The true answer; None if the request was not obeyed.
    """
    if fault.loses_answer:
        if fault.effect == "reset":
            _reset_when_closed(request)
        _close(request)
        return web.Response()
    if fault.effect == "truncated" and answer is not None:
        return await _truncated(request, answer)
    if fault.effect in _INSTEAD:
        replacement = _INSTEAD[fault.effect](request, fault)
        if "Retry-After" not in replacement.headers and fault.retry_after is not None:
            replacement.headers["Retry-After"] = str(fault.retry_after)
        return replacement
    if answer is None:
        raise ValueError(f"{fault.effect} changes nothing of an answer")
    return answer


def _throttled(request: web.Request, fault: Fault) -> web.Response:
    operation = described_operation(request.method, request.path, request.query.get("api-version"))
    seconds = 1 if fault.retry_after is None else fault.retry_after
    return responses.turned_away(gateway_errors.rate_exceeded(operation, "S", seconds))


def _quota(_: web.Request, fault: Fault) -> web.Response:
    seconds = _OUT_OF_QUOTA if fault.retry_after is None else fault.retry_after
    return responses.turned_away(gateway_errors.out_of_quota(seconds))


def _error(request: web.Request, fault: Fault) -> web.Response:
    status = fault.error_status
    if status in _PROXY_REASONS:
        return responses.page(status, _ERROR_PAGE.format(status, _PROXY_REASONS[status]))
    if status == _UNAVAILABLE:
        return responses.refused(errors.service_unavailable())
    is_submission = operation_of(request.method, request.path) == "submit"
    return responses.refused(errors.internal_fault(status, is_submission=is_submission))


def _page(_: web.Request, __: Fault) -> web.Response:
    return responses.page(200, _PAGE)


_INSTEAD = {"throttled": _throttled, "quota": _quota, "error": _error, "page": _page}


async def _truncated(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """Send the first half of an answer's body, or of its head if it has no body, and hang up."""
    whole = answer.body if isinstance(answer, web.Response) else None
    body = whole if isinstance(whole, bytes) else b""
    if not body:
        if request.transport is not None:
            request.transport.write(f"HTTP/1.1 {answer.status} Acc".encode())
        _close(request)
        return answer
    half = web.StreamResponse(status=answer.status, headers=answer.headers)
    if answer.chunked:
        half.enable_chunked_encoding()
    else:
        half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    _close(request)
    return half


def _reset_when_closed(request: web.Request) -> None:
    connection = None if request.transport is None else request.transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)


def _close(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
