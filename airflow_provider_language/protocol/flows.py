"""The conversations with the service about a job: submit, get, wait, collect, cancel.

A flow is a generator: it yields a step (wire.py) and is sent what came of it. It knows no HTTP library
and no clock; every reply carries its time. A transport plays it in a few lines, in a worker or a triggerer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import (
    InvalidInputError,
    JobTimeoutError,
    RequestRefusedError,
    SubmissionLostError,
)
from airflow_provider_language.protocol.exchanges import Sending, Settings, exchange
from airflow_provider_language.protocol.jobs.expected import ExpectedResults
from airflow_provider_language.protocol.jobs.handles import JobHandle, handle_of_answer
from airflow_provider_language.protocol.jobs.origins import UNKNOWN, Origin
from airflow_provider_language.protocol.jobs.results import Row
from airflow_provider_language.protocol.jobs.status import Job
from airflow_provider_language.protocol.pacing.durations import Group
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.pacing.waits import Wait
from airflow_provider_language.protocol.result_pages import job_of, look, results
from airflow_provider_language.protocol.surfaces import CancelVerb
from airflow_provider_language.protocol.wire import Flow, NoReply, Request, Response, ask, rest

if TYPE_CHECKING:
    from airflow_provider_language.protocol.inputs.submissions import Submission

log = logging.getLogger(__name__)


def submit(submission: Submission, settings: Settings, send: Sending = ask) -> Flow[JobHandle]:
    """Submit a job.

    Args:
        submission: the job.
        settings: retry policy and jitter.
        send: how its request is sent each time.

    Returns:
        The job's handle, as soon as the service has accepted it (202).

    Raises:
        ServiceError: the service refuses the job.
        SubmissionLostError: nobody knows whether the job was accepted.
    """
    reply = yield from exchange(submission.to_request(), settings, send=send)
    handle = accepted(reply, submission)
    if handle is None:
        raise SubmissionLostError(
            "The answer to the submission names no job.",
            status=reply.status,
            request_id=reply.request_id,
        )
    return handle


def accepted(reply: Response | NoReply, submission: Submission) -> JobHandle | None:
    """The handle of the job that an answer to a submission names; None if it names none."""
    if not isinstance(reply, Response) or reply.status >= 300:  # noqa: PLR2004 - as in exchange
        return None
    location = reply.headers.get("operation-location", "")
    return handle_of_answer(location, submission.surface, submission.version)


def get(handle: JobHandle, settings: Settings, *, deadline: float | None = None) -> Flow[Job]:
    """Look at a job once, with the first page of what it has found.

    Args:
        handle: the job.
        settings: retry policy and jitter.
        deadline: seconds since the epoch after which faults are not ridden out any longer.

    Raises:
        ServiceError: the service refuses, or does not answer for longer than the tolerance.
        JobTimeoutError: the deadline came while the service did not answer.
    """
    return (yield from look(handle, handle.look(), settings, deadline))


def wait(
    handle: JobHandle,
    settings: Settings,
    *,
    deadline: float | None = None,
    origin: Origin = UNKNOWN,
) -> Flow[Job]:
    """Look at a job until it has ended, however it ended; see :func:`watch`.

    Raises:
        JobTimeoutError: the job has not ended at the deadline.
        ServiceError: as :func:`watch`.
    """
    return _ended((yield from watch(handle, settings, deadline=deadline, origin=origin)))


def _ended(job: Job) -> Job:
    if not job.state.ended:
        raise JobTimeoutError(f"The job is still {job.status} at its deadline.", job_id=job.job_id)
    return job


def watch(
    handle: JobHandle,
    settings: Settings,
    *,
    deadline: float | None = None,
    origin: Origin = UNKNOWN,
) -> Flow[Job]:
    """Look at a job until it has ended or the deadline has come.

    Args:
        handle: the job.
        settings: pace, retry policy, jitter, and what is known of the resource.
        deadline: seconds since the epoch; it is wall-clock time, since a wait may go on in another process.
            The last look comes at the deadline, not before.
        origin: what is known of how the job began.

    Returns:
        The job as last seen.

    Raises:
        ServiceError: the service refuses (401, 403, 404), or does not answer for longer than the tolerance.
        JobTimeoutError: the deadline came while the service did not answer.
    """
    return _watch(handle, handle.look(), settings, deadline, origin)


def _watch(
    handle: JobHandle,
    look: Request,
    settings: Settings,
    deadline: float | None,
    origin: Origin,
) -> Flow[Job]:
    group = Group.of(handle.surface.name, origin.text_records)
    resource = settings.resource or Resource()
    told: tuple[str, int] | None = None
    level = logging.INFO if settings.tells_progress else logging.DEBUG
    with resource.wait():
        began = yield from rest(0.0)
        wait = Wait(settings.pace, resource, group, began, origin.since, chance=settings.random())
        pause = wait.first_pause(settings.random(), deadline)
        while True:
            asked = yield from _slept(wait, pause, deadline)
            reply = yield from exchange(look, settings, job_id=handle.job_id, deadline=deadline)
            job = job_of(handle, reply)
            wait.saw(job, asked, reply.at)
            if job.state.ended or (deadline is not None and asked >= deadline):
                _tell_progress(job, told, level=level)
                return job
            pause = wait.next_pause(settings.random(), reply.at, deadline)
            told = _tell_progress(job, told, pause, level=level)


def _slept(wait: Wait, pause: float, deadline: float | None) -> Flow[float]:
    """Sleep through a pause, which ends sooner where other jobs teach so, and return the time afterwards."""
    left = pause
    while True:
        nap = wait.nap(left)
        now = yield from rest(nap)
        left = wait.left(left - nap, now, deadline)
        if left <= 0:
            return now


def _tell_progress(
    job: Job, told: tuple[str, int] | None, pause: float | None = None, *, level: int
) -> tuple[str, int]:
    """Log what is new, and when the next look comes, if there is one; nothing where nothing is new."""
    news = (job.status, job.finished)
    if news != told:
        progress = (job.job_id, job.status, job.finished, job.total)
        then = "" if pause is None else f"; next look in {pause:.0f} s"
        log.log(level, "Job %s: %s, %d of %d tasks finished%s", *progress, then)
    if not job.known_status and (told is None or told[0] != job.status):
        log.warning("Job %s: %r is no status we know; waiting on", job.job_id, job.status)
    return news


def collect(
    handle: JobHandle,
    settings: Settings,
    expected: ExpectedResults | None = None,
    *,
    deadline: float | None = None,
    origin: Origin = UNKNOWN,
    ended: Callable[[Job], None] = lambda _: None,
) -> Flow[tuple[Row, ...]]:
    """Wait for a job and read its results; the look that finds it ended is the first page already.

    Args:
        handle: the job.
        settings: as :func:`watch` takes them.
        expected: as :func:`results` takes it.
        deadline: in seconds since the epoch.
        origin: what is known of how the job began.
        ended: told of the job when it has ended, however it ended.

    Raises:
        JobTimeoutError: the job has not ended at the deadline.
        IncompleteResultsError: what went in and what came out do not reconcile.
        JobError: the job has no results.
    """
    last = _ended((yield from _watch(handle, handle.first_page(), settings, deadline, origin)))
    ended(last)
    return (yield from results(handle, settings, expected, last))


class Cancellation(Enum):
    """What became of the wish to cancel a job."""

    REQUESTED = "requested"
    ALREADY_ENDED = "already ended"


def cancel(handle: JobHandle, settings: Settings) -> Flow[Cancellation]:
    """Cancel a job; that it has ended already is no error.

    The service answers 400 for a job that has ended (recording cancel_in_terminal_state), in words that
    may change; so after a 400 the job itself is asked.

    Raises:
        InvalidInputError: the family cannot cancel (v3.1 analyze).
        ServiceError: the service refuses, or does not know the job.
    """
    verb = handle.surface.cancel
    if verb is CancelVerb.NONE:
        raise InvalidInputError(f"{handle.surface.name} cannot cancel a job.", job_id=handle.job_id)
    suffix = ":cancel" if verb is CancelVerb.POST else ""
    query = handle.surface.version_query(handle.version)
    request = Request(verb.value, handle.surface.job_path(handle.job_id) + suffix, query)
    try:
        yield from exchange(request, settings, job_id=handle.job_id)
    except RequestRefusedError:
        job = yield from get(handle, settings)
        if not job.state.ended:
            raise
        return Cancellation.ALREADY_ENDED
    return Cancellation.REQUESTED
