"""What travels between a flow and a transport: requests, sleeps, and what comes back for them."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar


@dataclass(frozen=True)
class Request:
    """One HTTP request, below the connection's endpoint.

    Args:
        method: ``GET``, ``POST`` or ``DELETE``.
        path: begins with a slash and is appended to the endpoint; never a whole URL, so that a flow
            cannot send the key anywhere else.
        query: names and values, not yet encoded.
        body: the JSON object to send, if any. It holds documents' texts and is kept out of ``repr``.
        repeatable: whether sending it twice does no harm. Only a submission is not repeatable: the
            service has no idempotency key, so a second one is a second bill (API.md section 8).
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    repeatable: bool = True

    @property
    def content(self) -> bytes | None:
        """The body as compact UTF-8 JSON, as the service itself writes it; None without a body."""
        if self.body is None:
            return None
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Response:
    """An HTTP answer.

    Args:
        status: the HTTP status.
        headers: by name in lower case.
        body: the raw bytes; kept out of ``repr``, since results quote documents.
        at: when it arrived, in seconds since the epoch.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: float

    def payload(self) -> dict[str, Any] | None:
        """The body as a JSON object, or None if it is none (empty, truncated, a proxy's page)."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    @property
    def request_id(self) -> str | None:
        """The service's id of this exchange; ``request-id`` on some 4xx (API.md section 8)."""
        return self.headers.get("apim-request-id") or self.headers.get("request-id")


@dataclass(frozen=True)
class NoReply:
    """A request without an answer: a value, not an exception, so that flows decide about it.

    Args:
        reason: the transport's words.
        sent: whether the request may have reached the service. False only where no connection was made.
        at: when this was known, in seconds since the epoch.
        lasting: whether another try would certainly end alike (an untrusted certificate).
    """

    reason: str
    sent: bool
    at: float
    lasting: bool = False


@dataclass(frozen=True)
class Sleep:
    """A flow's wish to be woken after so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Awake:
    """The end of a sleep, at so many seconds since the epoch."""

    at: float


T = TypeVar("T")
Step: TypeAlias = Request | Sleep
Reply: TypeAlias = Response | NoReply | Awake
Flow: TypeAlias = Generator[Step, Reply, T]


def ask(request: Request) -> Flow[Response | NoReply]:
    """Send a request and return what came back."""
    reply = yield request
    if isinstance(reply, Awake):
        raise TypeError("a transport answered a request with the end of a sleep")
    return reply
