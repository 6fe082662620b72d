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
        session: with its headers and timeouts set up; never closed here.
        endpoint: the base URL of every request.
        options: more arguments for each request: ``ssl``, ``proxy``.
        clock: the time, in seconds since the epoch.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        endpoint: str,
        options: Mapping[str, Any],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._session = session
        self._endpoint = endpoint
        self._options = options
        self._clock = clock

    async def send(self, request: Request) -> Response | NoReply:
        """Carry one request, following no redirect: the key is for the connection's endpoint alone."""
        headers = {} if request.body is None else {"Content-Type": "application/json"}
        try:
            async with self._session.request(
                request.method,
                self._endpoint + request.path,
                params=list(request.query),
                data=request.content,
                headers=headers,
                allow_redirects=False,
                **self._options,
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            return self._no_reply(error)
        return Response(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=body,
            at=self._clock(),
        )

    def _no_reply(self, error: Exception) -> NoReply:
        return NoReply(
            reason=f"{type(error).__name__}: {error}",
            sent=not isinstance(error, _NEVER_CONNECTED),
            at=self._clock(),
            lasting=isinstance(error, aiohttp.ClientConnectorCertificateError),
        )
