"""The protocol of the service, written once: submit, get, wait, results, cancel, detect languages, probe.

A flow is a generator: it yields a Request or a Sleep and is sent what came of it. It knows no HTTP library
and no clock; every reply carries its time. A transport plays it in a few lines, in a worker or a triggerer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from airflow_provider_language.analysis.detection import (
    detection_item,
    detection_job,
    detection_requests,
)
from airflow_provider_language.analysis.documents import Document, check_documents
from airflow_provider_language.analysis.durations import Group
from airflow_provider_language.analysis.exchanges import Settings, exchange, unreadable
from airflow_provider_language.analysis.handles import JobHandle, handle_of_answer
from airflow_provider_language.analysis.jobs import Job, State, job_from
from airflow_provider_language.analysis.origins import UNKNOWN, Origin
from airflow_provider_language.analysis.resources import Resource
from airflow_provider_language.analysis.results import Row, rows_from
from airflow_provider_language.analysis.submitted import Submitted
from airflow_provider_language.analysis.surfaces import DEFAULT_VERSION, CancelVerb
from airflow_provider_language.analysis.waits import Wait
from airflow_provider_language.analysis.wire import Awake, Flow, NoReply, Request, Response, Sleep
from airflow_provider_language.exceptions import (
    IncompleteResultsError,
    InvalidInputError,
    JobCancelledError,
    JobFailedError,
    JobNotFinishedError,
    JobTimeoutError,
    RequestRefusedError,
    SubmissionLostError,
)

if TYPE_CHECKING:
    from airflow_provider_language.analysis.submissions import Submission

log = logging.getLogger(__name__)


def submit(submission: Submission, settings: Settings) -> Flow[JobHandle]:
    """Submit a job.

    Returns:
        The job's handle, as soon as the service has accepted it (202).

    Raises:
        ServiceError: the service refuses the job.
        SubmissionLostError: nobody knows whether the job was accepted.
    """
    reply = yield from exchange(submission.to_request(), settings)
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
    return (yield from _look(handle, handle.look(), settings, deadline))


def _look(
    handle: JobHandle, request: Request, settings: Settings, deadline: float | None = None
) -> Flow[Job]:
    reply = yield from exchange(request, settings, job_id=handle.job_id, deadline=deadline)
    return _job(handle, reply)


def _job(handle: JobHandle, reply: Response) -> Job:
    payload = reply.payload()
    job = job_from(handle.surface, payload) if payload is not None else None
    if job is None:
        raise unreadable(reply, handle.job_id)
    return job


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
    group = Group.of(handle.surface.name, origin.records)
    resource = settings.resource or Resource()
    told: tuple[str, int] | None = None
    with resource.wait():
        began = yield from _sleep(0.0)
        wait = Wait(settings.pace, resource, group, began, origin.since, chance=settings.random())
        pause = wait.first_pause(settings.random(), deadline)
        while True:
            asked = yield from _sleep(pause)
            reply = yield from exchange(look, settings, job_id=handle.job_id, deadline=deadline)
            job = _job(handle, reply)
            told = _tell_progress(job, told)
            wait.saw(job, asked, reply.at)
            if job.state.ended or (deadline is not None and asked >= deadline):
                return job
            pause = wait.next_pause(settings.random(), reply.at, deadline)


def _sleep(seconds: float) -> Flow[float]:
    reply = yield Sleep(seconds)
    if not isinstance(reply, Awake):
        raise TypeError("a transport answered a sleep with the answer to a request")
    return reply.at


def _tell_progress(job: Job, told: tuple[str, int] | None) -> tuple[str, int]:
    """Log what is new, and nothing where nothing is."""
    news = (job.status, job.finished)
    if news != told:
        log.info("Job %s: %s, %d of %d tasks finished", job.job_id, job.status, job.finished, job.total)
    if not job.known_status and (told is None or told[0] != job.status):
        log.warning("Job %s: %r is no status we know; waiting on", job.job_id, job.status)
    return news


def pages(handle: JobHandle, settings: Settings, first: Job | None = None) -> Flow[tuple[Job, ...]]:
    """Read all pages of a job's results, in as few requests as the service allows.

    The page after this one is announced by a URL; only its two numbers are used (API.md section 1.4).

    Args:
        handle: the job.
        settings: retry policy and jitter.
        first: the first page, where it has been read already (:func:`collect`).

    Raises:
        JobNotFinishedError: the job is still running.
        JobFailedError: all its tasks failed.
        JobCancelledError: it was cancelled.
        IncompleteResultsError: the pages do not go forward.
    """
    if first is None:
        first = yield from _look(handle, handle.first_page(), settings)
    _check_has_results(first)
    found = [first]
    skipped = 0
    while (page := found[-1].next_page) is not None:
        if page.skip <= skipped:
            raise IncompleteResultsError(
                f"After the results from {skipped} on, those from {page.skip} on are announced.",
                job_id=handle.job_id,
            )
        skipped = page.skip
        request = handle.look(top=page.top, skip=page.skip, show_stats=True)
        found.append((yield from _look(handle, request, settings)))
    return tuple(found)


def _check_has_results(job: Job) -> None:
    reasons = "; ".join(fault.message.rstrip(".") for fault in job.faults) or "the service gave no reason"
    code = job.faults[0].code if job.faults else None
    if not job.state.ended:
        raise JobNotFinishedError(f"The job is {job.status}.", job_id=job.job_id)
    if job.state is State.FAILED:
        raise JobFailedError(f"The job failed: {reasons}.", code=code, job_id=job.job_id)
    if job.state is State.CANCELLED:
        raise JobCancelledError("The job was cancelled and has no results.", job_id=job.job_id)


def results(
    handle: JobHandle, settings: Settings, submitted: Sequence[Submitted] | None = None
) -> Flow[tuple[Row, ...]]:
    """Read a job's results as rows, each document exactly once per task.

    Raises:
        IncompleteResultsError: what went in and what came out do not reconcile.
        JobError: the job has no results.
    """
    return rows_from((yield from pages(handle, settings)), submitted)


def collect(
    handle: JobHandle,
    settings: Settings,
    submitted: Sequence[Submitted] | None = None,
    *,
    deadline: float | None = None,
    origin: Origin = UNKNOWN,
    ended: Callable[[Job], None] = lambda _: None,
) -> Flow[tuple[Row, ...]]:
    """Wait for a job and read its results; the look that finds it ended is the first page already.

    Args:
        handle: the job.
        settings: as :func:`watch` takes them.
        submitted: as :func:`results` takes it.
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
    return rows_from((yield from pages(handle, settings, last)), submitted)


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


def detect_language(
    documents: Sequence[Document], settings: Settings, version: str = DEFAULT_VERSION
) -> Flow[tuple[Row, ...]]:
    """Detect the documents' languages, synchronously and in as many requests as needed.

    Raises:
        InvalidInputError: the documents are refused before anything is sent.
        ServiceError: the service refuses.
    """
    check_documents(documents)
    rows: list[Row] = []
    for request in detection_requests(documents, version):
        reply = yield from exchange(request, settings)
        payload = reply.payload()
        if payload is None or not isinstance(payload.get("results"), dict):
            raise unreadable(reply)
        submitted = [Submitted(row["id"]) for row in (request.body or {})["analysisInput"]["documents"]]
        rows += rows_from([detection_job(detection_item(payload))], submitted)
    return tuple(rows)


def probe(settings: Settings, version: str = DEFAULT_VERSION) -> Flow[None]:
    """Find out, at no cost, whether endpoint and key are right: submit a job without documents.

    The service checks the key first, then refuses the empty job (400), and bills nothing.

    Raises:
        ServiceError: what is wrong: AuthenticationError for the key, ResourceNotFoundError for an endpoint
            that is not the Language service, ServiceUnavailableError for a host that does not answer.
    """
    body = {"analysisInput": {"documents": []}, "tasks": []}
    request = Request("POST", "/language/analyze-text/jobs", (("api-version", version),), body)
    try:
        reply = yield from exchange(request, settings)
    except RequestRefusedError as refusal:
        if refusal.code:
            return
        raise
    raise unreadable(reply)
