"""Operators for single jobs: submit one, fetch the results of some, cancel some."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast

from airflow.configuration import conf

from airflow_provider_language._compat import is_deferral_timeout
from airflow_provider_language.analysis.charges import text_records
from airflow_provider_language.analysis.outcomes import ended_event, event_error
from airflow_provider_language.analysis.results import Counts, count
from airflow_provider_language.analysis.surfaces import LEGACY_HEALTH
from airflow_provider_language.analysis.tasks import TaskLike
from airflow_provider_language.exceptions import (
    DocumentErrorsError,
    IncompleteResultsError,
    InvalidInputError,
    JobTimeoutError,
    LanguageError,
)
from airflow_provider_language.operators.base import BACKSTOP, LanguageOperator, listed, locations_of
from airflow_provider_language.operators.failures import failing_for_good
from airflow_provider_language.operators.inputs import (
    batch_of,
    read_inputs,
    rendered_conversations,
    rendered_documents,
)
from airflow_provider_language.storage.rows import WrittenFile, write_rows
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.analysis.conversations import ConversationLike
    from airflow_provider_language.analysis.inputs import InputLike
    from airflow_provider_language.analysis.submissions import Submission

DAY = 24 * 60 * 60.0
"""How long the service keeps a job, in seconds (API.md section 1.3)."""
CANCEL_TOLERANCE = 15.0
"""Seconds for which a task that is being ended tries to cancel its job: Airflow kills it after 60."""
ERROR_CODES_TOLD = 10
"""How many kinds of document errors a manifest tells of, the most frequent first."""
ERROR_CODE_LENGTH = 64


def _name(context: Context) -> str:
    """The task instance's name, the only mark by which a lost job could be told from others."""
    ti = context["ti"]
    index = getattr(ti, "map_index", -1)
    return f"{ti.dag_id}/{ti.task_id}/{ti.run_id}" + (f"/{index}" if index >= 0 else "")


def _manifest(file: WrittenFile, jobs: int, counts: Counts) -> dict[str, Any]:
    return {**asdict(file), "jobs": jobs, **asdict(counts), "error_codes": _codes(counts)}


def _codes(counts: Counts) -> dict[str, int]:
    """The most frequent error codes, none longer than a code is: an XCom is no place for a page of them."""
    most = list(counts.error_codes.items())[:ERROR_CODES_TOLD]
    return {code[:ERROR_CODE_LENGTH]: number for code, number in most}


class SubmitAnalyzeJobOperator(LanguageOperator):
    """Submits documents or conversations as one job, and waits for it if asked to.

    The type of what is submitted decides on the job family: texts go to analyze-text, conversations to
    analyze-conversations, and native documents (files in blobs) to analyze-documents.

    Returns the job's operation-location. XComs beside it: ``operation_location``, ``job_id``,
    ``text_records`` (what the job is billed at most) and ``submitted`` (the documents' ids and languages,
    for ``FetchAnalyzeResultsOperator``). No text and no SAS goes into an XCom or a rendered field.

    The service cannot be asked whether it has a job already: a retry submits, and pays, again. So retries of
    this task are best left at 0 unless ``wait_for_completion`` is off and the submission is cheap.

    Args:
        documents: texts; rows with ``id``, ``text`` and ``language``; or the location of a JSON lines file, a
            CSV file or a folder of text files, as ``ObjectStoragePath`` takes it. A job takes 25 documents
            and 125,000 characters at most. Or native documents: rows with ``id``, ``source`` and ``target``,
            of which a job takes 40. A SAS belongs into a template (``{{ conn.blobs.password }}``): what is
            written in a DAG file is stored by Airflow with the DAG.
        conversations: instead of documents: conversations; rows with ``conversation_id``, ``speaker`` and
            ``text``, as ``conversations_from`` reads them; or the location of a file of such rows.
        tasks: typed tasks, bare kinds (``"KeyPhraseExtraction"``) or dicts in the service's own words.
        batch: where ``documents`` are too many for one job, the number (from 0) of the batch to submit, of
            those that :func:`~airflow_provider_language.analysis.batches.pack` makes of them; to be mapped
            over with ``expand(batch=...)``.
        language: for documents that name none: an ISO 639-1 code, or ``auto``.
        default_language: where the language is ``auto`` and cannot be told.
        display_name: comes back with the job's state; the default names the task instance.
        cancel_after: seconds after which the service itself cancels the job.
        wait_for_completion: also wait for the job, which this task then owns: if the task runs out
            of time, or is killed in the worker, the job is cancelled. A kill while deferred leaves it.
        deferrable: wait in the triggerer.
        timeout: seconds to wait.
        poll_interval: seconds between looks; None for pauses that grow.
        allow_partial: whether a job some of whose tasks failed is good enough.
        cancel_on_kill: whether a kill of this task cancels the job it waits for.
        kwargs: of :class:`LanguageOperator` and Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = (
        "documents",
        "conversations",
        "tasks",
        "batch",
        "language",
        "default_language",
        "display_name",
        "api_version",
        "azure_language_conn_id",
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"tasks": "json"}
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        documents: str | Iterable[InputLike] | XComArg | None = None,
        conversations: str | Iterable[ConversationLike] | XComArg | None = None,
        tasks: Sequence[TaskLike],
        batch: int | str | XComArg | None = None,
        language: str | None = None,
        default_language: str | None = None,
        display_name: str | None = None,
        cancel_after: float | None = None,
        wait_for_completion: bool = False,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        timeout: float = DAY,
        poll_interval: float | None = None,
        allow_partial: bool = False,
        cancel_on_kill: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if (documents is None) is (conversations is None):
            raise InvalidInputError("A job takes either documents or conversations.")
        # An XComArg is replaced by what it stands for before the task runs.
        self._documents = cast("str | Iterable[InputLike] | None", documents)
        self._conversations = cast("str | Iterable[ConversationLike] | None", conversations)
        self.tasks = tasks
        self.batch = cast("int | str | None", batch)
        self.language = language
        self.default_language = default_language
        self.display_name = display_name
        self.cancel_after = cancel_after
        self.wait_for_completion = wait_for_completion
        self.deferrable = deferrable
        self.timeout = timeout
        self.poll_interval = poll_interval
        self.allow_partial = allow_partial
        self.cancel_on_kill = cancel_on_kill
        self._owned: str | None = None

    @property
    def documents(self) -> str | Iterable[InputLike] | None:
        """The documents, or where they are."""
        return self._documents

    @documents.setter
    def documents(self, rendered: str | Iterable[InputLike] | None) -> None:
        self._documents = rendered_documents(rendered)

    @property
    def conversations(self) -> str | Iterable[ConversationLike] | None:
        """The conversations, or where they are."""
        return self._conversations

    @conversations.setter
    def conversations(self, rendered: str | Iterable[ConversationLike] | None) -> None:
        self._conversations = rendered_conversations(rendered)

    def execute(self, context: Context) -> str:
        """Check, submit, tell; then wait, if asked to."""
        with failing_for_good():
            submission = self._submission(context)
            self.log.info(
                "Submitting %d %s (%d characters) to %d tasks as %s",
                len(submission.documents),
                submission.surface.inputs,
                submission.characters,
                len(submission.tasks),
                submission.display_name,
            )
            location = self.hook.submit_job(submission)
        self._tell(context, submission, location)
        if self.wait_for_completion:
            self._wait(location)
        return location

    def _submission(self, context: Context) -> Submission:
        inputs = read_inputs(self._documents, self._conversations)
        submission = self.hook.submission(
            batch_of(inputs, self.tasks, self.batch),
            self.tasks,
            language=self.language,
            display_name=self.display_name or None,
            default_language=self.default_language,
            cancel_after=self.cancel_after,
        )
        if submission.display_name or submission.surface is LEGACY_HEALTH:  # which takes no names
            return submission
        return replace(submission, display_name=_name(context))

    def _tell(self, context: Context, submission: Submission, location: str) -> None:
        """Record the handle before anything else is done, and all else after it."""
        ti = context["ti"]
        ti.xcom_push(key="operation_location", value=location)
        ti.xcom_push(key="job_id", value=self.hook.handle(location).job_id)
        ti.xcom_push(key="text_records", value=text_records(submission.documents, len(submission.tasks)))
        ti.xcom_push(
            key="submitted",
            value=[{"id": one.id, "language": one.language} for one in submission.documents],
        )
        self.log.info("Submitted as %s", location)

    def _wait(self, location: str) -> None:
        self._owned = location
        deadline = time.time() + self.timeout
        if self.deferrable:
            self.defer(
                trigger=AnalyzeJobTrigger(
                    [location],
                    self.azure_language_conn_id,
                    deadline=deadline,
                    poll_interval=self.poll_interval,
                    tolerance=self.tolerance,
                ),
                method_name="execute_complete",
                timeout=timedelta(seconds=self.timeout + BACKSTOP),
            )
        try:
            job = self.hook.watch(location, deadline=deadline, poll_interval=self.poll_interval)
        except LanguageError as error:
            self._end(location, error)
        else:
            self._end(location, event_error(ended_event([job]), allow_partial=self.allow_partial))

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:
        """Go on after the trigger: the handle is in this task's own XCom."""
        location = self._submitted(context)
        self._end(location, event_error(event, allow_partial=self.allow_partial))
        return location

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after the deferral; also where no trigger told in time, the job has run out of time."""
        if is_deferral_timeout(next_method, next_kwargs):
            error = JobTimeoutError("The triggerer did not tell in time how the job ended.")
            return self._end(self._submitted(context), error)
        return super().resume_execution(next_method, next_kwargs, context)

    @staticmethod
    def _submitted(context: Context) -> str:
        ti = context["ti"]
        location: str = ti.xcom_pull(
            task_ids=ti.task_id, key="operation_location", map_indexes=getattr(ti, "map_index", -1)
        )
        return location

    def _end(self, location: str, error: LanguageError | None) -> None:
        """Raise what went wrong; a job that ran out of time is cancelled before."""
        self._owned = None
        if error is None:
            return
        if isinstance(error, JobTimeoutError):
            self._cancel(location)
        with failing_for_good():
            raise error

    def on_kill(self) -> None:
        """Cancel the job that this task waits for."""
        if self._owned is not None and self.cancel_on_kill:
            self._cancel(self._owned)

    def _cancel(self, location: str) -> None:
        try:
            result = self.hook.cancel(location, tolerance=min(self.tolerance, CANCEL_TOLERANCE))
            self.log.info("Cancelling %s: %s", location, result.value)
        except LanguageError as error:
            self.log.warning("The job could not be cancelled: %s", error)


class FetchAnalyzeResultsOperator(LanguageOperator):
    """Writes the results of jobs that have ended to object storage, as rows in JSON lines.

    There is one row per document and task: ``document_id``, ``task``, ``kind``, ``status`` (ok, error or
    missing), ``language``, ``result``, ``error_code``, ``error_message``, ``warnings``, ``model_version``,
    ``job_id``. The file is written whole or not at all, and the same results give the same bytes.

    Returns a manifest of less than 2 KB: ``path``, ``size``, ``sha256``, ``jobs``, ``documents``,
    ``rows``, ``ok``, ``error``, ``missing`` and ``error_codes``. It is pushed also where the task then fails
    for too many document errors.

    Args:
        operation_location: the job, or the jobs.
        output_path: the file to write, as ``ObjectStoragePath`` takes it, such as
            ``abfs://conn@container/rows.jsonl``.
        submitted: what went in, as ``SubmitAnalyzeJobOperator`` pushes it under this key; of several jobs,
            one list each, in the same order. Without it, a document that no task of the job speaks of is
            not noticed.
        fail_on_document_errors: the share of rows without a result, from 0 to 1, above which the task fails.
            A missing row always fails it.
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
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.operation_location = operation_location
        self.output_path = output_path
        self.submitted = cast("Iterable[Any] | None", submitted)
        self.fail_on_document_errors = fail_on_document_errors

    def execute(self, context: Context) -> dict[str, Any]:
        """Read every job, write one file, then judge what is in it."""
        with failing_for_good():
            locations = locations_of(self.operation_location)
            rows = [row for pair in self._pairs(locations) for row in self.hook.results(*pair)]
            counts = count(rows)
            manifest = _manifest(write_rows(rows, self.output_path), len(locations), counts)
            self.log.info(
                "Wrote %d rows (%d errors, %d missing) to %s",
                counts.rows,
                counts.error,
                counts.missing,
                self.output_path,
            )
            self._judge(context, counts, manifest)
        return manifest

    def _pairs(self, locations: Sequence[str]) -> Iterator[tuple[str, Any]]:
        if self.submitted is None:
            return ((location, None) for location in locations)
        submitted = [self.submitted] if isinstance(self.operation_location, str) else listed(self.submitted)
        if len(submitted) != len(locations):
            raise InvalidInputError(
                f"There are {len(locations)} jobs, and {len(submitted)} lists of what was submitted."
            )
        return zip(locations, submitted, strict=True)

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


class CancelAnalyzeJobOperator(LanguageOperator):
    """Cancels jobs; that one has ended already is no error.

    Returns how many jobs there were of each result: ``requested``, ``already ended``.

    Args:
        operation_location: the job, or the jobs.
        kwargs: of :class:`LanguageOperator` and Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = ("operation_location", "azure_language_conn_id")
    ui_color = "#dcebf7"

    def __init__(self, *, operation_location: str | Iterable[str | XComArg] | XComArg, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.operation_location = operation_location

    def execute(self, context: Context) -> dict[str, int]:  # noqa: ARG002 - Airflow's signature
        """Cancel one job after another; the first refusal ends it."""
        with failing_for_good():
            results = [self.hook.cancel(location) for location in locations_of(self.operation_location)]
        return dict(Counter(result.value for result in results))
