"""Submitting a job once, whatever happened to the tries before: intention and job are written down.

The service knows no idempotency key and lists no jobs: its OpenAPI documents have no such header and no such
operation. So the intention is written down before the submission is sent, and the job as soon as it is
accepted; a record that is not as this try last saw it belongs to another try, and makes this one decide anew.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from airflow_provider_language.exceptions import (
    JobExpiredError,
    ResourceNotFoundError,
    SubmissionLostError,
    SupersededError,
)
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.jobs.handles import handle_from
from airflow_provider_language.protocol.jobs.status import is_expired
from airflow_provider_language.protocol.once.case import Case
from airflow_provider_language.protocol.once.notes import Overtaken, kept, obstacle, record_in
from airflow_provider_language.protocol.once.plan import Move, Plan, Policies, losses, plan, unusable
from airflow_provider_language.protocol.once.record import Attempt, Phase, Record
from airflow_provider_language.protocol.once.replaced import cancel, give_up, give_up_forgotten
from airflow_provider_language.protocol.retries import may_have_arrived
from airflow_provider_language.protocol.wire import (
    Deed,
    Flow,
    NoReply,
    Note,
    Obstacle,
    ReadRecord,
    Recorded,
    Request,
    Response,
    Unrecorded,
    WriteRecord,
    do,
    rest,
)

log = logging.getLogger(__name__)

LOOK_AGAIN = 2.0
"""Seconds between looks at the record of another try that is submitting."""
APART = 1.5
"""Seconds that are added by chance: long enough for a submission, so that the other try finds its note."""


@dataclass(frozen=True)
class Kept:
    """The job that a try goes on with.

    Args:
        record: of its submission, with its operation-location.
        is_recorded: whether the next try will find it; if not, the store did not take it.
    """

    record: Record
    is_recorded: bool = True


def submit_once(case: Case) -> Flow[Kept]:
    """Submit a job, unless an earlier try did and its job can be gone on with.

    Raises:
        RecordError: what was submitted before cannot be read, or an intention cannot be written down.
        SupersededError: a later try has taken over, or the task is being ended.
        SubmissionLostError: nobody knows whether the job was accepted, now or before.
        JobExpiredError: the service no longer keeps the job, and the policy is to fail.
        ServiceError: the service refuses the job.
    """
    seen: Recorded | None = None
    while True:
        found = yield from kept(ReadRecord())
        seen = _since(seen, found)
        record = case.record_in(found)
        next_ = plan(record, case.attempt, case.fingerprint, now=found.at, lease=case.lease, seen=seen.at)
        if next_.move is Move.AWAIT:
            log.info("Waiting up to %.0f s: %s", next_.seconds, next_.reason)
            # Two tries that wait for the same end of an intention are not to submit in the same moment.
            yield from rest(min(next_.seconds, LOOK_AGAIN) + APART * case.settings.random())
            continue
        try:
            return (yield from _go_on(case, next_, record, found))
        except Overtaken:
            log.info("Another try of this task is at work; deciding anew")


def was_taken_over(attempt: Attempt) -> Flow[bool]:
    """Whether the recorded job was submitted by an earlier try than this one.

    Raises:
        RecordError: that cannot be read.
    """
    record = record_in((yield from kept(ReadRecord())))
    return record is not None and record.taken_over and record.attempt == attempt.number


def _since(seen: Recorded | None, found: Recorded) -> Recorded:
    """What is recorded, and since when it has been seen so; no later than now, if the clock is set back."""
    if seen is None or seen.note != found.note:
        return found
    return Recorded(found.note, min(seen.at, found.at))


def _go_on(case: Case, next_: Plan, record: Record | None, found: Recorded) -> Flow[Kept]:
    if next_.move is Move.STAND_ASIDE:
        raise SupersededError(f"Nothing was submitted: {next_.reason}.")
    if record is not None and next_.move is Move.ATTACH:
        mine = record.by(case.attempt)
        found = yield from kept(WriteRecord(mine.to_dict(), found.note))
        reason = yield from _why_not(case, record)
        if reason is None:
            doubt = f"; {next_.reason}" if next_.reason else ""
            log.info("Going on with %s, which try %d submitted%s", record.location, record.attempt, doubt)
            return Kept(mine)
        log.warning("Submitting again what was submitted as %s, as %s", record.location, reason)
    elif record is not None and next_.move is Move.REPLACE:
        yield from give_up(case, record, next_.reason)
    elif record is not None and next_.move is Move.LOST:
        _tell_lost(case.policies, record)
    elif record is None and found.forgotten is not None:
        found = yield from give_up_forgotten(case, found)
    return (yield from _pay(case, losses(record, case.attempt, next_.move), found))


def _why_not(case: Case, record: Record) -> Flow[str | None]:
    """Why the recorded job cannot be gone on with; None if it can."""
    handle = handle_from(str(record.location), case.endpoint)
    try:
        return unusable((yield from flows.get(handle, case.settings)))
    except ResourceNotFoundError as error:
        if not is_expired(record.at, (yield from rest(0.0))):
            raise
        if case.policies.on_expired == "fail":
            raise JobExpiredError(error.message, status=error.status, job_id=error.job_id) from error
        return "the service no longer keeps its job"


def _tell_lost(policies: Policies, record: Record) -> None:
    lost = (
        f"Nobody knows whether the service accepted what try {record.attempt} submitted as "
        f"{record.display_name!r}."
    )
    if policies.on_lost_submission == "fail":
        raise SubmissionLostError(lost)
    log.warning("%s Submitting it again, which is billed again if it was accepted", lost)


def _pay(case: Case, lost: int, found: Recorded) -> Flow[Kept]:
    """Submit the job, and write down what becomes of it.

    Where the note of a job cannot be written the task goes on, for its XCom and its deferral know the job,
    too; unless another try has taken over, which submits one of its own.
    """
    log.info(
        "Submitting %d %s (%d characters) to %d tasks as %s",
        len(case.submission.documents),
        case.submission.surface.inputs,
        case.submission.characters,
        len(case.submission.tasks),
        case.submission.display_name,
    )
    payment = _Payment(case, case.intended(lost, found.at), found.note)
    try:
        handle = yield from flows.submit(case.submission, case.settings, payment.send)
    except SubmissionLostError:
        log.warning("The answer to the submission of %r was lost", case.submission.display_name)
        raise
    if payment.trouble is Obstacle.OVERTAKEN:
        location = handle.location(case.endpoint)
        yield from cancel(case, location)
        raise SupersededError(f"Another try took over while this one submitted, so {location} was cancelled.")
    return Kept(payment.record, is_recorded=payment.trouble is None)


class _Payment:
    """The deeds of one submission, of which there are several where it is refused for the moment.

    Args:
        case: what is submitted.
        intended: the record of the intention.
        over: what is recorded before.

    Attributes:
        record: what became of the submission.
        trouble: why that is not recorded; None if it is.
    """

    def __init__(self, case: Case, intended: Record, over: Note | None) -> None:
        self._case = case
        self._intended = intended
        self._over = over
        self.record = intended
        self.trouble: Obstacle | None = None

    def send(self, request: Request) -> Flow[Response | NoReply]:
        """Send the submission, noting before when it was sent, and after it what came of it."""
        deed = Deed(
            request,
            self._over,
            before=lambda at: replace(self._intended, at=at).to_dict(),
            after=lambda reply: self._settled(reply).to_dict(),
        )
        done = yield from do(deed)
        if isinstance(done, Unrecorded):
            raise obstacle(done)
        self._over, self.record = done.note, self._settled(done.reply)
        self.trouble = None if done.trouble is None else done.trouble.obstacle
        if done.trouble is not None:
            what = self.record.location or self.record.phase.value
            log.warning("What was submitted is %s, which could not be recorded: %s", what, done.trouble)
        return done.reply

    def _settled(self, reply: Response | NoReply) -> Record:
        """The record once there is an answer, or none: the service accepted, refused, or nobody knows."""
        handle = flows.accepted(reply, self._case.submission)
        if handle is not None:
            return self._intended.accepted(handle.location(self._case.endpoint), reply.at)
        return self._intended.settled(Phase.LOST if may_have_arrived(reply) else Phase.REFUSED, reply.at)
