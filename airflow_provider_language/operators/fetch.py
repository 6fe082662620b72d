"""FetchAnalyzeResultsOperator: the results of jobs as rows in a file."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, cast

from airflow_provider_language.analysis.jobs import is_expired
from airflow_provider_language.analysis.results import Counts, Row, count, expired_rows
from airflow_provider_language.analysis.submitted import SubmittedJob, submitted_job_from
from airflow_provider_language.exceptions import (
    DocumentErrorsError,
    IncompleteResultsError,
    InvalidInputError,
    JobExpiredError,
    LanguageError,
    ResourceNotFoundError,
)
from airflow_provider_language.operators.base import LanguageOperator, listed, locations_of
from airflow_provider_language.operators.failures import failing_for_good
from airflow_provider_language.storage.rows import WrittenFile, write_rows

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg

ERROR_CODES_TOLD = 10
"""How many kinds of document errors a manifest tells of, the most frequent first."""
ERROR_CODE_LENGTH = 64


def _manifest(file: WrittenFile, jobs: Sequence[SubmittedJob | None], counts: Counts) -> dict[str, Any]:
    return {
        **asdict(file),
        "jobs": len(jobs),
        "lost_submissions": sum(job.lost_submissions for job in jobs if job is not None),
        **asdict(counts),
        "error_codes": _codes(counts),
    }


def _codes(counts: Counts) -> dict[str, int]:
    """The most frequent error codes, none longer than a code is: an XCom is no place for a page of them."""
    most = list(counts.error_codes.items())[:ERROR_CODES_TOLD]
    return {code[:ERROR_CODE_LENGTH]: number for code, number in most}


class FetchAnalyzeResultsOperator(LanguageOperator):
    """Writes the results of jobs that have ended to object storage, as rows in JSON lines.

    There is one row per document and task: ``document_id``, ``task``, ``kind``, ``status`` (ok, error or
    missing), ``language``, ``result``, ``error_code``, ``error_message``, ``warnings``, ``model_version``,
    ``job_id``. The file is written whole or not at all, and the same results give the same bytes.

    Returns a manifest of less than 2 KB: ``path``, ``size``, ``sha256``, ``jobs``, ``lost_submissions`` (they
    may have been billed for nothing), ``documents``, ``rows``, ``ok``, ``error``, ``missing`` and
    ``error_codes``. It is pushed also where the task then fails
    for too many document errors.

    Args:
        operation_location: the job, or the jobs.
        output_path: the file to write, as ``ObjectStoragePath`` takes it, such as
            ``abfs://conn@container/rows.jsonl``.
        submitted: what went in, as ``SubmitAnalyzeJobOperator`` pushes it under this key; of several jobs,
            one each, in the same order. Without it, a document that no task of the job speaks of is not
            noticed, and a job that has expired is not told from one that never was.
        fail_on_document_errors: the share of rows without a result, from 0 to 1, above which the task fails.
            A missing row always fails it.
        on_expired: what to do about a job that the service no longer keeps, 24 hours after it was accepted:
            ``fail`` before anything is written; or ``missing``, to write the rows of the other jobs, and
            those of this one as missing, and then fail.
        kwargs: of :class:`LanguageOperator` and Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = (
        "operation_location",
        "output_path",
        "submitted",
        "azure_language_conn_id",
    )
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        operation_location: str | Iterable[str | XComArg] | XComArg,
        output_path: str,
        submitted: Iterable[Any] | XComArg | None = None,
        fail_on_document_errors: float = 0.0,
        on_expired: Literal["fail", "missing"] = "fail",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.operation_location = operation_location
        self.output_path = output_path
        self.submitted = cast("Iterable[Any] | None", submitted)
        self.fail_on_document_errors = fail_on_document_errors
        if on_expired not in ("fail", "missing"):
            raise InvalidInputError(f"on_expired is {on_expired!r} instead of fail or missing.")
        self.on_expired = on_expired

    def execute(self, context: Context) -> dict[str, Any]:
        """Read every job, write one file, then judge what is in it."""
        with failing_for_good():
            locations = locations_of(self.operation_location)
            jobs = self._submitted_jobs(len(locations))
            rows = [row for pair in zip(locations, jobs, strict=True) for row in self._rows(*pair)]
            counts = count(rows)
            manifest = _manifest(write_rows(rows, self.output_path), jobs, counts)
            self.log.info(
                "Wrote %d rows (%d errors, %d missing) to %s",
                counts.rows,
                counts.error,
                counts.missing,
                self.output_path,
            )
            self._judge(context, counts, manifest)
        return manifest

    def _submitted_jobs(self, number: int) -> list[SubmittedJob | None]:
        if self.submitted is None:
            return [None] * number
        submitted = [self.submitted] if isinstance(self.operation_location, str) else listed(self.submitted)
        if len(submitted) != number:
            raise InvalidInputError(
                f"There are {number} jobs, and it is told of {len(submitted)} what was submitted."
            )
        return [submitted_job_from(one) for one in submitted]

    def _rows(self, location: str, job: SubmittedJob | None) -> tuple[Row, ...]:
        try:
            return self.hook.results(location, job)
        except ResourceNotFoundError as error:
            if job is None or job.at is None or not is_expired(job.at, time.time()):
                raise
            if self.on_expired == "fail":
                raise JobExpiredError(error.message, status=error.status, job_id=error.job_id) from error
            return expired_rows(self.hook.handle(location).job_id, job)

    def _judge(self, context: Context, counts: Counts, manifest: dict[str, Any]) -> None:
        error: LanguageError | None = None
        if counts.missing:
            error = IncompleteResultsError(
                f"{counts.missing} of {counts.rows} rows are missing; see {self.output_path}."
            )
        elif counts.failed_share > self.fail_on_document_errors:
            error = DocumentErrorsError(
                f"{counts.error} of {counts.rows} rows are errors ({', '.join(_codes(counts))}), "
                f"more than a share of {self.fail_on_document_errors:g}."
            )
        if error is not None:
            context["ti"].xcom_push(key="return_value", value=manifest)
            raise error
