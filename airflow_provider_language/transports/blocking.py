"""Plays a flow over requests, in a worker: carries each request, sleeps where the flow says so."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import requests
from requests.exceptions import InvalidProxyURL, InvalidSchema, InvalidURL, RequestException
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NewConnectionError

from airflow_provider_language.analysis.wire import Awake, Flow, NoReply, Reply, Request, Response

T = TypeVar("T")
Send = Callable[[Request], "Response | NoReply"]

_NEVER_CONNECTED = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
_NEVER_MADE = (InvalidProxyURL, InvalidSchema, InvalidURL, LocationParseError, UnicodeError)


def play(
    flow: Flow[T],
    send: Send,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
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
                reply = send(step)
            else:
                sleep(step.seconds)
                reply = Awake(clock())
            step = flow.send(reply)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        flow.close()


class SessionWire:
    """Carries requests over a ``requests.Session``.

    Args:
        session: with its headers, certificates and proxies set up; never closed here.
        endpoint: the base URL of every request.
        timeout: seconds to connect and seconds to wait for bytes.
        clock: the time, in seconds since the epoch.
    """

    def __init__(
        self,
        session: requests.Session,
        endpoint: str,
        timeout: tuple[float, float],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._session = session
        self._endpoint = endpoint
        self._timeout = timeout
        self._clock = clock

    def send(self, request: Request) -> Response | NoReply:
        """Carry one request, following no redirect: the key is for the connection's endpoint alone."""
        try:
            prepared = self._prepared(request)
        except ValueError as error:
            return self._not_made(error)
        try:
            options = self._session.merge_environment_settings(prepared.url, {}, None, None, None)
            answer = self._session.send(prepared, timeout=self._timeout, allow_redirects=False, **options)
            body = answer.content
        except _NEVER_MADE as error:
            return self._not_made(error)
        except RequestException as error:
            return self._no_reply(error)
        return Response(
            status=answer.status_code,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=body,
            at=self._clock(),
        )

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        return self._session.prepare_request(
            requests.Request(
                request.method,
                self._endpoint + request.path,
                params=list(request.query),
                data=request.content,
                headers={} if request.body is None else {"Content-Type": "application/json"},
            )
        )

    def _not_made(self, error: Exception) -> NoReply:
        """A request that cannot be made; not in the error's words, which may quote the key."""
        reason = f"{type(error).__name__}: the endpoint, the proxy or a header cannot be sent as it is"
        return NoReply(reason, sent=False, at=self._clock(), lasting=True)

    def _no_reply(self, error: RequestException) -> NoReply:
        causes = list(_causes(error))
        return NoReply(
            reason=f"{type(causes[-1]).__name__}: {causes[-1]}",
            sent=not any(isinstance(cause, _NEVER_CONNECTED) or _is_closed_tunnel(cause) for cause in causes),
            at=self._clock(),
            lasting=any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes),
        )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception of requests, and what it is wrapped around, outermost first."""
    inner: object = error
    while isinstance(inner, BaseException):
        yield inner
        wrapped = (getattr(inner, name, None) for name in ("reason", "original_error"))
        inner = next((one for one in wrapped if one), inner.args[0] if inner.args else None)


def _is_closed_tunnel(cause: BaseException) -> bool:
    """Whether a proxy refused to connect us; other proxy errors come after a request was sent, too."""
    return isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed")
