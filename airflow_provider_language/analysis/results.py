"""Results as rows: each document exactly once per task, and counts that reconcile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from airflow_provider_language.analysis.jobs import Job, ServiceFault, State, TaskItem
from airflow_provider_language.analysis.submitted import Submitted, SubmittedJob
from airflow_provider_language.exceptions import IncompleteResultsError


class RowStatus(str, Enum):
    """What became of a document in a task."""

    OK = "ok"
    ERROR = "error"
    MISSING = "missing"


EXPIRED = "JobExpired"
"""The code, of ours, of rows that were not fetched while the service kept their job."""


@dataclass(frozen=True)
class Row:
    """One document, or one conversation, in one task.

    Args:
        document_id: as submitted; a conversation's result names its items by their own ids.
        task: the task's name.
        kind: the task's kind.
        status: ok, error, or missing: the service said nothing about it.
        language: as detected, else as submitted, else None.
        result: what the service found, in its own words; None unless ok. Kept out of ``repr``.
        error_code, error_message: the document's error, or its task's.
        warnings: as the service gave them.
        model_version: the model that was used.
        job_id: the job.
    """

    document_id: str
    task: str
    kind: str
    status: RowStatus
    language: str | None
    result: Mapping[str, Any] | None = field(repr=False)
    error_code: str | None
    error_message: str | None
    warnings: Sequence[Mapping[str, Any]] = field(repr=False)
    model_version: str | None
    job_id: str

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON would hold it, fields in order."""
        return {**vars(self), "status": self.status.value}


def rows_from(pages: Sequence[Job], submitted: Sequence[Submitted] | None = None) -> tuple[Row, ...]:
    """Make rows of all pages of a job that ended.

    ``succeeded`` says nothing about documents (recording partial_success): each task's errors are read. A
    task that failed as a whole gives an error for each document.

    Args:
        pages: every page, first to last; each repeats every task with other documents.
        submitted: what went in, in the order the rows are to have. Without it, it is taken to be every
            document that any task speaks of, so that one which no task speaks of goes unnoticed.

    Raises:
        IncompleteResultsError: a document comes out twice, or one comes out that never went in, or a task
            of the job is not among the results, or not in the same place on every page.
    """
    job = pages[-1]
    for page in pages:
        if len(page.items) != job.total:
            raise IncompleteResultsError(
                f"The job has {job.total} tasks, and a page has results of {len(page.items)}.",
                job_id=job.job_id,
            )
        if [(item.kind, item.name) for item in page.items] != [(item.kind, item.name) for item in job.items]:
            raise IncompleteResultsError(
                "The pages of the results do not have the same tasks in the same order.", job_id=job.job_id
            )
    told = [_Told(job.job_id, items) for items in zip(*(page.items for page in pages), strict=True)]
    expected = _unique(submitted) if submitted is not None else _everyone(told)
    for task in told:
        task.check_known(expected)
    return tuple(row for task in told for row in task.rows(expected, _task_fault(job, task.item)))


def expired_rows(job_id: str, job: SubmittedJob) -> tuple[Row, ...]:
    """The rows of a job that the service no longer keeps: all of them missing."""
    return tuple(
        Row(
            document_id=document.id,
            task=name,
            kind=kind,
            status=RowStatus.MISSING,
            language=document.language,
            result=None,
            error_code=EXPIRED,
            error_message="The service no longer keeps the job.",
            warnings=(),
            model_version=None,
            job_id=job_id,
        )
        for kind, name in job.tasks
        for document in job.documents
    )


def _unique(submitted: Sequence[Submitted]) -> dict[str, Submitted]:
    return {one.id: one for one in submitted}


def _everyone(told: Iterable[_Told]) -> dict[str, Submitted]:
    return {id_: Submitted(id_) for task in told for id_ in task.ids}


class _Told:
    """What all pages together say of one task."""

    def __init__(self, job_id: str, items: Sequence[TaskItem]) -> None:
        self.job_id = job_id
        self.item = items[-1]
        documents = [document for item in items for document in item.documents]
        self.documents = {str(document.get("id")): document for document in documents}
        # Whether a page repeats the errors of the others is unknown (API.md section 1.4): once is enough.
        self.errors = {id_: fault for item in items for id_, fault in item.errors}
        self.ids = [*self.documents, *(id_ for id_ in self.errors if id_ not in self.documents)]
        twice = [
            id_
            for id_, times in Counter(str(document.get("id")) for document in documents).items()
            if times > 1
        ] + [id_ for id_ in self.errors if id_ in self.documents]
        if twice:
            self._fail(f"has {len(twice)} documents more than once, among them {twice[0]!r}")

    def _fail(self, what: str) -> None:
        raise IncompleteResultsError(f"Task {self.item.name or self.item.kind!r} {what}.", job_id=self.job_id)

    def check_known(self, expected: Mapping[str, Submitted]) -> None:
        strangers = [id_ for id_ in self.ids if id_ not in expected]
        if strangers:
            self._fail(f"has {len(strangers)} documents that never went in, among them {strangers[0]!r}")

    def rows(self, expected: Mapping[str, Submitted], fault: ServiceFault) -> Iterator[Row]:
        for id_, submitted in expected.items():
            if id_ in self.documents:
                yield self._ok(submitted, self.documents[id_])
            elif id_ in self.errors:
                yield self._row(submitted, RowStatus.ERROR, self.errors[id_])
            elif self.item.state is State.FAILED:
                yield self._row(submitted, RowStatus.ERROR, fault)
            else:
                yield self._row(submitted, RowStatus.MISSING, None)

    def _ok(self, submitted: Submitted, document: Mapping[str, Any]) -> Row:
        result = {name: value for name, value in document.items() if name not in {"id", "warnings"}}
        return self._row(submitted, RowStatus.OK, None, result, document)

    def _row(
        self,
        submitted: Submitted,
        status: RowStatus,
        fault: ServiceFault | None,
        result: Mapping[str, Any] | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> Row:
        document = document or {}
        return Row(
            document_id=submitted.id,
            task=self.item.name or self.item.kind,
            kind=self.item.kind,
            status=status,
            language=_detected(document.get("detectedLanguage")) or submitted.language,
            result=result,
            error_code=fault.code if fault else None,
            error_message=fault.message if fault else None,
            warnings=tuple(document.get("warnings") or ()),
            model_version=self.item.model_version,
            job_id=self.job_id,
        )


def _detected(language: object) -> str | None:
    """A string in 2022-07-01-preview and for Healthcare, an object elsewhere (API.md section 2.1)."""
    if isinstance(language, Mapping):
        return language.get("iso6391Name")
    return language if isinstance(language, str) else None


def _task_fault(job: Job, item: TaskItem) -> ServiceFault:
    """The job's error about one task; the target is often absent, and then an error about none has to do."""
    aimed = [fault for fault in job.faults if fault.target == item.target]
    aimless = [fault for fault in job.faults if fault.target is None]
    return next(iter(aimed or aimless), ServiceFault("TaskFailed", "The service gave no reason."))


@dataclass(frozen=True)
class Counts:
    """How many rows there are of each status.

    Args:
        documents: distinct documents per job, over all jobs.
        rows: documents times tasks.
        ok, error, missing: rows by status.
        error_codes: rows in error by code.
    """

    documents: int
    rows: int
    ok: int
    error: int
    missing: int
    error_codes: Mapping[str, int]

    @property
    def failed_share(self) -> float:
        """The share of rows without a result, from 0 to 1."""
        return (self.error + self.missing) / self.rows if self.rows else 0.0


def count(rows: Iterable[Row]) -> Counts:
    """Count rows by what became of them."""
    rows = tuple(rows)
    by_status = Counter(row.status for row in rows)
    return Counts(
        documents=len({(row.job_id, row.document_id) for row in rows}),
        rows=len(rows),
        ok=by_status[RowStatus.OK],
        error=by_status[RowStatus.ERROR],
        missing=by_status[RowStatus.MISSING],
        error_codes=dict(
            Counter(row.error_code or "" for row in rows if row.status is RowStatus.ERROR).most_common()
        ),
    )
