"""How a wait ended, for any number of jobs: small enough for a trigger's event, and decided in one place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from airflow_provider_language import exceptions
from airflow_provider_language.analysis.jobs import Job, State
from airflow_provider_language.exceptions import (
    JobCancelledError,
    JobError,
    JobFailedError,
    JobPartiallyCompletedError,
    JobTimeoutError,
    LanguageError,
)

TOLD = 5
"""How many jobs that went wrong are told of; an event is logged whole, and stays under 2 KB."""
MESSAGE_SIZE = 200
CODE_SIZE = 60
"""Bytes of escaped JSON, in which a character may take twelve, that is told of a message and of a code."""

_ERRORS: Mapping[State, type[JobError]] = {
    State.FAILED: JobFailedError,
    State.CANCELLED: JobCancelledError,
    State.ACTIVE: JobTimeoutError,
    State.PARTIAL: JobPartiallyCompletedError,
}
"""In the order of gravity: the first one that occurs is raised.

What an author may allow comes last, so that it does not crowd the others out of the few that are told of.
"""


@dataclass(frozen=True)
class Trouble:
    """A job that did not simply succeed.

    Args:
        job_id: the job.
        state: the name of its state.
        code, message: the first of the job's errors.
    """

    job_id: str
    state: str
    code: str | None
    message: str | None


@dataclass(frozen=True)
class Outcome:
    """How many jobs ended in which state.

    Args:
        counts: jobs by the name of their state.
        troubles: the first few that did not simply succeed, the gravest first.
    """

    counts: Mapping[str, int]
    troubles: tuple[Trouble, ...]

    @classmethod
    def of(cls, jobs: Sequence[Job]) -> Outcome:
        """Sum up jobs as they were last seen; one that is still active has run out of time."""
        gravity = list(_ERRORS)
        bad = sorted((job for job in jobs if job.state in _ERRORS), key=lambda job: gravity.index(job.state))
        return cls(
            counts=dict(Counter(job.state.name for job in jobs)),
            troubles=tuple(_trouble(job) for job in bad[:TOLD]),
        )

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON."""
        return {"counts": dict(self.counts), "troubles": [asdict(trouble) for trouble in self.troubles]}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Outcome:
        """Read what :meth:`to_dict` wrote."""
        return cls(value["counts"], tuple(Trouble(**trouble) for trouble in value["troubles"]))

    def error(self, *, allow_partial: bool) -> JobError | None:
        """The error of the gravest thing that happened, or None if the outcome is what was wanted.

        Args:
            allow_partial: whether a job some of whose tasks failed is good enough.
        """
        for state, class_ in _ERRORS.items():
            number = self.counts.get(state.name, 0)
            if number and not (allow_partial and state is State.PARTIAL):
                return self._error(state, class_, number)
        return None

    def _error(self, state: State, class_: type[JobError], number: int) -> JobError:
        total = sum(self.counts.values())
        first = next(trouble for trouble in self.troubles if trouble.state == state.name)
        told = f": {first.message.rstrip('.')}" if first.message else ""
        words = "did not end in time" if state is State.ACTIVE else state.value
        return class_(f"{number} of {total} jobs {words}{told}.", code=first.code, job_id=first.job_id)


def _trouble(job: Job) -> Trouble:
    fault = next(iter(job.faults), None)
    return Trouble(
        job.job_id,
        job.state.name,
        _cut(fault.code, CODE_SIZE) if fault else None,
        _cut(fault.message, MESSAGE_SIZE) if fault else None,
    )


def _cut(text: str, size: int) -> str:
    """As much of a text as takes so many bytes of JSON, which Airflow stores and logs escaped."""
    kept = text[:size]
    while len(json.dumps(kept)) > size + len('""'):
        kept = kept[:-1]
    return kept


def ended_event(jobs: Sequence[Job]) -> dict[str, Any]:
    """The event of a wait that came to its end, or to its deadline."""
    return {"status": "ended", "outcome": Outcome.of(jobs).to_dict()}


def error_event(error: LanguageError) -> dict[str, Any]:
    """The event of a wait that was given up."""
    return {
        "status": "error",
        "error": type(error).__name__,
        "message": _cut(error.message, MESSAGE_SIZE),
        "facts": {
            "status": error.status,
            "code": error.code,
            "request_id": error.request_id,
            "job_id": error.job_id,
        },
    }


def event_error(event: Mapping[str, Any], *, allow_partial: bool) -> LanguageError | None:
    """What an event means: the error to raise, or None if all is as it was wanted.

    An error that was met in the triggerer is raised on the worker as what it was; one whose class is
    unknown here, after an upgrade, as LanguageError.

    Args:
        event: one of :func:`ended_event` or :func:`error_event`.
        allow_partial: whether a job some of whose tasks failed is good enough.
    """
    if event["status"] == "ended":
        return Outcome.from_dict(event["outcome"]).error(allow_partial=allow_partial)
    class_ = getattr(exceptions, event["error"], LanguageError)
    error: LanguageError = class_(event["message"], **event["facts"])
    return error
