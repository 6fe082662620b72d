"""What travels between a flow and a transport: requests, sleeps, notes, and what comes back for them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from airflow_provider_language.protocol.json_values import JsonObject, WireObject, decoded, encoded
from airflow_provider_language.protocol.quotations import quotation


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
            service has no idempotency key, so a second one is a second bill (docs/service.md, once).
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: WireObject | None = field(default=None, repr=False)
    repeatable: bool = True

    @property
    def content(self) -> bytes | None:
        """The body as compact UTF-8 JSON, as the service itself writes it; None without a body."""
        if self.body is None:
            return None
        return encoded(self.body)


@dataclass(frozen=True)
class Response:
    """An HTTP answer.

    Args:
        status: the HTTP status.
        headers: by name in lower case.
        body: the raw bytes; kept out of ``repr``, since results quote documents.
        at: when it arrived, in seconds since the epoch.
        cut: why the body is not whole, and empty here; the head has come, and may name a job. Empty for an
            answer that is whole.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: float
    cut: str = ""

    @cached_property
    def payload(self) -> JsonObject | None:
        """The body as a JSON object; None if it is none. Decoded once, since that is what costs most."""
        return decoded(self.body)

    @property
    def request_id(self) -> str | None:
        """The service's id of this exchange; ``request-id`` on some 4xx (docs/service.md, once)."""
        told = self.headers.get("apim-request-id") or self.headers.get("request-id")
        return quotation(told, 100) if told else None


@dataclass(frozen=True)
class NoReply:
    """A request without an answer: a value, not an exception, so that flows decide about it.

    Args:
        reason: the transport's words.
        sent: whether the request may have reached the service. False only where no connection was made.
        at: when this was known, in seconds since the epoch.
        lasting: whether another try would certainly end alike (an untrusted certificate).
        signing_in: whether it was for want of a token: the service was not asked at all.
    """

    reason: str
    sent: bool
    at: float
    lasting: bool = False
    signing_in: bool = False


@dataclass(frozen=True)
class Sleep:
    """A flow's wish to be woken after so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Awake:
    """The end of a sleep, at so many seconds since the epoch."""

    at: float


Note: TypeAlias = Mapping[str, Any]
"""A JSON object that outlives the process; what it means is the flow's business."""


@dataclass(frozen=True)
class ReadRecord:
    """A flow's wish to know the note that was written last; answered by Recorded or Unrecorded."""


@dataclass(frozen=True)
class WriteRecord:
    """A flow's wish to replace the recorded note; answered by Recorded or Unrecorded.

    Args:
        note: the new one.
        over: the one that it replaces, as it was read or written last; None for none. If another one is
            found, it stays.
    """

    note: Note
    over: Note | None


@dataclass(frozen=True)
class Deed:
    """A request that costs money and what is written down of it, as one step; answered by Done or Unrecorded.

    First the budget lets the request through, since the first note tells when it was sent. Then nothing comes
    between note, request and note: neither a signal nor a cancellation.

    Args:
        request: what to send, once the first note is written, and only then.
        over: what the first note replaces, as in :class:`WriteRecord`.
        before: the first note, made of the time in seconds since the epoch.
        after: the second one, made of what came of the request.
    """

    request: Request
    over: Note | None
    before: Callable[[float], Note]
    after: Callable[[Response | NoReply], Note]


@dataclass(frozen=True)
class Recorded:
    """What is recorded.

    Args:
        note: None if nothing is.
        at: when that was seen, in seconds since the epoch.
        forgotten: where nothing is recorded, what was before it was forgotten; None if nobody knows of any.
    """

    note: Any
    at: float
    forgotten: Any = None


class Obstacle(Enum):
    """Why a note was not read or not written."""

    STORE = "the store does not answer"
    OVERTAKEN = "somebody else has written meanwhile"
    ENDING = "the process is being ended, and begins nothing any more"


@dataclass(frozen=True)
class Unrecorded:
    """A note that was not read or not written: a value, not an exception, so that flows decide about it.

    Args:
        obstacle: why.
        reason: the store's words.
    """

    obstacle: Obstacle
    reason: str = ""

    def __str__(self) -> str:
        """Why, in the store's words where it has any."""
        return self.reason or self.obstacle.value


@dataclass(frozen=True)
class Done:
    """A deed whose request was sent.

    Args:
        reply: what came of it.
        note: what is recorded now, as far as is known here: the second note, or else the first one.
        trouble: why the second note was not written; None if it was.
    """

    reply: Response | NoReply
    note: Note
    trouble: Unrecorded | None = None


T = TypeVar("T")
Keeping: TypeAlias = ReadRecord | WriteRecord | Deed
"""The steps of a flow that keeps a record."""
Step: TypeAlias = Request | Sleep | Keeping
Reply: TypeAlias = Response | NoReply | Awake | Recorded | Unrecorded | Done
Flow: TypeAlias = Generator[Step, Reply, T]


def ask(request: Request) -> Flow[Response | NoReply]:
    """Send a request and return what came back."""
    reply = yield request
    if not isinstance(reply, (Response, NoReply)):
        raise TypeError(f"a transport answered a request with {type(reply).__name__}")
    return reply


def rest(seconds: float) -> Flow[float]:
    """Sleep, and return the time afterwards, in seconds since the epoch."""
    reply = yield Sleep(seconds)
    if not isinstance(reply, Awake):
        raise TypeError(f"a transport answered a sleep with {type(reply).__name__}")
    return reply.at


def keep(step: ReadRecord | WriteRecord) -> Flow[Recorded | Unrecorded]:
    """Read or write the record and return what came of it."""
    reply = yield step
    if not isinstance(reply, (Recorded, Unrecorded)):
        raise TypeError(f"a transport answered for a record with {type(reply).__name__}")
    return reply


def do(deed: Deed) -> Flow[Done | Unrecorded]:
    """Do a deed and return what came of it."""
    reply = yield deed
    if not isinstance(reply, (Done, Unrecorded)):
        raise TypeError(f"a transport answered a deed with {type(reply).__name__}")
    return reply
