"""What a try makes of the record of an earlier one: submit, attach, replace, wait, stand aside, or a loss."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from airflow_provider_language.protocol.defaults import Policy
from airflow_provider_language.protocol.jobs.status import Job, State
from airflow_provider_language.protocol.once.fingerprints import has_changed, is_comparable
from airflow_provider_language.protocol.once.record import Attempt, Phase, Record

LEASE_MARGIN = 30.0
"""Seconds, beside the connection's timeouts, for which an intention counts as a submission under way."""


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


class Move(Enum):
    """What a try does about the submission."""

    SUBMIT = "submit"
    ATTACH = "attach"
    REPLACE = "replace"
    AWAIT = "await"
    LOST = "lost"
    STAND_ASIDE = "stand aside"


@dataclass(frozen=True)
class Plan:
    """A move, and why.

    Args:
        move: SUBMIT a job; ATTACH to the recorded one; REPLACE it, for it is no longer wanted; AWAIT what
            another try is just doing; decide about a LOST submission; STAND_ASIDE for a later try.
        reason: for the log; empty where nothing is to be said.
        seconds: how long to wait at most, in an AWAIT.
    """

    move: Move
    reason: str = ""
    seconds: float = 0.0


def plan(
    record: Record | None,
    attempt: Attempt,
    wanted: str,
    *,
    now: float,
    lease: float,
    seen: float | None = None,
) -> Plan:
    """Decide what a try does, by what the record says.

    Args:
        record: None if there is none, which is not the same as one that cannot be read.
        attempt: this try.
        wanted: the fingerprint of what it would submit.
        now: in seconds since the epoch.
        lease: seconds for which an intention is taken for a submission that is under way.
        seen: since when this try has seen the record as it is, by its own clock; None for since now. An
            intention is not younger than that, whatever the clock said by which it was written.
    """
    if record is None:
        return Plan(Move.SUBMIT)
    if record.attempt > attempt.number:
        return Plan(Move.STAND_ASIDE, f"try {record.attempt} of this task has taken over")
    if record.life != attempt.life:
        return Plan(Move.REPLACE, "the task was cleared")
    if record.phase is not Phase.ACCEPTED:
        return _unfinished(record, now, lease, now if seen is None else seen)
    if has_changed(record.fingerprint, wanted):
        return Plan(Move.REPLACE, "the documents or the parameters have changed")
    known = is_comparable(record.fingerprint, wanted)
    return Plan(Move.ATTACH, "" if known else "whether its input is still the same cannot be told")


def _unfinished(record: Record, now: float, lease: float, seen: float) -> Plan:
    if record.phase is Phase.REFUSED:
        return Plan(Move.SUBMIT)
    left = min(record.at, seen, now) - now + lease
    if record.phase is Phase.INTENDED and left > 0:
        return Plan(Move.AWAIT, "another try is submitting", left)
    return Plan(Move.LOST)


def losses(record: Record | None, attempt: Attempt, move: Move) -> int:
    """How many submissions of this life are lost by the time of the next one; a clear begins a new life."""
    if record is None or record.life != attempt.life:
        return 0
    return record.lost + (move is Move.LOST)


def unusable(job: Job) -> str | None:
    """Why a try submits anew instead of going on with the job that is recorded; None if it goes on."""
    if job.state is State.FAILED:
        return "its job failed"
    if job.state in (State.CANCELLED, State.CANCELLING):
        return "its job was cancelled"
    return None
