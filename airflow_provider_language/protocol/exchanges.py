"""One request through weather: repeated as retries.py decides, and its final answer judged."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    JobTimeoutError,
    QuotaExceededError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceError,
    ServiceUnavailableError,
    SignInError,
    SubmissionLostError,
)
from airflow_provider_language.protocol.jobs.faults import fault_of_body
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.retries import (
    RetryPolicy,
    may_have_arrived,
    retry_delay,
)
from airflow_provider_language.protocol.wire import Flow, NoReply, Request, Response, Sleep, ask

log = logging.getLogger(__name__)

_MESSAGE_LENGTH = 500
Sending: TypeAlias = Callable[[Request], Flow[Response | NoReply]]
"""How a request is sent once: asked plainly, or done as a deed."""

_REFUSALS: dict[int, type[ServiceError]] = {401: AuthenticationError, 404: ResourceNotFoundError}


@dataclass(frozen=True)
class Settings:
    """What all flows of a connection share.

    Args:
        retries: how faults are met.
        pace: when jobs are looked at.
        random: gives numbers from 0 to 1 for jitter.
        resource: what is known of the resource, shared by all who use it; None begins anew with each wait.
        tells_progress: whether each job's progress is logged as news (INFO), or for who looks for it (DEBUG).
    """

    retries: RetryPolicy = field(default_factory=RetryPolicy)
    pace: Pace = field(default_factory=Pace)
    random: Callable[[], float] = random.random
    resource: Resource | None = field(default=None, compare=False, repr=False)
    tells_progress: bool = True


def exchange(
    request: Request,
    settings: Settings,
    *,
    job_id: str | None = None,
    deadline: float | None = None,
    send: Sending = ask,
) -> Flow[Response]:
    """Send a request until there is an answer to go on with.

    Args:
        request: what to send.
        settings: the retry policy and the jitter.
        job_id: for error messages.
        deadline: seconds since the epoch after which faults are not ridden out any longer.
        send: how the request is sent each time.

    Returns:
        An answer below 300.

    Raises:
        ServiceError: the service refuses, or does not answer for longer than the tolerance.
        SubmissionLostError: nobody knows whether a submission arrived.
        JobTimeoutError: the deadline passed amid faults.
    """
    failing_since: float | None = None
    attempt = 0
    while True:
        reply = yield from send(request)
        delay = retry_delay(request, reply, attempt, settings.retries, settings.random())
        if delay is None:
            return _judged(request, reply, job_id)
        # A clock that is set back makes no outage longer.
        failing_since = reply.at if failing_since is None else min(failing_since, reply.at)
        patience = settings.retries.tolerance - (reply.at - failing_since)
        delay = _allowed(delay, reply, patience=patience, deadline=deadline, job_id=job_id)
        log.warning("%s %s: %s; again in %.1f s", request.method, request.path, _told(reply), delay)
        yield Sleep(delay)
        attempt += 1


def _allowed(
    delay: float, reply: Response | NoReply, *, patience: float, deadline: float | None, job_id: str | None
) -> float:
    """A pause, cut short at the deadline; no pause is allowed after it, or beyond all patience."""
    if deadline is not None and reply.at >= deadline:
        raise JobTimeoutError(
            f"The job did not end in time, and lately the service could not be asked: {_told(reply)}.",
            job_id=job_id,
        )
    if delay > patience:
        raise _error(ServiceUnavailableError, reply, job_id)
    return delay if deadline is None else min(delay, deadline - reply.at)


def _judged(request: Request, reply: Response | NoReply, job_id: str | None) -> Response:
    if isinstance(reply, Response) and reply.status < 300:  # noqa: PLR2004
        return reply
    if not request.repeatable and may_have_arrived(reply):
        raise _error(SubmissionLostError, reply, job_id)
    if isinstance(reply, NoReply):
        is_refused = reply.signing_in and reply.lasting
        raise _error(SignInError if is_refused else ServiceUnavailableError, reply, job_id)
    raise _error(_error_class(reply), reply, job_id)


def _error_class(reply: Response) -> type[ServiceError]:
    if reply.status == 403:  # noqa: PLR2004
        quota = "quota" in fault_of_body(reply.payload).message.lower() or "retry-after" in reply.headers
        return QuotaExceededError if quota else AccessDeniedError
    return _REFUSALS.get(reply.status, RequestRefusedError)


def _told(reply: Response | NoReply) -> str:
    """What came back, in a few words."""
    if isinstance(reply, NoReply):
        return reply.reason[:_MESSAGE_LENGTH].rstrip(".")
    if reply.cut:
        return f"HTTP {reply.status}, but {reply.cut}"
    message = fault_of_body(reply.payload).message
    if not message:
        return f"HTTP {reply.status} with a body that is no answer of the service"
    return message[:_MESSAGE_LENGTH].rstrip(".")


def _error(
    class_: type[ServiceError | SubmissionLostError], reply: Response | NoReply, job_id: str | None
) -> ServiceError | SubmissionLostError:
    if isinstance(reply, NoReply):
        what = "was not asked" if reply.signing_in else "did not answer"
        return class_(f"The service {what}: {_told(reply)}.", job_id=job_id)
    fault = fault_of_body(reply.payload)
    return class_(
        f"The service answered: {_told(reply)}.",
        status=reply.status,
        code=fault.code or None,
        request_id=reply.request_id,
        job_id=job_id,
    )


def unreadable(reply: Response, job_id: str | None = None) -> ServiceUnavailableError:
    """The error for a JSON answer that is not what was asked for."""
    return ServiceUnavailableError(
        "The answer is not one of the Language service.",
        status=reply.status,
        request_id=reply.request_id,
        job_id=job_id,
    )
