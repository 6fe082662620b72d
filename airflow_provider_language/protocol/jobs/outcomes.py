"""How a wait ended, for any number of jobs: small enough for a trigger's event, and decided in one place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeAlias

from airflow_provider_language import exceptions
from airflow_provider_language.exceptions import (
    JobCancelledError,
    JobError,
    JobFailedError,
    JobPartiallyCompletedError,
    JobTimeoutError,
    LanguageError,
)
from airflow_provider_language.protocol.jobs.status import Job, State
from airflow_provider_language.protocol.jobs.targets import Aims

ERRORS_TOLD = 3
"""How many errors of one job are told."""
TOLD = 5
"""How many jobs that went wrong are told of; an event is logged whole, and stays under 2 KB."""
MESSAGE_SIZE = 200
CODE_SIZE = 60
"""Bytes of escaped JSON, in which a character may take twelve, that is told of a message and of a code."""

_ERRORS: Mapping[State, type[JobError]] = {
    State.FAILED: JobFailedError,
    State.CANCELLED: JobCancelledError,
    State.ACTIVE: JobTimeoutError,
    State.CANCELLING: JobTimeoutError,
    State.PARTIAL: JobPartiallyCompletedError,
}
"""In the order of gravity: the first one that occurs is raised.

What an author may allow comes last, so that it does not crowd the others out of the few that are told of.
"""


_KNOWN = frozenset({state.name for state in _ERRORS} | {State.SUCCEEDED.name})


@dataclass(frozen=True)
class Trouble:
    """A job that did not simply succeed.

    Args:
        job_id: the job.
        state: the name of its state.
        code: of the first of the job's errors.
        message: the first few of them, with the tasks that they are about.
    """

    job_id: str | None
    state: str
    code: str | None
    message: str | None

    @classmethod
    def read(cls, value: object) -> Trouble:
        """Read what another release may have written: what it does not know is left out."""
        told = value if isinstance(value, Mapping) else {}
        job_id, state, code, message = (_text(told.get(field.name)) for field in fields(cls))
        return cls(job_id, state or "", code, message)


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

    @classmethod
    def together(cls, outcomes: Iterable[Outcome]) -> Outcome:
        """The outcomes of several lots of jobs as one."""
        gravity = {state.name: place for place, state in enumerate(_ERRORS)}
        counts: Counter[str] = Counter()
        troubles: list[Trouble] = []
        for outcome in outcomes:
            counts.update(outcome.counts)
            troubles.extend(outcome.troubles)
        troubles.sort(key=lambda trouble: gravity.get(trouble.state, len(gravity)))
        return cls(dict(counts), tuple(troubles[:TOLD]))

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON."""
        return {"counts": dict(self.counts), "troubles": [asdict(trouble) for trouble in self.troubles]}

    @classmethod
    def from_dict(cls, value: object) -> Outcome | None:
        """Read what :meth:`to_dict` wrote, in this release or another one; None if it says no counts."""
        told = value if isinstance(value, Mapping) else {}
        counts, troubles = told.get("counts"), told.get("troubles")
        if not isinstance(counts, Mapping) or not all(_is_count(number) for number in counts.values()):
            return None
        listed = troubles if isinstance(troubles, list) else []
        return cls(dict(counts), tuple(Trouble.read(trouble) for trouble in listed))

    def error(self, *, allow_partial: bool) -> LanguageError | None:
        """The error of the gravest thing that happened, or None if the outcome is what was wanted.

        Args:
            allow_partial: whether a job some of whose tasks failed is good enough.
        """
        for state, class_ in _ERRORS.items():
            number = self.counts.get(state.name, 0)
            if number and not (allow_partial and state is State.PARTIAL):
                return self._error(state, class_, number)
        if not any(self.counts.values()):
            return _not_understood("the end of no job at all")
        unknown = sorted(name for name, number in self.counts.items() if number and name not in _KNOWN)
        return _not_understood(f"jobs that ended as {', '.join(map(repr, unknown))}") if unknown else None

    def _error(self, state: State, class_: type[JobError], number: int) -> JobError:
        total = sum(self.counts.values())
        nothing = Trouble(None, state.name, None, None)
        first = next((trouble for trouble in self.troubles if trouble.state == state.name), nothing)
        told = f": {first.message.rstrip('.')}" if first.message else ""
        words = state.value if state.ended else "did not end in time"
        return class_(f"{number} of {total} jobs {words}{told}.", code=first.code, job_id=first.job_id)


Ending: TypeAlias = Outcome | LanguageError
"""What a wait comes to: an outcome, or the error for which it was given up."""


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _not_understood(what: str) -> LanguageError:
    return LanguageError(
        f"The trigger tells of {cut(what, MESSAGE_SIZE)}, which this release of the provider does not know: "
        "triggerer and worker should have the same one."
    )


def _trouble(job: Job) -> Trouble:
    sentences = Aims(job).in_words()
    return Trouble(
        job.job_id,
        job.state.name,
        cut(job.faults[0].code, CODE_SIZE) if job.faults else None,
        _together(sentences) if sentences else None,
    )


def _together(sentences: Sequence[str]) -> str:
    """The first few errors, in as many bytes as an event has for a job."""
    shown = sentences[:ERRORS_TOLD]
    more = f" (and {len(sentences) - len(shown)} more errors)" if len(sentences) > len(shown) else ""
    size = (MESSAGE_SIZE - len(more)) // len(shown) - len("; ")
    return "; ".join(cut(sentence, size) for sentence in shown) + more


def cut(text: str, size: int) -> str:
    """As much of a text as takes so many bytes of JSON, which Airflow stores and logs escaped."""
    kept = text[:size]
    while len(json.dumps(kept)) > size + len('""'):
        kept = kept[:-1]
    return kept


def error_of(ending: Ending, *, allow_partial: bool) -> LanguageError | None:
    """What a wait came to: the error to raise, or None if all is as it was wanted.

    Args:
        ending: of the wait.
        allow_partial: whether a job some of whose tasks failed is good enough.
    """
    return ending if isinstance(ending, LanguageError) else ending.error(allow_partial=allow_partial)


def event_of(ending: Ending) -> dict[str, Any]:
    """The event that tells how a wait ended."""
    if isinstance(ending, LanguageError):
        return error_event(ending)
    return {"status": "ended", "outcome": ending.to_dict()}


def ended_event(jobs: Sequence[Job]) -> dict[str, Any]:
    """The event of a wait that came to its end, or to its deadline."""
    return event_of(Outcome.of(jobs))


def error_event(error: LanguageError) -> dict[str, Any]:
    """The event of a wait that was given up."""
    return {
        "status": "error",
        "error": type(error).__name__,
        "message": cut(error.message, MESSAGE_SIZE),
        "facts": {
            "status": error.status,
            "code": error.code,
            "request_id": error.request_id,
            "job_id": error.job_id,
        },
    }


def event_error(event: object, *, allow_partial: bool) -> LanguageError | None:
    """What an event means: the error to raise, or None if all is as it was wanted.

    The triggerer may be of another release: what is not known here is left out, and what cannot do without
    is an error. Nothing but jobs that are said to have ended well is success.

    Args:
        event: one of :func:`event_of`.
        allow_partial: whether a job some of whose tasks failed is good enough.
    """
    told = event if isinstance(event, Mapping) else {}
    if told.get("status") == "error":
        return _error_told(told)
    outcome = Outcome.from_dict(told.get("outcome")) if told.get("status") == "ended" else None
    if outcome is None:
        return _not_understood(f"an end of the wait, {told.get('status')!r}")
    return outcome.error(allow_partial=allow_partial)


def _error_told(event: Mapping[str, Any]) -> LanguageError:
    """The error as what it was in the triggerer; one whose class is unknown here as LanguageError."""
    class_ = getattr(exceptions, str(event.get("error")), None)
    if not (isinstance(class_, type) and issubclass(class_, LanguageError)):
        class_ = LanguageError
    facts = event["facts"] if isinstance(event.get("facts"), Mapping) else {}
    status = facts.get("status")
    return class_(
        _text(event.get("message")) or "Waiting ended with an error.",
        status=status if _is_count(status) else None,
        code=_text(facts.get("code")),
        request_id=_text(facts.get("request_id")),
        job_id=_text(facts.get("job_id")),
    )
