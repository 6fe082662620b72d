"""Plays a flow over requests, in a worker: carries each request, sleeps where the flow says so."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL, InvalidSchema, InvalidURL
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NewConnectionError

from airflow_provider_language.protocol.quotations import quotation
from airflow_provider_language.protocol.wire import Awake, Flow, NoReply, Reply, Request, Response, Sleep
from airflow_provider_language.transports.bodies import ACCEPTED, Body, BrokenBodyError
from airflow_provider_language.transports.connections import Bound, bind, bounded
from airflow_provider_language.transports.deeds import Keep, no_record

T = TypeVar("T")
Send = Callable[[Request], "Response | NoReply"]

_PIECE = 2**16  # Bytes of an answer that are taken in at a time.
_NEVER_CONNECTED = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
_NEVER_MADE = (InvalidProxyURL, InvalidSchema, InvalidURL, LocationParseError, UnicodeError)


def play(
    flow: Flow[T],
    send: Send,
    *,
    keep: Keep = no_record,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Run a flow to its end.

    Args:
        flow: what to do.
        send: carries one request, such as :meth:`SessionWire.send`.
        keep: reads and writes the flow's record, such as :class:`~.deeds.Deeds`.
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
            elif isinstance(step, Sleep):
                sleep(step.seconds)
                reply = Awake(clock())
            else:
                reply = keep(step)
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
        timeout: seconds to connect and seconds to wait for bytes; both together are the time within which an
            answer must be whole.
        clock: the time, in seconds since the epoch.
        stopwatch: seconds, from any begin on.
    """

    def __init__(
        self,
        session: requests.Session,
        endpoint: str,
        timeout: tuple[float, float],
        clock: Callable[[], float] = time.time,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._endpoint = endpoint
        self._timeout = timeout
        self._clock = clock
        self._stopwatch = stopwatch

    def send(self, request: Request, headers: Mapping[str, str] | None = None) -> Response | NoReply:
        """Carry one request, following no redirect: the key is for the connection's endpoint alone.

        Whatever goes wrong once the request was begun is no reply, or an answer that is cut: of a submission
        nobody may learn from an exception that it was, perhaps, accepted.

        Args:
            request: what to send.
            headers: of this request, beside the session's; a token, which the session does not keep.
        """
        try:
            prepared = self._prepared(request, headers or {})
        except ValueError as error:
            return self._not_made(error)
        bound = Bound(sum(self._timeout), self._stopwatch)
        try:
            with bounded(bound):
                return self._answered(prepared, bound)
        except _NEVER_MADE as error:
            return self._no_reply(error, bound) if bound.sent else self._not_made(error)
        except Exception as error:  # noqa: BLE001 - see above
            return self._no_reply(error, bound)

    def _answered(self, prepared: requests.PreparedRequest, bound: Bound) -> Response | NoReply:
        options = self._session.merge_environment_settings(prepared.url, {}, True, None, None)
        adapter = self._session.get_adapter(prepared.url or "")
        if isinstance(adapter, HTTPAdapter):
            wanted: dict[str, Any] = {name: options[name] for name in ("verify", "proxies", "cert")}
            bind(adapter.get_connection_with_tls_context(prepared, **wanted))
        answer = self._session.send(prepared, timeout=self._timeout, allow_redirects=False, **options)
        if answer.status_code < 200:  # noqa: PLR2004 - what is to follow it, HTTP does not know
            answer.close()
            return NoReply(f"HTTP {answer.status_code} is no answer", sent=True, at=self._clock())
        body, cut = _body(answer, bound)
        return Response(
            status=answer.status_code,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=body,
            at=self._clock(),
            cut=cut,
        )

    def _prepared(self, request: Request, headers: Mapping[str, str]) -> requests.PreparedRequest:
        content_type = {} if request.body is None else {"Content-Type": "application/json"}
        return self._session.prepare_request(
            requests.Request(
                request.method,
                self._endpoint + request.path,
                params=list(request.query),
                data=request.content,
                headers={"Accept-Encoding": ACCEPTED, **content_type, **headers},
            )
        )

    def _not_made(self, error: Exception) -> NoReply:
        """A request that cannot be made; not in the error's words, which may quote the key."""
        reason = f"{type(error).__name__}: the endpoint, the proxy or a header cannot be sent as it is"
        return NoReply(reason, sent=False, at=self._clock(), lasting=True)

    def _no_reply(self, error: Exception, bound: Bound) -> NoReply:
        causes = list(_causes(error))
        return NoReply(
            reason=f"the answer was given up, as {bound.exceeded}" if bound.exceeded else _told(causes[-1]),
            sent=not any(isinstance(cause, _NEVER_CONNECTED) or _is_closed_tunnel(cause) for cause in causes),
            at=self._clock(),
            lasting=any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes),
        )


def _told(error: BaseException) -> str:
    return quotation(f"{type(error).__name__}: {error}")


def _body(answer: requests.Response, bound: Bound) -> tuple[bytes, str]:
    """The body of an answer; or, where it cannot be had, nothing and why."""
    try:
        body = Body(answer.headers.get("content-encoding", ""))
        for piece in answer.raw.stream(_PIECE, decode_content=False):
            body.add(piece)
        return body.whole(), ""
    except BrokenBodyError as error:
        return b"", str(error)
    except Exception as error:  # noqa: BLE001 - the head of the answer has come, and may name a job
        return b"", bound.exceeded or f"its body broke off ({type(error).__name__})"
    finally:
        answer.close()  # which leaves a connection open whose answer was read whole


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
