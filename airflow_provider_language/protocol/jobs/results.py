"""Results as rows: each document exactly once per task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from operator import itemgetter
from typing import Any

from airflow_provider_language.exceptions import IncompleteResultsError
from airflow_provider_language.protocol.jobs.expected import ExpectedDocument, ExpectedResults
from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.findings import Finding, finding_in
from airflow_provider_language.protocol.jobs.status import Job, State, TaskItem, word
from airflow_provider_language.protocol.jobs.targets import Aims
from airflow_provider_language.protocol.jobs.told_tasks import ToldTask, told_tasks


class RowStatus(str, Enum):
    """What became of a document in a task."""

    OK = "ok"
    ERROR = "error"
    MISSING = "missing"


EXPIRED = ServiceFault("JobExpired", "The service no longer keeps the job.")
"""The reason, of ours, of rows that were not fetched while the service kept their job."""
NOT_FETCHED = ServiceFault(
    "JobNotFetched", "The job was submitted, and is not among those that were fetched."
)
"""The reason, of ours, of rows of a job that was told of and not given."""


@dataclass(frozen=True, init=False)
class Row:
    """One document, or one conversation, in one task.

    Args:
        document_id: as submitted; a conversation's result names its items by their own ids.
        task: the task's name.
        kind: the task's kind.
        status: ok, error, or missing: the service said nothing about it.
        language: as detected, else as submitted, else None.
        result: what the service found, in its own words; None unless ok. Offsets are in the unit that was
            asked for, in code points where none can be; references are to places of the row
            (``#/result/entities/0``). Kept out of ``repr``.
        error_code, error_message: the document's error, or its task's.
        warnings: as the service gave them, and ours (``OffsetsUnknown``).
        model_version: the model that was used.
        text_records: what the document was billed in this task, as the service tells it; else None.
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
    text_records: int | None
    job_id: str

    def __init__(  # noqa: PLR0917 - they are the fields
        self,
        document_id: str,
        task: str,
        kind: str,
        status: RowStatus,
        language: str | None,
        result: Mapping[str, Any] | None,
        error_code: str | None,
        error_message: str | None,
        warnings: Sequence[Mapping[str, Any]],
        model_version: str | None,
        text_records: int | None,
        job_id: str,
    ) -> None:
        # Past the guard of a frozen dataclass, which takes five times as long.
        fields = vars(self)
        fields["document_id"] = document_id
        fields["task"] = task
        fields["kind"] = kind
        fields["status"] = status
        fields["language"] = language
        fields["result"] = result
        fields["error_code"] = error_code
        fields["error_message"] = error_message
        fields["warnings"] = warnings
        fields["model_version"] = model_version
        fields["text_records"] = text_records
        fields["job_id"] = job_id

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON would hold it, fields in order."""
        return {**vars(self), "status": self.status._value_}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Row:
        """Read what :meth:`to_dict` wrote; what else is there is left out.

        Raises:
            KeyError, ValueError: it is no row.
        """
        document_id, task, kind, status, *others = _fields_in(told)
        return cls(document_id, task, kind, RowStatus(status), *others)


_fields_in = itemgetter(*Row.__dataclass_fields__)


def rows_from(pages: Sequence[Job], expected: ExpectedResults | None = None) -> tuple[Row, ...]:
    """Make rows of all pages of a job that ended.

    ``succeeded`` says nothing about documents (recording partial_success): each task's errors are read. A
    task that failed as a whole gives an error for each document, and so does an empty summary.

    Args:
        pages: every page, first to last; each repeats every task with other documents.
        expected: what went in, in the order the rows are to have; a document, or a task, of which nothing
            came out is missing. Without it, that is taken to be every document that any task speaks of, so
            that one which no task speaks of goes unnoticed.

    Raises:
        IncompleteResultsError: a document or a task comes out twice, or one comes out that never went in, or
            a result is nobody's; where the tasks are not known, also that there are not as many of them as
            the job says, or not the same ones on every page.
    """
    job = pages[-1]
    told = [_Told(job.job_id, task) for task in told_tasks(pages, expected.tasks if expected else ())]
    documents = {one.id: one for one in expected.documents} if expected else _everyone(told)
    for task in told:
        task.check_known(documents)
    aims = Aims(job)
    return tuple(row for task in told for row in task.rows(documents, aims))


def missing_rows(job_id: str, job: ExpectedResults, reason: ServiceFault) -> tuple[Row, ...]:
    """The rows of a job of which there are no results: all of them missing, for a reason of ours."""
    return tuple(
        Row(
            document_id=document.id,
            task=name,
            kind=kind,
            status=RowStatus.MISSING,
            language=document.language,
            result=None,
            error_code=reason.code,
            error_message=reason.message,
            warnings=(),
            model_version=None,
            text_records=None,
            job_id=job_id,
        )
        for kind, name in job.tasks or (("", ""),)
        for document in job.documents
    )


def _everyone(told: Iterable[_Told]) -> dict[str, ExpectedDocument]:
    return {id_: ExpectedDocument(id_) for task in told for id_ in task.ids}


class _Told:
    """What all pages together say of one task."""

    def __init__(self, job_id: str, task: ToldTask) -> None:
        self.job_id = job_id
        self.kind, self.name, items = task.kind, task.name, task.items
        self.item: TaskItem | None = items[-1] if items else None
        documents = [(word(document.get("id")), document) for item in items for document in item.documents]
        self.documents = dict(documents)
        # Whether pages repeat the errors of others is unknown (docs/service.md, paging): once is enough.
        self.errors = {id_: fault for item in items for id_, fault in item.errors}
        self.ids = [*self.documents, *(id_ for id_ in self.errors if id_ not in self.documents)]
        times = Counter(id_ for id_, _ in documents)
        if "" in self.ids:
            self._fail(f"tells of {times[''] or 1} documents without an id")
        twice = [id_ for id_ in self.ids if times[id_] + (id_ in self.errors) > 1]
        if twice:
            self._fail(f"has {len(twice)} documents more than once, among them {twice[0]!r}")

    def _fail(self, what: str) -> None:
        raise IncompleteResultsError(f"Task {self.name!r} {what}.", job_id=self.job_id)

    def check_known(self, documents: Mapping[str, ExpectedDocument]) -> None:
        strangers = [id_ for id_ in self.ids if id_ not in documents]
        if strangers:
            self._fail(f"has {len(strangers)} documents that never went in, among them {strangers[0]!r}")

    def rows(self, documents: Mapping[str, ExpectedDocument], aims: Aims) -> Iterator[Row]:
        reason = None
        if self.item is None:
            reason = aims.aimless
        elif self.item.state is State.FAILED:
            reason = aims.reason(self.item)
        failed = self.item is not None and reason is not None
        for id_, went_in in documents.items():
            document = self.documents.get(id_)
            if document is not None:
                finding = finding_in(self.kind, document)
                status = RowStatus.OK if finding.fault is None else RowStatus.ERROR
                yield self._row(went_in, status, finding.fault, finding)
            elif id_ in self.errors:
                yield self._row(went_in, RowStatus.ERROR, self.errors[id_])
            else:
                yield self._row(went_in, RowStatus.ERROR if failed else RowStatus.MISSING, reason)

    def _row(
        self,
        went_in: ExpectedDocument,
        status: RowStatus,
        fault: ServiceFault | None,
        finding: Finding | None = None,
    ) -> Row:
        return Row(
            document_id=went_in.id,
            task=self.name,
            kind=self.kind,
            status=status,
            language=(finding.language if finding else None) or went_in.language,
            result=finding.result if finding and status is RowStatus.OK else None,
            error_code=fault.code if fault else None,
            error_message=fault.message if fault else None,
            warnings=finding.warnings if finding else (),
            model_version=self.item.model_version if self.item else None,
            text_records=finding.text_records if finding else None,
            job_id=self.job_id,
        )
