"""Plays a flow over aiohttp, in a triggerer: carries each request, sleeps where the flow says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp

from airflow_provider_language.analysis.wire import Awake, Flow, NoReply, Reply, Request, Response

T = TypeVar("T")
Send = Callable[[Request], Awaitable["Response | NoReply"]]

_NEVER_CONNECTED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
)


async def play(
    flow: Flow[T],
    send: Send,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> T:
    """Run a flow to its end.

    Args:
        flow: what to do.
        send: carries one request, such as :meth:`SessionWire.send`.
        clock: the time, in seconds since the epoch.
        sleep: waits for so many seconds.

    Returns:
        What the flow returns.

    Raises:
        LanguageError: what the flow raises.
    """
    try:
        step = next(flow)
        while True:
            reply: Reply
            if isinstance(step, Request):
                reply = await send(step)
            else:
                await sleep(step.seconds)
                reply = Awake(clock())
            step = flow.send(reply)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        flow.close()


class SessionWire:
    """Carries requests over an ``aiohttp.ClientSession``.

    Args:
        session: with its timeouts set up, and without the key: aiohttp shows a session's own headers to a
            proxy when it asks for a tunnel, in the clear. Never closed here.
        endpoint: the base URL of every request.
        options: more arguments for each request: ``ssl``, ``proxy``.
        clock: the time, in seconds since the epoch.
        headers: for each request, with the key.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        endpoint: str,
        options: Mapping[str, Any],
        clock: Callable[[], float] = time.time,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._session = session
        self._headers = dict(headers or {})
        self._endpoint = endpoint
        self._options = options
        self._clock = clock

    async def send(self, request: Request) -> Response | NoReply:
        """Carry one request, following no redirect: the key is for the connection's endpoint alone."""
        content_type = {} if request.body is None else {"Content-Type": "application/json"}
        try:
            async with self._session.request(
                request.method,
                self._endpoint + request.path,
                params=list(request.query),
                data=request.content,
                headers={**self._headers, **content_type},
                skip_auto_headers=("Content-Type",),
                allow_redirects=False,
                **self._options,
            ) as answer:
                body = await answer.read()
        except aiohttp.InvalidURL as error:
            return self._not_made(error)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            return self._no_reply(error)
        except ValueError as error:
            return self._not_made(error)
        return Response(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=body,
            at=self._clock(),
        )

    def _not_made(self, error: Exception) -> NoReply:
        """A request that cannot be made; not in the error's words, which may quote the key."""
        reason = f"{type(error).__name__}: the endpoint, the proxy or a header cannot be sent as it is"
        return NoReply(reason, sent=False, at=self._clock(), lasting=True)

    def _no_reply(self, error: Exception) -> NoReply:
        return NoReply(
            reason=" ".join(f"{type(error).__name__}: {_told(error)}".split()),
            sent=not isinstance(error, _NEVER_CONNECTED),
            at=self._clock(),
            lasting=isinstance(error, aiohttp.ClientConnectorCertificateError),
        )


def _told(error: Exception) -> object:
    """What happened, without the URL that aiohttp adds: a proxy's may have its password in it."""
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{error.status} {error.message}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return error.certificate_error
    if isinstance(error, aiohttp.ClientConnectorError):
        return repr(error.os_error)
    return error
