"""Which answers are asked for again, and after how long: one pure decision for all flows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime

from airflow_provider_language.protocol.defaults import TOLERANCE
from airflow_provider_language.protocol.wire import NoReply, Request, Response

THROTTLED = 429
_TIMEOUT = 408
_SERVER_FAULTS = 500
_UNAVAILABLE = 503
_REDIRECTED = 300
_LONGEST_DATE = 64


def is_transient(status: int) -> bool:
    """Whether a status says nothing about the request itself: 408, 429, 5xx (docs/service.md, errors)."""
    return status in {_TIMEOUT, THROTTLED} or status >= _SERVER_FAULTS


def may_have_arrived(reply: Response | NoReply) -> bool:
    """Whether the service may have obeyed a request: 500 comes after a job was registered, too.

    It has not where no connection was made, where it refused, and where it said that it was too busy (429, or
    503 with a Retry-After).
    """
    if isinstance(reply, NoReply):
        return reply.sent
    if reply.status == _UNAVAILABLE:
        return retry_after(reply) is None
    return reply.status < _REDIRECTED or (is_transient(reply.status) and reply.status != THROTTLED)


@dataclass(frozen=True)
class RetryPolicy:
    """How patiently faults are met.

    Args:
        tolerance: seconds for which faults in a row are ridden out. Time, not a count: five quick failures
            are no reason to give up a job of hours.
        base: seconds before the first repetition.
        factor: by which each further pause is longer.
        ceiling: the longest pause of our own, in seconds.
        retry_after_ceiling: the longest pause that the service may ask for, in seconds. A quota that is
            used up asks for days (issue_quoted_errors), so it is never obeyed blindly.
    """

    tolerance: float = TOLERANCE
    base: float = 1.0
    factor: float = 2.0
    ceiling: float = 60.0
    retry_after_ceiling: float = 300.0


def retry_delay(
    request: Request, reply: Response | NoReply, attempt: int, policy: RetryPolicy, jitter: float
) -> float | None:
    """Decide whether a request is sent again.

    A request that is not repeatable (a submission) is sent again only where it cannot have been accepted
    (:func:`may_have_arrived`).

    Args:
        request: what was sent.
        reply: what came of it.
        attempt: how often it was repeated already.
        policy: the pauses.
        jitter: from 0 to 1; pauses of our own are shortened by up to a half with it.

    Returns:
        Seconds until it is sent again; None if the reply is to be taken as it is.
    """
    if not _is_repeated(request, reply):
        return None
    wanted = retry_after(reply) if isinstance(reply, Response) else None
    if wanted is not None:
        return min(wanted, policy.retry_after_ceiling) + jitter
    pause = min(policy.base * policy.factor ** min(attempt, 32), policy.ceiling)
    return pause * (1 - jitter / 2)


def _is_repeated(request: Request, reply: Response | NoReply) -> bool:
    if isinstance(reply, NoReply):
        return not reply.lasting and (request.repeatable or not may_have_arrived(reply))
    if request.repeatable:
        return is_transient(reply.status) or _is_cut(request, reply)
    return is_transient(reply.status) and not may_have_arrived(reply)


def _is_cut(request: Request, reply: Response) -> bool:
    """An answer that broke off, or a look answered by no JSON object, as by the page of a proxy."""
    return reply.status == 200 and (bool(reply.cut) or (request.method == "GET" and reply.payload is None))  # noqa: PLR2004


def retry_after(reply: Response) -> float | None:
    """The pause that an answer asks for, in seconds; None if it asks for none.

    Either a number of seconds, as the service writes it, or a date, as RFC 9110 (10.2.3) allows.
    """
    value = reply.headers.get("retry-after", "")[:_LONGEST_DATE].strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    return max(0.0, date.timestamp() - reply.at)
