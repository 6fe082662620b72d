"""Responses with the header sets that the service was recorded with."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import web

from airflow_provider_language.emulator.protocol.identity import DISTRIBUTION, VERSION
from airflow_provider_language.emulator.protocol.json_bodies import serialize

if TYPE_CHECKING:
    from datetime import datetime

    from airflow_provider_language.emulator.protocol.errors import ServiceError
    from airflow_provider_language.emulator.protocol.gateway_errors import GatewayError

_SERVICE_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "x-ms-region": "emulator",
}
_JSON = "application/json"
_JSON_UTF8 = "application/json; charset=utf-8"
_TOO_MANY_REQUESTS = 429
# Recorded in conversation_sync_unknown_deployment_404.
_RUNTIME_HEADERS = {
    "Cache-Control": "no-store, proxy-revalidate, no-cache, max-age=0, private",
    "Content-Type": _JSON,
    "Pragma": "no-cache",
}
_SERVICE_TIME = "x-envoy-upstream-service-time"


def accepted(operation_location: str, *, chunked: bool = False) -> web.Response:
    """Return the 202 of a submission or a cancellation: no body, no Retry-After.

    Args:
        operation_location: The absolute URL of the job.
        chunked: Whether the API sends its answers chunked, as v3.1 does.
    """
    headers = {**_SERVICE_HEADERS, "operation-location": operation_location}
    return _response(202, b"", headers, chunked=chunked)


def found(body: dict[str, Any], *, chunked: bool = False) -> web.Response:
    """Return the 200 with a body.

    Args:
        body: What to send.
        chunked: Whether the API sends its answers chunked, as v3.1 does.
    """
    headers = {**_SERVICE_HEADERS, "Content-Type": _JSON_UTF8}
    return _response(200, serialize(body), headers, chunked=chunked)


def refused(error: ServiceError) -> web.Response:
    """Return the service's refusal; it is always chunked."""
    headers = {**_SERVICE_HEADERS, "Content-Type": _JSON_UTF8}
    if error.by_runtime:
        headers |= _RUNTIME_HEADERS
    response = _response(error.status, serialize({"error": error.error}), headers, chunked=True)
    if error.by_runtime:
        response.headers["request-id"] = response.headers["apim-request-id"]
    return response


def turned_away(error: GatewayError) -> web.Response:
    """Return the gateway's refusal, which has the fewest headers."""
    headers = {"Content-Type": _JSON}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == _TOO_MANY_REQUESTS:
        headers["policy-id"] = "emulator"  # Seen beside a 429; which values there are was not.
    return _response(error.status, serialize({"error": error.error}), headers, chunked=False)


def page(status: int, html: str) -> web.Response:
    """Return a page that something between client and service answers with: none of the service's headers."""
    return web.Response(status=status, text=html, content_type="text/html")


def stamp(response: web.StreamResponse, now: datetime, milliseconds: int) -> None:
    """Add what the gateway adds on the way out.

    Args:
        response: An answer of this module.
        now: The time for the Date header, in UTC.
        milliseconds: How long the service took; the gateway's own refusals do not tell.
    """
    response.headers["Date"] = f"{now:%a, %d %b %Y %H:%M:%S} GMT"
    if "Strict-Transport-Security" in response.headers:
        response.headers[_SERVICE_TIME] = str(milliseconds)


async def drop_library_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Take away what aiohttp adds and the service does not send (a signal handler)."""
    response.headers.popall("Server", None)
    if isinstance(response, web.Response) and not response.body:
        response.headers.popall("Content-Type", None)


def _response(status: int, body: bytes, headers: dict[str, str], *, chunked: bool) -> web.Response:
    identity = {"apim-request-id": str(uuid.uuid4()), "x-emulator": f"{DISTRIBUTION}/{VERSION}"}
    response = web.Response(status=status, body=body, headers={**identity, **headers})
    if chunked:
        response.enable_chunked_encoding()
    return response


def control(
    status: int, body: bytes, content_type: str, *, policy: str = "default-src 'none'"
) -> web.Response:
    """Return an answer of the control path, which the real service does not have.

    Args:
        status: The HTTP status.
        body: What to send.
        content_type: Its type, without the charset.
        policy: What the answer may do if a browser shows it (Content-Security-Policy).
    """
    headers = {
        "Content-Type": f"{content_type}; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "x-emulator": f"{DISTRIBUTION}/{VERSION}",
    }
    return web.Response(status=status, body=body, headers=headers)
