"""What a job is expected to answer for: the documents and tasks that went in, without any text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError

if TYPE_CHECKING:
    from airflow_provider_language.protocol.inputs.submissions import Submission


@dataclass(frozen=True)
class ExpectedDocument:
    """What is remembered of a document that went in: all but its text.

    Args:
        id: the document's id.
        language: as submitted; None where the service's default was meant.
    """

    id: str
    language: str | None = None


@dataclass(frozen=True)
class Part:
    """Which batch of a divided input a job has.

    Args:
        number: of the batch, from 0.
        total: how many batches the input made; None where nobody told.
        group: names the submissions of one task, in a run.
        source: a digest of where the input lies, or of the ids of its rows, since such a task may divide
            several; empty where nobody told.
    """

    number: int
    total: int | None
    group: str
    source: str = ""

    def __str__(self) -> str:
        return f"batch {self.number} of {'an unknown number' if self.total is None else self.total}"


@dataclass(frozen=True)
class Source:
    """Where the documents of a job were read, for who asks later what its results were made of.

    Args:
        location: of the file or folder.
        text_column: that has the texts.
        id_column: that has the ids.
    """

    location: str
    text_column: str = "text"
    id_column: str = "id"


@dataclass(frozen=True)
class ExpectedResults:
    """What is remembered of a job.

    Args:
        documents: in the order in which they went in.
        tasks: the kind and the name of each; empty where nobody told.
        at: when the service accepted it, in seconds since the epoch; None where nobody told.
        lost_submissions: how many submissions before it may have been accepted, and billed, for nothing.
        job_id: the job; None where nobody told.
        batch: the part of the input that it has; None where the input was not divided.
        source: where the documents were read; None where they were given, or nobody told.
    """

    documents: tuple[ExpectedDocument, ...]
    tasks: tuple[tuple[str, str], ...] = ()
    at: float | None = None
    lost_submissions: int = 0
    job_id: str | None = None
    batch: Part | None = None
    source: Source | None = None

    @classmethod
    def of(
        cls,
        submission: Submission,
        *,
        at: float,
        lost_submissions: int,
        job_id: str | None = None,
        batch: Part | None = None,
        source: Source | None = None,
    ) -> ExpectedResults:
        """What is remembered of a submission."""
        return cls(
            documents=tuple(ExpectedDocument(one.id, one.language) for one in submission.documents),
            tasks=tuple((task.kind, task.name) for task in submission.tasks),
            at=at,
            lost_submissions=lost_submissions,
            job_id=job_id,
            batch=batch,
            source=source,
        )

    def to_dict(self) -> dict[str, Any]:
        """The job as JSON, for an XCom."""
        return {
            "documents": [{"id": one.id, "language": one.language} for one in self.documents],
            "tasks": [{"kind": kind, "name": name} for kind, name in self.tasks],
            "at": self.at,
            "lost_submissions": self.lost_submissions,
            "job_id": self.job_id,
            "batch": None if self.batch is None else asdict(self.batch),
            "source": None if self.source is None else asdict(self.source),
        }


@lru_cache(maxsize=64)
def expected_by_place(
    languages: tuple[str | None, ...], tasks: tuple[tuple[str, str], ...]
) -> ExpectedResults:
    """What is expected of a job that knows its documents by their places: the same for most jobs of a run.

    Args:
        languages: of the documents.
        tasks: the kind and the name of each.
    """
    documents = (ExpectedDocument(str(number), language) for number, language in enumerate(languages))
    return ExpectedResults(tuple(documents), tasks)


ExpectedDocumentLike: TypeAlias = ExpectedDocument | str | Mapping[str, Any]
ExpectedResultsLike: TypeAlias = ExpectedResults | Mapping[str, Any] | Iterable[ExpectedDocumentLike]


def expected_results_from(value: ExpectedResultsLike) -> ExpectedResults:
    """Read what was submitted: what ``SubmitAnalyzeJobOperator`` pushes, or just the documents.

    Raises:
        InvalidInputError: it is neither.
    """
    if isinstance(value, ExpectedResults):
        return value
    if not isinstance(value, Mapping):
        return ExpectedResults(expected_documents_from(value))
    try:
        return ExpectedResults(
            documents=expected_documents_from(value["documents"]),
            tasks=tuple((str(task["kind"]), str(task["name"])) for task in value.get("tasks", ())),
            at=None if value.get("at") is None else float(value["at"]),
            lost_submissions=int(value.get("lost_submissions", 0)),
            job_id=job_id_told(value),
            batch=part_told(value),
            source=_source_told(value.get("source")),
        )
    except InvalidInputError:
        raise
    except (KeyError, TypeError, ValueError):
        raise InvalidInputError("What was submitted is told by SubmitAnalyzeJobOperator's XCom.") from None


def job_id_told(value: ExpectedResultsLike) -> str | None:
    """Of which job it is told what was submitted; None if it is not said."""
    if isinstance(value, ExpectedResults):
        return value.job_id
    job_id = value.get("job_id") if isinstance(value, Mapping) else None
    return None if job_id is None else str(job_id)


def part_told(value: ExpectedResultsLike) -> Part | None:
    """Which part of an input it is said to be; None if it is not said.

    Raises:
        InvalidInputError: it is no part.
    """
    if isinstance(value, ExpectedResults):
        return value.batch
    part = value.get("batch") if isinstance(value, Mapping) else None
    if part is None:
        return None
    try:
        total, source = part.get("total"), str(part.get("source", ""))
        return Part(int(part["number"]), None if total is None else int(total), str(part["group"]), source)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InvalidInputError("What was submitted names a batch that is none.") from None


def _source_told(value: object) -> Source | None:
    """Where documents are said to be read; None if it is not said, or not as this release says it."""
    told = value if isinstance(value, Mapping) else {}
    said = {one.name: told[one.name] for one in fields(Source) if isinstance(told.get(one.name), str)}
    return Source(**said) if "location" in said else None


def expected_documents_from(values: Iterable[ExpectedDocumentLike]) -> tuple[ExpectedDocument, ...]:
    """Read which documents were submitted: ids, or rows with ``id`` and ``language``.

    Raises:
        InvalidInputError: something else than these, a single one where a list of them is expected, or an id
            twice.
    """
    if isinstance(values, (str, Mapping)):
        raise InvalidInputError(f"What was submitted is a single {type(values).__name__}, not a list.")
    documents = tuple(_expected_document(value) for value in values)
    twice = [id_ for id_, times in Counter(one.id for one in documents).items() if times > 1]
    if twice:
        raise InvalidInputError(f"Document {twice[0]!r} is told of more than once as submitted.")
    return documents


def _expected_document(value: ExpectedDocumentLike) -> ExpectedDocument:
    if isinstance(value, ExpectedDocument):
        return value
    if isinstance(value, str):
        return ExpectedDocument(value)
    if isinstance(value, Mapping) and value.get("id") is not None:
        return ExpectedDocument(str(value["id"]), value.get("language"))
    raise InvalidInputError("What was submitted is told by ids, or by rows with id and language.")
