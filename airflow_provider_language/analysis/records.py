"""The record of a submission: written before a job is paid for, and what a later try makes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from airflow_provider_language.analysis.jobs import Job, State
from airflow_provider_language.analysis.native_documents import NativeDocument
from airflow_provider_language.analysis.submissions import Submission
from airflow_provider_language.exceptions import RecordError

CANCELLING = "cancelling"


@dataclass(frozen=True)
class Attempt:
    """One try of one task instance.

    Args:
        number: Airflow's try number, which grows with every try, cleared or not.
        life: the same for all tries between two clears: Airflow's ``max_tries``, which a clear moves.
    """

    number: int
    life: int


class Phase(str, Enum):
    """How far a submission has come, as far as the task could write it down."""

    INTENDED = "intended"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True)
class Record:
    """What a task instance knows of its submission; it holds no text and no key.

    Args:
        attempt: the try number that wrote it.
        life: of the attempt.
        fingerprint: of what is submitted, and where (:func:`fingerprint`).
        display_name: comes back with the job's state: the mark by which a lost job can be told from others.
        phase: how far the submission has come.
        at: when that was, in seconds since the epoch.
        location: the job's operation-location, once it is accepted.
        lost: how many earlier submissions of this life nobody knows the job of.
        taken_over: whether the job was submitted by an earlier try than the one that wrote this.
    """

    attempt: int
    life: int
    fingerprint: str
    display_name: str
    phase: Phase
    at: float
    location: str | None = None
    lost: int = 0
    taken_over: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {**asdict(self), "phase": self.phase.value}

    @classmethod
    def from_dict(cls, value: object) -> Record:
        """Read what :meth:`to_dict` wrote.

        Raises:
            RecordError: it is something else.
        """
        try:
            if isinstance(value, Mapping):
                record = cls(**{**value, "phase": Phase(value["phase"])})
                if record._is_whole():
                    return record
        except (KeyError, TypeError, ValueError):
            pass
        raise RecordError("The record of what was submitted is damaged.")

    def _is_whole(self) -> bool:
        numbers = (self.attempt, self.life, self.lost)
        names = (self.fingerprint, self.display_name)
        return (
            all(type(number) is int for number in numbers)
            and all(isinstance(name, str) for name in names)
            and isinstance(self.at, (int, float))
            and isinstance(self.taken_over, bool)
            and isinstance(self.location, str) is (self.phase is Phase.ACCEPTED)
        )

    def accepted(self, location: str, now: float) -> Record:
        """The record once the service has accepted the job."""
        return replace(self, phase=Phase.ACCEPTED, location=location, at=now)

    def settled(self, phase: Phase, now: float) -> Record:
        """The record once it is known that the service refused, or that nobody knows."""
        return replace(self, phase=phase, at=now)

    def by(self, attempt: Attempt) -> Record:
        """The record as another try goes on with it."""
        return replace(self, attempt=attempt.number, taken_over=True)


def fingerprint(submission: Submission, endpoint: str) -> str:
    """What makes two submissions the same: the endpoint, and all that is sent, but for name and secrets.

    The display name may differ from try to try, and so may the SAS of a native document.
    """
    documents = tuple(
        one.unsigned if isinstance(one, NativeDocument) else one for one in submission.documents
    )
    request = replace(submission, documents=documents, display_name=None).to_request()
    told = json.dumps([endpoint, request.path, request.query, request.body], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


class Step(Enum):
    """What a try does about the submission."""

    SUBMIT = "submit"
    ATTACH = "attach"
    REPLACE = "replace"
    AWAIT = "await"
    LOST = "lost"
    STAND_ASIDE = "stand aside"


@dataclass(frozen=True)
class Plan:
    """A step, and why.

    Args:
        step: SUBMIT a job; ATTACH to the recorded one; REPLACE it, for it is no longer wanted; AWAIT what
            another try is just doing; decide about a LOST submission; STAND_ASIDE for a later try.
        reason: for the log; empty where nothing is to be said.
        seconds: how long to wait at most, in an AWAIT.
    """

    step: Step
    reason: str = ""
    seconds: float = 0.0


def plan(record: Record | None, attempt: Attempt, wanted: str, *, now: float, lease: float) -> Plan:
    """Decide what a try does, by what the record says.

    Args:
        record: None if there is none, which is not the same as one that cannot be read.
        attempt: this try.
        wanted: the fingerprint of what it would submit.
        now: in seconds since the epoch.
        lease: seconds for which an intention is taken for a submission that is under way.
    """
    if record is None:
        return Plan(Step.SUBMIT)
    if record.attempt > attempt.number:
        return Plan(Step.STAND_ASIDE, f"try {record.attempt} of this task has taken over")
    if record.life != attempt.life:
        return Plan(Step.REPLACE, "the task was cleared")
    if record.phase is not Phase.ACCEPTED:
        return _unfinished(record, now, lease)
    if record.fingerprint != wanted:
        return Plan(Step.REPLACE, "the documents or the parameters have changed")
    return Plan(Step.ATTACH)


def _unfinished(record: Record, now: float, lease: float) -> Plan:
    if record.phase is Phase.REFUSED:
        return Plan(Step.SUBMIT)
    left = min(record.at - now, 0.0) + lease
    if record.phase is Phase.INTENDED and left > 0:
        return Plan(Step.AWAIT, "another try is submitting", left)
    return Plan(Step.LOST)


def losses(record: Record | None, attempt: Attempt, step: Step) -> int:
    """How many submissions of this life are lost by the time of the next one; a clear begins a new life."""
    if record is None or record.life != attempt.life:
        return 0
    return record.lost + (step is Step.LOST)


def unusable(job: Job) -> str | None:
    """Why a try submits anew instead of going on with the job that is recorded; None if it goes on."""
    if job.state is State.FAILED:
        return "its job failed"
    if job.state is State.CANCELLED or job.status.lower() == CANCELLING:
        return "its job was cancelled"
    return None
