"""Plays a flow over aiohttp, in a triggerer: carries each request, sleeps where the flow says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp

from airflow_provider_language.protocol.quotations import quotation
from airflow_provider_language.protocol.wire import Awake, Flow, NoReply, Reply, Request, Response, Sleep
from airflow_provider_language.transports.bodies import ACCEPTED, Body, BrokenBodyError
from airflow_provider_language.transports.deeds import AsyncKeep, no_record

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
    keep: AsyncKeep = no_record,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> T:
    """Run a flow to its end.

    Args:
        flow: what to do.
        send: carries one request, such as :meth:`SessionWire.send`.
        keep: reads and writes the flow's record, such as :class:`~.deeds.AsyncDeeds`.
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
            elif isinstance(step, Sleep):
                await sleep(step.seconds)
                reply = Awake(clock())
            else:
                reply = await keep(step)
            step = flow.send(reply)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        flow.close()


class SessionWire:
    """Carries requests over an ``aiohttp.ClientSession``.

    Args:
        session: without the key: aiohttp shows a session's own headers to a proxy when it asks for a tunnel,
            in the clear. Never closed here.
        endpoint: the base URL of every request.
        timeout: seconds to connect and seconds to wait for bytes; both together are the time within which an
            answer must be whole.
        options: more arguments for each request: ``ssl``, ``proxy``.
        clock: the time, in seconds since the epoch.
        headers: for each request, with the key.
        at_once: how many requests are under way at the same time. The others wait here, where no time of
            theirs passes.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        endpoint: str,
        timeout: tuple[float, float],
        options: Mapping[str, Any],
        clock: Callable[[], float] = time.time,
        *,
        headers: Mapping[str, str] | None = None,
        at_once: int = 32,
    ) -> None:
        self._session = session
        self._headers = {**(headers or {}), "Accept-Encoding": ACCEPTED}
        self._endpoint = endpoint
        connect, read = timeout
        self._seconds = connect + read
        self._options = {
            **options,
            "timeout": aiohttp.ClientTimeout(total=self._seconds, sock_connect=connect, sock_read=read),
            "auto_decompress": False,
            "skip_auto_headers": ("Content-Type",),
            "allow_redirects": False,
        }
        self._clock = clock
        self._slots = asyncio.Semaphore(at_once)

    async def send(self, request: Request, headers: Mapping[str, str] | None = None) -> Response | NoReply:
        """Carry one request, following no redirect: the key is for the connection's endpoint alone.

        Whatever goes wrong once the request was begun is no reply, or an answer that is cut: of a submission
        nobody may learn from an exception that it was, perhaps, accepted.

        Args:
            request: what to send.
            headers: of this request, beside those of all; a token, which is not kept here.
        """
        async with self._slots:
            try:
                return await self._answered(request, headers or {})
            except aiohttp.InvalidURL as error:
                return self._not_made(error)
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                return self._no_reply(error)
            except ValueError as error:
                return self._not_made(error)
            except Exception as error:  # noqa: BLE001 - see above
                return self._no_reply(error)

    async def _answered(self, request: Request, headers: Mapping[str, str]) -> Response | NoReply:
        content_type = {} if request.body is None else {"Content-Type": "application/json"}
        async with self._session.request(
            request.method,
            self._endpoint + request.path,
            params=list(request.query),
            data=request.content,
            headers={**self._headers, **content_type, **headers},
            **self._options,
        ) as answer:
            if answer.status < 200:  # noqa: PLR2004 - what is to follow it, HTTP does not know
                return NoReply(f"HTTP {answer.status} is no answer", sent=True, at=self._clock())
            body, cut = await self._body(answer)
            return Response(
                status=answer.status,
                headers={name.lower(): value for name, value in answer.headers.items()},
                body=body,
                at=self._clock(),
                cut=cut,
            )

    async def _body(self, answer: aiohttp.ClientResponse) -> tuple[bytes, str]:
        """The body of an answer; or, where it cannot be had, nothing and why."""
        try:
            body = Body(answer.headers.get("content-encoding", ""))
            async for piece in answer.content.iter_any():
                body.add(piece)
            return body.whole(), ""
        except BrokenBodyError as error:
            return b"", str(error)
        except asyncio.TimeoutError:
            return b"", f"it was not whole within {self._seconds:g} s"
        except Exception as error:  # noqa: BLE001 - the head of the answer has come, and may name a job
            return b"", f"its body broke off ({type(error).__name__})"

    def _not_made(self, error: Exception) -> NoReply:
        """A request that cannot be made; not in the error's words, which may quote the key."""
        reason = f"{type(error).__name__}: the endpoint, the proxy or a header cannot be sent as it is"
        return NoReply(reason, sent=False, at=self._clock(), lasting=True)

    def _no_reply(self, error: Exception) -> NoReply:
        return NoReply(
            reason=quotation(" ".join(f"{type(error).__name__}: {_told(error)}".split())),
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
