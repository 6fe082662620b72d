"""One job of a corpus, from its submission to its rows, and what is to be done next if it went wrong."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from airflow_provider_language.causes import cause_of
from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    InvalidInputError,
    JobCancelledError,
    JobFailedError,
    LanguageError,
    RequestRefusedError,
    ResourceNotFoundError,
    ResultsError,
    ServiceUnavailableError,
    SubmissionLostError,
)
from airflow_provider_language.hooks import metrics
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.corpus.journal import JobNote, Stage
from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.origins import Origin
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.protocol.once.many import submit_noted
from airflow_provider_language.protocol.retries import RetryPolicy
from airflow_provider_language.running.corpus.accounts import total_of
from airflow_provider_language.running.corpus.looks import seen

if TYPE_CHECKING:
    from airflow_provider_language.running.corpus.journaling import Journaling
    from airflow_provider_language.running.corpus.lanes import JobOptions, Lane, Limits
    from airflow_provider_language.running.corpus.open_segments import OpenSegment, Work

log = logging.getLogger(__name__)

_OUT = (AuthenticationError, AccessDeniedError, ServiceUnavailableError)
"""Errors of a connection, and not of a job."""
TOO_MANY = 3
"""Documents that are refused alone before any job was accepted, or jobs that fail for what they were asked
before any had a result, after which it is not the documents that are wrong."""


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Args:
        works: that are to be done next.
        out: why its connection is left out from now on; None if it is not.
        is_open: whether the job was submitted, and nobody could ask how it ended.
    """

    works: list[Work]
    out: LanguageError | None = None
    is_open: bool = False


class Jobs:
    """Runs jobs of a corpus.

    Args:
        options: of their submissions.
        limits: of the run.
        journaling: writes the journal.
        accepted: told of each job when it is.

    Attributes:
        collecting: the jobs that are waited for, by name.
        unseen: those of them that an earlier try, or another worker, has submitted, and no look has shown yet
            to go on.
    """

    def __init__(
        self,
        options: JobOptions,
        limits: Limits,
        journaling: Journaling,
        accepted: Callable[[JobNote], None],
    ) -> None:
        self._options = options
        self._limits = limits
        self._journaling = journaling
        self._accepted = accepted
        before = total_of(journaling.journal.segments.values())
        self._charged = before.records_charged + before.records_lost
        self._has_accepted = before.jobs > 0
        self._refused = 0
        self._has_results = before.ok > 0
        self._failed_alone = 0
        self._warned: set[str] = set()
        self.collecting: dict[str, JobNote] = {}
        self.unseen: set[str] = set()

    async def run(self, lane: Lane, segment: OpenSegment, work: Work) -> Outcome:
        """Submit a job, unless it was, and take its rows.

        Raises:
            LanguageError: nothing of the run can go on.
        """
        note = work.note
        is_earlier = note is not None
        if note is None:
            async with lane.submitting:
                submitted = await self._submitted(lane, segment, work)
            if isinstance(submitted, Outcome):
                return submitted
            note = submitted
            self._has_accepted = True
            self._accepted(note)
        else:
            self.unseen.add(work.name)
        self.collecting[work.name] = note
        try:
            submitted_work = replace(work, note=note)
            return await self._collected(lane, segment, submitted_work, note, is_earlier=is_earlier)
        finally:
            self.collecting.pop(work.name, None)
            self.unseen.discard(work.name)

    @staticmethod
    async def cancel(notes: Iterable[JobNote], lanes: Iterable[Lane]) -> None:
        """Cancel jobs, all together; that one cannot be cancelled stops nobody."""
        by_name = {lane.conn_id: lane for lane in lanes}
        at_once = RetryPolicy(tolerance=0.0)
        flows_ = [
            (
                lane,
                flows.cancel(lane.player.handle(str(note.location)), replace(lane.settings, retries=at_once)),
            )
            for note in notes
            if (lane := by_name.get(note.connection)) is not None
        ]
        log.info("Cancelling %d jobs", len(flows_))
        await asyncio.gather(*(lane.player.play(flow) for lane, flow in flows_), return_exceptions=True)

    async def _submitted(self, lane: Lane, segment: OpenSegment, work: Work) -> JobNote | Outcome:
        if lane.out is not None:
            return Outcome([work])
        records = segment.records(work.rows, len(work.tasks))
        self._promise(records)
        try:
            return await self._submit(lane, segment, work)
        except _OUT as error:
            self._charged -= records
            return Outcome([work], out=error)
        except (RequestRefusedError, InvalidInputError) as error:
            self._charged -= records
            return Outcome(self._without_the_culprit(segment, work, error))
        except SubmissionLostError as error:
            if self._limits.on_lost_submission == "fail":
                raise
            log.warning("%s The documents of job %s are submitted again", error, work.name)
            return Outcome(segment.again(work))

    async def _submit(self, lane: Lane, segment: OpenSegment, work: Work) -> JobNote:
        documents = segment.documents(work)
        submission = self._options.submission(work.name, documents, segment.tasks_of(work))
        order = lane.order(submission, segment.intended(work, lane.conn_id))
        note = await lane.player.play(submit_noted(order, lane.settings), self._journaling)
        metrics.job_submitted(submission)
        return note

    def _promise(self, records: int) -> None:
        """Count text records as charged from before they are; those that may be lost stay so.

        Raises:
            InvalidInputError: they would be more than are allowed.
        """
        most = self._limits.max_text_records
        if most is not None and self._charged + records > most:
            raise InvalidInputError(
                f"{self._charged} text records are charged, or perhaps are, and max_text_records is {most}: "
                "nothing more is submitted. What has landed is complete; with a higher bound, the same run "
                "goes on from here."
            )
        self._charged += records

    def _without_the_culprit(self, segment: OpenSegment, work: Work, error: LanguageError) -> list[Work]:
        """Of a job that is refused, find the document that is to blame, and let the others go on.

        Raises:
            RequestRefusedError: it is not the documents: several were refused alone, and no job accepted.
        """
        if len(work.rows) > 1:
            return segment.halve(work)
        self._refused += 1
        if not self._has_accepted and self._refused >= TOO_MANY and isinstance(error, RequestRefusedError):
            raise error
        return segment.fail(work, ServiceFault(error.code or type(error).__name__, error.message))

    async def _collected(
        self, lane: Lane, segment: OpenSegment, work: Work, note: JobNote, *, is_earlier: bool
    ) -> Outcome:
        settings = replace(lane.settings, resource=lane.player.resource, tells_progress=False)
        origin, began = Origin(note.at, note.records), time.time()
        try:
            handle = lane.player.handle(str(note.location))
            flow = flows.collect(
                handle,
                settings,
                segment.expected(work),
                origin=origin,
                ended=lambda job: metrics.job_awaited(job, time.time() - began),
            )
            rows = await lane.player.play(seen(flow, lambda: self.unseen.discard(work.name)))
        except JobFailedError as error:
            return await self._failed(segment, work, note, error, is_earlier=is_earlier)
        except (JobCancelledError, ResourceNotFoundError, ResultsError) as error:
            code = error.code or type(error).__name__.removesuffix("Error")
            return Outcome(segment.fail(work, ServiceFault(code, error.message), missing=True))
        except _OUT as error:
            return Outcome([], out=error, is_open=True)
        self._has_results = self._has_results or any(row.status is RowStatus.OK for row in rows)
        self._warn_of_tasks(rows)
        return Outcome(segment.take(work, rows))

    def _warn_of_tasks(self, rows: Sequence[Row]) -> None:
        """Tell early of a task that fails alike on all documents, while the others give what was paid for."""
        failed = {row.task for row in rows if row.status is RowStatus.ERROR} - self._warned
        for task in failed - {row.task for row in rows if row.status is RowStatus.OK}:
            code, message = next((row.error_code, row.error_message) for row in rows if row.task == task)
            cause = cause_of(code, message or "")
            if cause is not None and cause.lasts:
                self._warned.add(task)
                log.warning(
                    "Task %s fails on all documents of a job, and the run goes on with the others: %s. %s "
                    "A run with this task alone can make up for it.",
                    *(task, code, cause.next_step),
                )

    async def _failed(
        self, segment: OpenSegment, work: Work, note: JobNote, error: JobFailedError, *, is_earlier: bool
    ) -> Outcome:
        """What is next of a job of which every task failed.

        Where the cause is in the resource, or in what each job asks of it, all others would fail alike. A job
        of an earlier try says nothing of what is so by now: its documents are submitted again.

        Raises:
            JobFailedError: the cause lasts, and is not in the documents: nothing more is to be submitted.
        """
        cause = cause_of(error.code, error.message)
        if cause is not None and cause.lasts:
            await self._journaling.note(replace(note, stage=Stage.GIVEN_UP).to_entry())
            if not is_earlier:
                raise error
            return Outcome(segment.again(work))
        self._failed_alone += not error.retryable
        if self._failed_alone >= TOO_MANY and not self._has_results:
            raise error
        return Outcome(segment.fail(work, ServiceFault(error.code or "JobFailed", error.message)))
