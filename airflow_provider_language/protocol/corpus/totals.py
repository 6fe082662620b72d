"""What became of a corpus in figures, which add up over segments and tries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_language.protocol.jobs.counts import MISSING
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.protocol.quotations import CODE, quotation

_SEPARATOR = "\x1f"
"""Between task, code and language, in the name of a kind of failure; it stands in none of them."""
_KINDS = 1_000
"""Kinds of failures that are told apart; what else comes is counted by its code alone."""


@dataclass
class Totals:
    """Counts of rows, jobs and text records.

    Args:
        documents: rows of the source.
        failed_documents: of them, those without a result in at least one task.
        ok, error, missing: rows of the results, by status.
        jobs: that were submitted and accepted.
        records_quoted: text records of the source, once for each task.
        records_charged: text records of the jobs that were accepted.
        records_healed: of them, those of documents that were submitted again.
        records_billed: text records as the service told them with its results.
        lost_submissions: submissions that may have been accepted, and billed, for nothing.
        records_lost: their text records.
        reused: rows that are copies of what was found in an equal text before.
        left_out: rows that an earlier run has, where they stay.
        records_saved: the text records of both, which were not charged.
        error_codes, warning_codes: rows and warnings, by code.
        model_versions: rows, by the model that answered.
        models: the same, by task and model.
        failures: rows without a result, by task, code and language.
        examples: the id of the first document of each.
    """

    documents: int = 0
    failed_documents: int = 0
    ok: int = 0
    error: int = 0
    missing: int = 0
    jobs: int = 0
    records_quoted: int = 0
    records_charged: int = 0
    records_billed: int = 0
    records_healed: int = 0
    lost_submissions: int = 0
    records_lost: int = 0
    reused: int = 0
    left_out: int = 0
    records_saved: int = 0
    error_codes: Counter[str] = field(default_factory=Counter)
    warning_codes: Counter[str] = field(default_factory=Counter)
    model_versions: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of the results."""
        return self.ok + self.error + self.missing

    def count(self, row: Row, document_id: str) -> None:
        """Count a row that is final, of the document of this id."""
        if row.status is RowStatus.OK:
            self.ok += 1
        elif row.status is RowStatus.ERROR:
            self.error += 1
            self.error_codes[row.error_code or ""] += 1
        else:
            self.missing += 1
        self.records_billed += row.text_records or 0
        if row.model_version:
            self.model_versions[row.model_version] += 1
            self.models[f"{row.task}{_SEPARATOR}{row.model_version}"] += 1
        if row.warnings:
            self.warning_codes.update(quotation(one.get("code"), CODE) for one in row.warnings)
        if row.status is not RowStatus.OK:
            self._fail(row, document_id)

    def _fail(self, row: Row, document_id: str) -> None:
        code = row.error_code or (MISSING if row.status is RowStatus.MISSING else "")
        kind = _SEPARATOR.join((row.task, code, row.language or ""))
        if kind not in self.failures and len(self.failures) >= _KINDS:
            kind = _SEPARATOR.join(("", code, ""))
        self.failures[kind] += 1
        self.examples.setdefault(kind, document_id)

    def add(self, other: Totals) -> None:
        """Add the counts of something else."""
        for name, value in vars(other).items():
            if isinstance(value, int):
                setattr(self, name, getattr(self, name) + value)
            elif isinstance(value, Counter):
                getattr(self, name).update(value)
        for kind, example in other.examples.items():
            self.examples.setdefault(kind, example)

    def to_dict(self) -> dict[str, Any]:
        """The counts as JSON; what is none is left out."""
        return {
            name: dict(value) if isinstance(value, dict) else value
            for name, value in vars(self).items()
            if value
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Totals:
        """Read what :meth:`to_dict` wrote."""
        new = cls()
        for name, default in vars(new).items():
            value = told.get(name, default)
            setattr(new, name, type(default)(value) if isinstance(default, dict) else int(value))
        return new

    def models_of(self, task: str) -> set[str]:
        """The models that answered in a task."""
        pairs = (name.partition(_SEPARATOR) for name in self.models)
        return {model for name, _, model in pairs if name == task}

    def failures_told(self) -> list[dict[str, Any]]:
        """The kinds of rows without a result, the commonest first."""
        return [
            {**_kind(kind), "rows": rows, "example": self.examples.get(kind, "")}
            for kind, rows in self.failures.most_common()
        ]


def _kind(name: str) -> dict[str, Any]:
    task, code, language = name.split(_SEPARATOR)
    return {"task": task, "code": code, "language": language or None}


def total(many: Iterable[Totals]) -> Totals:
    """The sum of all."""
    found = Totals()
    for one in many:
        found.add(one)
    return found
