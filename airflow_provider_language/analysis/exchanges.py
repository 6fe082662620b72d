"""One request through weather: repeated as retries.py decides, and its final answer judged."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from airflow_provider_language.analysis.jobs import fault_of_body
from airflow_provider_language.analysis.pacing import Pace
from airflow_provider_language.analysis.resources import Resource
from airflow_provider_language.analysis.retries import (
    RetryPolicy,
    may_have_arrived,
    retry_delay,
)
from airflow_provider_language.analysis.wire import Flow, NoReply, Request, Response, Sleep, ask
from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    JobTimeoutError,
    QuotaExceededError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceError,
    ServiceUnavailableError,
    SubmissionLostError,
)

log = logging.getLogger(__name__)

_MESSAGE_LENGTH = 500
_REFUSALS: dict[int, type[ServiceError]] = {401: AuthenticationError, 404: ResourceNotFoundError}


@dataclass(frozen=True)
class Settings:
    """What all flows of a connection share.

    Args:
        retries: how faults are met.
        pace: when jobs are looked at.
        random: gives numbers from 0 to 1 for jitter.
        resource: what is known of the resource, shared by all who use it; None begins anew with each wait.
    """

    retries: RetryPolicy = field(default_factory=RetryPolicy)
    pace: Pace = field(default_factory=Pace)
    random: Callable[[], float] = random.random
    resource: Resource | None = field(default=None, compare=False, repr=False)


def exchange(
    request: Request, settings: Settings, *, job_id: str | None = None, deadline: float | None = None
) -> Flow[Response]:
    """Send a request until there is an answer to go on with.

    Args:
        request: what to send.
        settings: the retry policy and the jitter.
        job_id: for error messages.
        deadline: seconds since the epoch after which faults are not ridden out any longer.

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
        reply = yield from ask(request)
        delay = retry_delay(request, reply, attempt, settings.retries, settings.random())
        if delay is None:
            return _judged(request, reply, job_id)
        failing_since = reply.at if failing_since is None else failing_since
        if deadline is not None and reply.at >= deadline:
            raise JobTimeoutError(
                f"The job did not end in time, and lately the service could not be asked: {_told(reply)}.",
                job_id=job_id,
            )
        if reply.at + delay - failing_since > settings.retries.tolerance:
            raise _error(ServiceUnavailableError, reply, job_id)
        if deadline is not None:
            delay = min(delay, deadline - reply.at)
        log.warning("%s %s: %s; again in %.1f s", request.method, request.path, _told(reply), delay)
        yield Sleep(delay)
        attempt += 1


def _judged(request: Request, reply: Response | NoReply, job_id: str | None) -> Response:
    if isinstance(reply, Response) and reply.status < 300:  # noqa: PLR2004
        return reply
    if not request.repeatable and may_have_arrived(reply):
        raise _error(SubmissionLostError, reply, job_id)
    if isinstance(reply, NoReply):
        raise _error(ServiceUnavailableError, reply, job_id)
    raise _error(_error_class(reply), reply, job_id)


def _error_class(reply: Response) -> type[ServiceError]:
    if reply.status == 403:  # noqa: PLR2004
        quota = "quota" in fault_of_body(reply.payload()).message.lower() or "retry-after" in reply.headers
        return QuotaExceededError if quota else AccessDeniedError
    return _REFUSALS.get(reply.status, RequestRefusedError)


def _told(reply: Response | NoReply) -> str:
    """What came back, in a few words."""
    if isinstance(reply, NoReply):
        return reply.reason[:_MESSAGE_LENGTH].rstrip(".")
    message = fault_of_body(reply.payload()).message
    if not message:
        return f"HTTP {reply.status} with a body that is no answer of the service"
    return message[:_MESSAGE_LENGTH].rstrip(".")


def _error(
    class_: type[ServiceError | SubmissionLostError], reply: Response | NoReply, job_id: str | None
) -> ServiceError | SubmissionLostError:
    if isinstance(reply, NoReply):
        return class_(f"The service did not answer: {_told(reply)}.", job_id=job_id)
    fault = fault_of_body(reply.payload())
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
