"""How many rows came out, and what became of them: counted job by job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from airflow_provider_language.protocol.jobs.results import EXPIRED, NOT_FETCHED, Row, RowStatus
from airflow_provider_language.protocol.quotations import CODE, quotation

MISSING = "Missing"
"""The code, of ours, of a row of which the service said nothing."""
_GONE = frozenset({EXPIRED.code, NOT_FETCHED.code})
_Kind: TypeAlias = tuple[str, str, "str | None"]


@dataclass(frozen=True)
class Failure:
    """Rows without a result that are alike.

    Args:
        task: the task's name.
        code: the error's, or ``Missing``.
        language: of the documents, as far as it is known.
        rows: how many.
        example: the id of the first document.
    """

    task: str
    code: str
    language: str | None
    rows: int
    example: str


@dataclass(frozen=True)
class Counts:
    """How many rows there are of each status.

    Args:
        documents: distinct documents per job, over all jobs.
        rows: documents times tasks.
        ok, error, missing: rows by status.
        gone: missing rows of jobs that no retry will find.
        error_codes: rows in error by code, the most frequent first.
        warning_codes: warnings by code, the most frequent first.
        failures: rows in error or missing by task, code and language, the most frequent first.
        text_records: what the service says that it bills, over all rows; None where it says so of none.
        models: the versions of the models that answered, by kind.
    """

    documents: int
    rows: int
    ok: int
    error: int
    missing: int
    gone: int
    error_codes: Mapping[str, int]
    warning_codes: Mapping[str, int]
    failures: Sequence[Failure]
    text_records: int | None
    models: Mapping[str, Sequence[str]]

    @property
    def failed_share(self) -> float:
        """The share of rows without a result, from 0 to 1."""
        return (self.error + self.missing) / self.rows if self.rows else 0.0


class Tally:
    """Counts the rows of jobs, and keeps none of them."""

    def __init__(self) -> None:
        self._documents = 0
        self._gone = 0
        self._text_records: int | None = None
        self._by_status: Counter[RowStatus] = Counter()
        self._warning_codes: Counter[str] = Counter()
        self._error_codes: Counter[str] = Counter()
        self._failures: Counter[_Kind] = Counter()
        self._examples: dict[_Kind, str] = {}
        self._models: dict[str, set[str]] = {}

    def add_job(self, rows: Iterable[Row]) -> None:
        """Count all rows of a job."""
        documents = set()
        for row in rows:
            documents.add(row.document_id)
            models = self._models.setdefault(row.kind, set())
            if row.model_version is not None:
                models.add(row.model_version)
            self._by_status[row.status] += 1
            if row.text_records is not None:
                self._text_records = (self._text_records or 0) + row.text_records
            self._warning_codes.update(quotation(one.get("code"), CODE) for one in row.warnings)
            if row.status is not RowStatus.OK:
                self._add_failure(row)
        self._documents += len(documents)

    def _add_failure(self, row: Row) -> None:
        code = row.error_code or ""
        if row.status is RowStatus.ERROR:
            self._error_codes[code] += 1
        elif code in _GONE:
            self._gone += 1
        kind = (row.task, code or (MISSING if row.status is RowStatus.MISSING else ""), row.language)
        self._failures[kind] += 1
        self._examples.setdefault(kind, row.document_id)

    @property
    def counts(self) -> Counts:
        """What was counted until now."""
        return Counts(
            documents=self._documents,
            rows=self._by_status.total(),
            ok=self._by_status[RowStatus.OK],
            error=self._by_status[RowStatus.ERROR],
            missing=self._by_status[RowStatus.MISSING],
            gone=self._gone,
            error_codes=dict(self._error_codes.most_common()),
            warning_codes=dict(self._warning_codes.most_common()),
            failures=[
                Failure(*kind, rows, self._examples[kind]) for kind, rows in self._failures.most_common()
            ],
            text_records=self._text_records,
            models={kind: sorted(models) for kind, models in self._models.items()},
        )
