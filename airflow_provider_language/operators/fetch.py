"""FetchAnalyzeResultsOperator: the results of jobs as rows in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.exceptions import JobFailedError
from airflow_provider_language.links import ResultsLink
from airflow_provider_language.operators.base import LanguageOperator
from airflow_provider_language.operators.lineage import TellsLineage
from airflow_provider_language.running.assets import tell_assets
from airflow_provider_language.running.choices import check_choice
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.running.given import listed, locations_of
from airflow_provider_language.storage.formats import check_location, given_output
from airflow_provider_language.storage.locations import given_location, rendered_location
from airflow_provider_language.storage.tables.table_formats import TableFormat

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.protocol.jobs.results import Row
    from airflow_provider_language.storage.files import WrittenFile
    from airflow_provider_language.storage.locations import Location


class FetchAnalyzeResultsOperator(TellsLineage, LanguageOperator):
    """Writes the results of jobs that have ended to object storage, as rows in JSON lines, job by job.

    There is one row per document and task: ``document_id``, ``task``, ``kind``, ``status`` (ok, error or
    missing), ``language``, ``result``, ``error_code``, ``error_message``, ``warnings``, ``model_version``,
    ``text_records`` (what it was billed, where the service tells), ``job_id``. The file is written whole or
    not at all, and the same results give the same bytes.

    Returns a manifest of less than 2 KB: ``path``, ``size``, ``sha256``, ``jobs``, ``lost_submissions`` (they
    may have been billed for nothing), ``documents``, ``rows``, ``ok``, ``error``, ``missing``,
    ``text_records`` (over all rows), ``error_codes``, ``warning_codes`` and ``failures``: the commonest kinds
    of rows without a result, by task, code and language, each with the id of one document. It is pushed also
    where the task then fails for too many document errors, or for missing rows.

    Args:
        operation_location: the job, or the jobs, each once. None in a list, of a branch that was skipped, is
            left out, and so is its ``submitted``. None at all is an error, also where a task was mapped over
            nothing; with the default ``trigger_rule``, Airflow skips this task then.
        output_path: the file to write, as ``ObjectStoragePath`` takes it, such as
            ``abfs://conn@container/rows.jsonl``. Its suffix decides on the format: ``.jsonl`` or ``.ndjson``,
            with ``.gz`` behind it to be compressed.
        tables_path: a folder for the same results as flat tables, one folder for each of them, in files of
            ``output_path``'s name (docs/tables.md). None for no tables.
        tables_format: of their files: ``parquet``, which needs the extra ``corpus``; or ``jsonl``, beside
            which a ``tables.sql`` has the types.
        submitted: what went in, as ``SubmitAnalyzeJobOperator`` pushes it under this key, of each of the
            jobs, in any order: it names its job. A job that it names and that is not among the jobs has
            missing rows. Without it, a document or a task of which nothing came out is not noticed, a job
            that has expired is not told from one that never was, and what an input that has shrunk left
            behind is taken for its results. Lists of ids, or of rows with ``id`` and ``language``, do, too:
            one for each job, in the same order.
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
        "tables_path",
        "submitted",
        "azure_language_conn_id",
    )
    operator_extra_links = (ResultsLink(),)
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        operation_location: str | Iterable[str | XComArg] | XComArg,
        output_path: Location | XComArg,
        tables_path: Location | XComArg | None = None,
        tables_format: TableFormat = "parquet",
        submitted: Iterable[Any] | XComArg | None = None,
        fail_on_document_errors: float = 0.0,
        on_expired: Literal["fail", "missing"] = "fail",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.operation_location = operation_location
        self.output_path = given_output(output_path)
        self.tables_path = None if tables_path is None else given_location(tables_path, "tables_path")
        check_choice("tables_format", tables_format, get_args(TableFormat))
        self.tables_format = tables_format
        self.submitted = cast("Iterable[Any] | None", submitted)
        self.fail_on_document_errors = fail_on_document_errors
        check_choice("on_expired", on_expired, ("fail", "missing"))
        self.on_expired = on_expired

    def execute(self, context: Context) -> dict[str, Any]:
        """Read every job, write one file, then judge what is in it."""
        from airflow_provider_language.running.fetching import (
            Fetching,
            is_lost_for_good,
            jobs_of,
            wrong_with,
        )
        from airflow_provider_language.running.lineage import of_results

        with failing_for_good(), _failed_for_good():
            check_location(self.output_path)
            jobs = jobs_of(self.hook, locations_of(self.operation_location), self._submitted)
            fetching = Fetching(self.hook, self.on_expired)
            file, tables = self._written(fetching.rows(jobs))
            manifest, counts = {**fetching.manifest(file), **tables}, fetching.counts
            tell_assets(context, self.outlets, manifest)
            self._keep_lineage(lambda: of_results(fetching, manifest))
            told = (counts.rows, counts.error, counts.missing, self.output_path)
            self.log.info("Wrote %d rows (%d errors, %d missing) to %s", *told)
            if counts.warning_codes:
                self.log.warning("Warnings of the service, by code: %s", manifest["warning_codes"])
            error = wrong_with(counts, self.output_path, self.fail_on_document_errors)
            if error is not None:
                context["ti"].xcom_push(key="return_value", value=manifest)
                if is_lost_for_good(counts):
                    raise AirflowFailException(str(error)) from error
                raise error
        return manifest

    def _written(self, rows: Iterator[Row]) -> tuple[WrittenFile, dict[str, Any]]:
        """Write the rows, and their tables if they are wanted; and what the manifest tells of the latter."""
        from airflow_provider_language.storage.formats import stem_of
        from airflow_provider_language.storage.rows import write_rows

        location = rendered_location(self.tables_path, "tables_path")
        if location is None:
            return write_rows(rows, self.output_path), {}
        from airflow_provider_language.storage.tables.writers import TablesWriter

        with TablesWriter(location, stem_of(self.output_path), self.tables_format) as tables:
            file = write_rows(tables.passing(rows), self.output_path)
        return file, {"tables_path": location, "tables": tables.records}

    @property
    def _submitted(self) -> Iterable[Any] | None:
        given = self.submitted
        return (
            given if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable) else listed(given)
        )


@contextmanager
def _failed_for_good() -> Iterator[None]:
    """Let no retry ask again for the results of a job that failed; another submission would have others."""
    try:
        yield
    except JobFailedError as error:
        raise AirflowFailException(str(error)) from error
