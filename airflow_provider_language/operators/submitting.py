"""Submits a job once, whatever happens to the task in between: intention and job are written down."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from airflow_provider_language.analysis.jobs import is_expired
from airflow_provider_language.analysis.records import (
    Attempt,
    Phase,
    Plan,
    Record,
    Step,
    fingerprint,
    losses,
    plan,
    unusable,
)
from airflow_provider_language.exceptions import (
    JobExpiredError,
    RecordError,
    ResourceNotFoundError,
    SubmissionLostError,
    SupersededError,
)

if TYPE_CHECKING:
    from airflow_provider_language.analysis.submissions import Submission
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.operators.records import RecordStore

log = logging.getLogger(__name__)

Policy: TypeAlias = Literal["resubmit", "fail"]

LEASE_MARGIN = 30.0
"""Seconds, beside the connection's timeouts, for which an intention counts as a submission under way."""
LOOK_AGAIN = 2.0
"""Seconds between looks at the record of another try that is submitting."""


@dataclass(frozen=True)
class Policies:
    """What a task does in the cases that have no right answer.

    Args:
        on_lost_submission: nobody knows whether the service accepted the last submission.
        on_expired: the service no longer keeps the job that an earlier try submitted.
        cancels_replaced: whether a job that is no longer wanted is cancelled.
    """

    on_lost_submission: Policy = "resubmit"
    on_expired: Policy = "resubmit"
    cancels_replaced: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What a submission needs of the task around it.

    Args:
        cancel: cancels the job of an operation-location as well as it can.
        on_accepted: told of the operation-location of a job that this try has from now on to answer for,
            before it is written down.
        is_killed: whether the task is being ended, so that nothing is sent any more.
        clock: the time, in seconds since the epoch.
        sleep: waits for so many seconds.
    """

    cancel: Callable[[str], None]
    on_accepted: Callable[[str], None]
    is_killed: Callable[[], bool]
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class RecordChanged(Exception):  # noqa: N818 - no error: it makes a try decide anew
    """Another try wrote the record since this one read it."""


class RecordKeeper:
    """Reads and writes the record of one task instance, and notices when another try wrote it.

    Args:
        store: where it lies.
    """

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._seen: Record | None = None

    def read(self) -> Record | None:
        """The record as it is now."""
        self._seen = self._read()
        return self._seen

    def write(self, record: Record) -> None:
        """Replace the record, unless it is not as it was last read or written here.

        Raises:
            RecordChanged: another try wrote it, and it is not ours before it has been read again.
            RecordError: it cannot be read or written.
        """
        if self._read() != self._seen:
            raise RecordChanged
        try:
            self._store.write(record.to_dict())
        except RecordError:
            # Airflow 3.3 refuses what a try writes whose successor runs, and lets it read nothing.
            if self._read() != self._seen:
                raise RecordChanged from None
            raise
        self._seen = record

    def _read(self) -> Record | None:
        found = self._store.read()
        return None if found is None else Record.from_dict(found)


class RecordedSubmission:
    """Writes down what becomes of one submission: the hook's witness.

    Args:
        keeper: of the record.
        intended: the record of the intention.
        around: the task.
    """

    def __init__(self, keeper: RecordKeeper, intended: Record, around: Surroundings) -> None:
        self._keeper = keeper
        self._around = around
        self.record = intended
        self.is_recorded = False

    def sending(self) -> None:
        """Write the intention down, each time with the time at which its lease begins."""
        if self._around.is_killed():
            raise SupersededError("The task is being ended, so nothing was submitted.")
        intended = replace(self.record, at=self._around.clock())
        self._keeper.write(intended)
        self.record = intended

    def accepted(self, operation_location: str) -> None:
        """Write the job down. If that fails, the task goes on: its XCom and its deferral know it, too."""
        self._around.on_accepted(operation_location)
        self.record = self.record.accepted(operation_location, self._around.clock())
        try:
            self._keeper.write(self.record)
            self.is_recorded = True
        except RecordChanged:
            self._around.cancel(operation_location)
            raise SupersededError(
                f"Another try took over while this one submitted, so {operation_location} was cancelled."
            ) from None
        except RecordError as error:
            log.warning("Submitted %s could not be recorded: %s", operation_location, error)

    def refused(self) -> None:
        """Write down that nothing was accepted, so that whoever comes next need not take it for lost."""
        self.settle(Phase.REFUSED)

    def settle(self, phase: Phase) -> None:
        """Write down that there is no job, or that nobody knows; a record that is not ours stays."""
        settled = self.record.settled(phase, self._around.clock())
        try:
            self._keeper.write(settled)
        except (RecordChanged, RecordError) as error:
            log.warning("%s could not be recorded: %s", phase.value.capitalize(), error)


class Submitter:
    """Submits the job of one task instance, or finds the one that an earlier try submitted.

    The service has neither an idempotency key nor a list of jobs (API.md section 8). So the intention is
    written down before the submission is sent, and the job as soon as it is accepted; a record that is not as
    this try last saw it belongs to another try, and makes this one decide anew.

    Args:
        hook: of the connection.
        store: keeps the record.
        attempt: this try.
        policies: for what has no right answer.
        around: the task.
    """

    def __init__(
        self,
        hook: LanguageHook,
        store: RecordStore,
        attempt: Attempt,
        policies: Policies,
        around: Surroundings,
    ) -> None:
        self._hook = hook
        self._keeper = RecordKeeper(store)
        self._attempt = attempt
        self._policies = policies
        self._around = around
        self.is_recorded = True

    def submit_once(self, submission: Submission) -> Record:
        """Submit the job, unless an earlier try did and it can be gone on with.

        Returns:
            The record, with the job's operation-location.

        Raises:
            RecordError: what was submitted before cannot be read.
            SupersededError: a later try has taken over.
            SubmissionLostError: nobody knows whether the job was accepted, now or before.
            JobExpiredError: the service no longer keeps the job, and the policy is to fail.
            ServiceError: the service refuses the job.
        """
        wanted = self._fingerprint(submission)
        while True:
            record = self._keeper.read()
            next_ = plan(record, self._attempt, wanted, now=self._around.clock(), lease=self._lease)
            if next_.step is Step.AWAIT:
                log.info("Waiting up to %.0f s: %s", next_.seconds, next_.reason)
                self._around.sleep(min(next_.seconds, LOOK_AGAIN))
                continue
            try:
                return self._go_on(submission, next_, record)
            except RecordChanged:
                log.info("Another try of this task is at work; deciding anew")

    def was_taken_over(self) -> bool:
        """Whether the recorded job was submitted by an earlier try than this one."""
        record = self._keeper.read()
        return record is not None and record.taken_over and record.attempt == self._attempt.number

    def _go_on(self, submission: Submission, next_: Plan, record: Record | None) -> Record:
        if next_.step is Step.STAND_ASIDE:
            raise SupersededError(f"Nothing was submitted: {next_.reason}.")
        if record is not None:
            if next_.step is Step.ATTACH and (attached := self._attach(record)) is not None:
                return attached
            if next_.step is Step.REPLACE:
                self._give_up(record, next_.reason)
            if next_.step is Step.LOST:
                self._tell_lost(record)
        return self._submit(submission, losses(record, self._attempt, next_.step))

    def _attach(self, record: Record) -> Record | None:
        """Take the recorded job over; None if it is of no use any more."""
        location = str(record.location)
        self._around.on_accepted(location)
        reason = self._why_not(record, location)
        if reason is not None:
            log.warning("Submitting again what was submitted as %s, as %s", location, reason)
            return None
        mine = record.by(self._attempt)
        self._keeper.write(mine)
        log.info("Going on with %s, which try %d submitted", location, record.attempt)
        return mine

    def _why_not(self, record: Record, location: str) -> str | None:
        try:
            return unusable(self._hook.get(location))
        except ResourceNotFoundError as error:
            if not is_expired(record.at, self._around.clock()):
                raise
            if self._policies.on_expired == "fail":
                raise JobExpiredError(error.message, status=error.status, job_id=error.job_id) from error
            return "the service no longer keeps its job"

    def _give_up(self, record: Record, reason: str) -> None:
        if record.location is None:
            return
        log.warning("%s is no longer wanted, as %s", record.location, reason)
        if self._policies.cancels_replaced:
            self._around.cancel(record.location)

    def _tell_lost(self, record: Record) -> None:
        lost = (
            f"Nobody knows whether the service accepted what try {record.attempt} submitted as "
            f"{record.display_name!r}."
        )
        if self._policies.on_lost_submission == "fail":
            raise SubmissionLostError(lost)
        log.warning("%s Submitting it again, which is billed again if it was accepted", lost)

    def _submit(self, submission: Submission, lost: int) -> Record:
        intended = Record(
            attempt=self._attempt.number,
            life=self._attempt.life,
            fingerprint=self._fingerprint(submission),
            display_name=submission.display_name or "",
            phase=Phase.INTENDED,
            at=self._around.clock(),
            lost=lost,
        )
        witness = RecordedSubmission(self._keeper, intended, self._around)
        try:
            self._hook.submit_job(submission, witness)
        except SubmissionLostError:
            log.warning("The answer to the submission of %r was lost", submission.display_name)
            witness.settle(Phase.LOST)
            raise
        self.is_recorded = witness.is_recorded
        return witness.record

    def _fingerprint(self, submission: Submission) -> str:
        return fingerprint(submission, self._hook.connection_settings.endpoint.url)

    @property
    def _lease(self) -> float:
        """How long a submission can be under way: as long as its one request can take."""
        return sum(self._hook.connection_settings.timeout) + LEASE_MARGIN
