"""Looks at a job, and reads the pages of its results."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_language.exceptions import (
    IncompleteResultsError,
    JobCancelledError,
    JobFailedError,
    JobNotFinishedError,
    ServiceUnavailableError,
)
from airflow_provider_language.protocol.exchanges import Settings, exchange, unreadable
from airflow_provider_language.protocol.jobs.expected import ExpectedResults
from airflow_provider_language.protocol.jobs.handles import JobHandle
from airflow_provider_language.protocol.jobs.results import Row, rows_from
from airflow_provider_language.protocol.jobs.status import Job, State, job_from
from airflow_provider_language.protocol.jobs.targets import Aims
from airflow_provider_language.protocol.wire import Flow, Request, Response

MOST_DOCUMENTS = 1000
"""How many documents a job may have where it is not known what went in: many times what the service takes."""
REASONS = 3
"""How many of a failed job's errors are told."""


def look(handle: JobHandle, request: Request, settings: Settings, deadline: float | None = None) -> Flow[Job]:
    """Look at a job by a request of its handle.

    Raises:
        ServiceError: the service refuses, or does not answer for longer than the tolerance.
        JobTimeoutError: the deadline came while the service did not answer.
    """
    reply = yield from exchange(request, settings, job_id=handle.job_id, deadline=deadline)
    return job_of(handle, reply)


def job_of(handle: JobHandle, reply: Response) -> Job:
    """The job that an answer tells of.

    Raises:
        ServiceError: the answer cannot be read, or is about another job.
    """
    payload = reply.payload
    job = job_from(handle.surface, payload) if payload is not None else None
    if job is None:
        raise unreadable(reply, handle.job_id)
    if job.job_id.casefold() != handle.job_id.casefold():
        raise ServiceUnavailableError(
            "The answer is about another job than the one that was asked for.",
            status=reply.status,
            request_id=reply.request_id,
            job_id=handle.job_id,
        )
    return job if job.job_id == handle.job_id else replace(job, job_id=handle.job_id)


def pages(
    handle: JobHandle, settings: Settings, first: Job | None = None, *, documents: int = MOST_DOCUMENTS
) -> Flow[tuple[Job, ...]]:
    """Read all pages of a job's results, in as few requests as the service allows.

    The page after this one is announced by a URL; only its two numbers are used (docs/service.md, paging).

    Args:
        handle: the job.
        settings: retry policy and jitter.
        first: the first page, where it has been read already (:func:`collect`).
        documents: how many went in; no page is asked for that begins after them.

    Raises:
        JobNotFinishedError: the job is still running.
        JobFailedError: all its tasks failed.
        JobCancelledError: it was cancelled.
        IncompleteResultsError: the pages do not go forward, or go on after the last document.
    """
    if first is None:
        first = yield from look(handle, handle.first_page(), settings)
    _check_has_results(first)
    found = [first]
    skipped = 0
    while (page := found[-1].next_page) is not None:
        if page.skip > documents:
            raise IncompleteResultsError(
                f"The results from {page.skip} on are announced, of {documents} documents at most.",
                job_id=handle.job_id,
            )
        if page.skip <= skipped:
            raise IncompleteResultsError(
                f"After the results from {skipped} on, those from {page.skip} on are announced.",
                job_id=handle.job_id,
            )
        skipped = page.skip
        request = handle.look(top=page.top, skip=page.skip, show_stats=True)
        found.append((yield from look(handle, request, settings)))
    return tuple(found)


def _check_has_results(job: Job) -> None:
    reasons = "; ".join(Aims(job).in_words()[:REASONS]) or "the service gave no reason"
    code = (job.faults[0].code or None) if job.faults else None
    if not job.state.ended:
        raise JobNotFinishedError(f"The job is {job.status}.", job_id=job.job_id)
    if job.state is State.FAILED:
        raise JobFailedError(f"The job failed: {reasons}.", code=code, job_id=job.job_id)
    if job.state is State.CANCELLED:
        raise JobCancelledError("The job was cancelled and has no results.", job_id=job.job_id)


def results(
    handle: JobHandle,
    settings: Settings,
    expected: ExpectedResults | None = None,
    first: Job | None = None,
) -> Flow[tuple[Row, ...]]:
    """Read a job's results as rows, each document exactly once per task.

    Args:
        handle: the job.
        settings: retry policy and jitter.
        expected: what went in; without it, a document that no task speaks of goes unnoticed.
        first: the first page, where it has been read already.

    Raises:
        IncompleteResultsError: what went in and what came out do not reconcile.
        JobError: the job has no results.
    """
    most = MOST_DOCUMENTS if expected is None else len(expected.documents)
    return rows_from((yield from pages(handle, settings, first, documents=most)), expected)
