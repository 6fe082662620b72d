"""The record of a submission: written before a job is paid for, and when it is known what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from airflow_provider_language.exceptions import RecordError

_FAR = 1e12  # Seconds since the epoch that no clock tells.


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
        fingerprint: of what is submitted, and where (:func:`~.fingerprints.fingerprint`).
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
            and 0 <= self.at < _FAR  # which no NaN is, and no number that is too large for the clock's
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
