"""What is remembered of a job that was submitted: its documents and tasks, without any text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError

if TYPE_CHECKING:
    from airflow_provider_language.analysis.submissions import Submission


@dataclass(frozen=True)
class Submitted:
    """What is remembered of a document that went in: all but its text.

    Args:
        id: the document's id.
        language: as submitted; None where the service's default was meant.
    """

    id: str
    language: str | None = None


@dataclass(frozen=True)
class SubmittedJob:
    """What is remembered of a job.

    Args:
        documents: in the order in which they went in.
        tasks: the kind and the name of each.
        at: when the service accepted it, in seconds since the epoch; None where nobody told.
        lost_submissions: how many submissions before it may have been accepted, and billed, for nothing.
    """

    documents: tuple[Submitted, ...]
    tasks: tuple[tuple[str, str], ...] = ()
    at: float | None = None
    lost_submissions: int = 0

    @classmethod
    def of(cls, submission: Submission, *, at: float, lost_submissions: int) -> SubmittedJob:
        """What is remembered of a submission."""
        return cls(
            documents=tuple(Submitted(one.id, one.language) for one in submission.documents),
            tasks=tuple((task.kind, task.name) for task in submission.tasks),
            at=at,
            lost_submissions=lost_submissions,
        )

    def to_dict(self) -> dict[str, Any]:
        """The job as JSON, for an XCom."""
        return {
            "documents": [{"id": one.id, "language": one.language} for one in self.documents],
            "tasks": [{"kind": kind, "name": name} for kind, name in self.tasks],
            "at": self.at,
            "lost_submissions": self.lost_submissions,
        }


SubmittedLike: TypeAlias = Submitted | str | Mapping[str, Any]
SubmittedJobLike: TypeAlias = SubmittedJob | Mapping[str, Any] | Iterable[SubmittedLike]


def submitted_job_from(value: SubmittedJobLike) -> SubmittedJob:
    """Read what was submitted: what ``SubmitAnalyzeJobOperator`` pushes, or just the documents.

    Raises:
        InvalidInputError: it is neither.
    """
    if isinstance(value, SubmittedJob):
        return value
    if not isinstance(value, Mapping):
        return SubmittedJob(submitted_from(value))
    try:
        return SubmittedJob(
            documents=submitted_from(value["documents"]),
            tasks=tuple((str(task["kind"]), str(task["name"])) for task in value.get("tasks", ())),
            at=None if value.get("at") is None else float(value["at"]),
            lost_submissions=int(value.get("lost_submissions", 0)),
        )
    except (KeyError, TypeError, ValueError):
        raise InvalidInputError("What was submitted is told by SubmitAnalyzeJobOperator's XCom.") from None


def submitted_from(values: Iterable[SubmittedLike]) -> tuple[Submitted, ...]:
    """Read which documents were submitted: ids, or rows with ``id`` and ``language``.

    Raises:
        InvalidInputError: something else than these, or a single one where a list of them is expected.
    """
    if isinstance(values, (str, Mapping)):
        raise InvalidInputError(f"What was submitted is a single {type(values).__name__}, not a list.")
    return tuple(_submitted(value) for value in values)


def _submitted(value: SubmittedLike) -> Submitted:
    if isinstance(value, Submitted):
        return value
    if isinstance(value, str):
        return Submitted(value)
    if isinstance(value, Mapping) and value.get("id") is not None:
        return Submitted(str(value["id"]), value.get("language"))
    raise InvalidInputError("What was submitted is told by ids, or by rows with id and language.")
