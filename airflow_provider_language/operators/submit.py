"""SubmitAnalyzeJobOperator: submits one job once, and waits for it if asked to."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast, get_args

from airflow_provider_language._compat import AirflowFailException, leave_state_to_successor
from airflow_provider_language.exceptions import (
    InvalidInputError,
    RecordError,
    SubmissionLostError,
    SupersededError,
)
from airflow_provider_language.links import ServiceLink
from airflow_provider_language.operators.file_layouts import FileLayout
from airflow_provider_language.operators.lineage import TellsLineage
from airflow_provider_language.operators.map_names import NamedInMap
from airflow_provider_language.operators.owning import JobOwner
from airflow_provider_language.protocol.defaults import Policy
from airflow_provider_language.protocol.wire_names import in_order
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.running.task_names import part_of, task_name
from airflow_provider_language.storage.locations import given_location

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.protocol.inputs.conversations import ConversationLike
    from airflow_provider_language.protocol.inputs.families import InputLike
    from airflow_provider_language.protocol.inputs.submissions import Submission
    from airflow_provider_language.protocol.inputs.tasks import TaskLike
    from airflow_provider_language.protocol.jobs.expected import Source
    from airflow_provider_language.protocol.jobs.origins import Origin
    from airflow_provider_language.protocol.lineage import Lineage
    from airflow_provider_language.protocol.once.flow import Kept
    from airflow_provider_language.protocol.once.record import Record
    from airflow_provider_language.running.paying_once import Submitter
    from airflow_provider_language.storage.locations import Location

RECORD = "submission"
"""The name of the record that tells a later try of what this one submitted."""


def _origin(submission: Submission, record: Record) -> Origin:
    from airflow_provider_language.protocol.inputs.charges import text_records
    from airflow_provider_language.protocol.jobs.origins import Origin

    return Origin(record.at, text_records(submission.documents, len(submission.tasks)))


class SubmitAnalyzeJobOperator(NamedInMap, FileLayout, TellsLineage, JobOwner):
    """Submits documents or conversations as one job, once, and waits for it if asked to.

    The type of what is submitted decides on the job family: texts go to analyze-text, conversations to
    analyze-conversations, and native documents (files in blobs) to analyze-documents.

    Returns the job's operation-location. XComs beside it: ``operation_location``, ``job_id``,
    ``text_records`` (what the job is billed at most; none for native documents) and ``submitted`` (the
    documents' ids and languages, for ``FetchAnalyzeResultsOperator``). No text and no SAS goes into an XCom
    or a rendered field.

    What is submitted is recorded before and after: in Airflow's task state store (3.3 and later), else in a
    file below ``[azure_language] state_path``. So a retry goes on with the job of the try before, or uses it
    if it has ended well; it submits anew only where that job failed, was cancelled or is no longer kept, or
    where documents or parameters have changed, if there is an ``[azure_language] digest_key`` to tell. A task
    that was cleared submits anew, and cancels the old job if it owns it; unless its state was kept, as
    Airflow lets its user from 3.4 on.

    Args:
        documents: texts; rows with ``id``, ``text`` and ``language``; or the location of a JSON lines file, a
            CSV file or a folder of text files, as ``ObjectStoragePath`` takes it. A job takes 25 documents
            and 125,000 characters at most. Or native documents: rows with ``id``, ``source`` and ``target``,
            of which a job takes 40. A SAS belongs into a template (``{{ conn.blobs.password }}``): what is
            written in a DAG file is stored by Airflow with the DAG.
        conversations: instead of documents: conversations; rows with ``conversation_id``, ``speaker`` and
            ``text``, as ``conversations_from`` reads them; or the location of a file of such rows.
        tasks: typed tasks, bare kinds (``"KeyPhraseExtraction"``) or dicts in the service's own words.
        batch: where ``documents`` are too many for one job, the batch to submit, to be mapped over with
            ``expand(batch=...)``: one of those that :meth:`LanguageHook.batches` tells, which is read and no
            more; or a number from 0, for which all documents are read.
        language: for documents that name none: an ISO 639-1 code, or ``auto``.
        default_language: where the language is ``auto`` and cannot be told.
        display_name: comes back with the job's state; the default names the task instance.
        cancel_after: seconds after which the service itself cancels the job, where the version has it
            (docs/service.md, families).
        wait_for_completion: also wait for the job, which this task then owns: if the task is killed, cleared
            or runs out of time, deferred or not, the job is cancelled.
        on_lost_submission: what a retry does where nobody knows whether the service accepted the last
            submission, as the worker was lost, or the answer: ``resubmit``, which may be billed twice and is
            counted in the manifest of the results; or ``fail``.
        on_expired: what a retry does where the service no longer keeps the job: ``resubmit`` or ``fail``.
        kwargs: how it waits (``deferrable``, ``defer_after``, ``timeout``, ``poll_interval``,
            ``allow_partial``, ``cancel_on_kill``), as
            :class:`~airflow_provider_language.operators.owning.JobOwner` tells; how a file is written
            (``text_column``, ``id_column``, ``language_column``, ``delimiter``, ``encoding``), as
            :class:`~airflow_provider_language.operators.file_layouts.FileLayout` tells; and those of
            :class:`LanguageOperator` and Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = (
        "documents",
        "conversations",
        "tasks",
        "batch",
        "language",
        "default_language",
        "display_name",
        "cancel_after",
        "api_version",
        "azure_language_conn_id",
        *FileLayout.template_fields,
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"tasks": "json"}
    operator_extra_links = (ServiceLink(),)
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        documents: Location | Iterable[InputLike] | XComArg | None = None,
        conversations: Location | Iterable[ConversationLike] | XComArg | None = None,
        tasks: Sequence[TaskLike],
        batch: int | str | Mapping[str, Any] | XComArg | None = None,
        language: str | None = None,
        default_language: str | None = None,
        display_name: str | None = None,
        cancel_after: float | None = None,
        wait_for_completion: bool = False,
        on_lost_submission: Policy = "resubmit",
        on_expired: Policy = "resubmit",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if (documents is None) is (conversations is None):
            raise InvalidInputError("A job takes either documents or conversations.")
        for policy in (on_lost_submission, on_expired):
            if policy not in get_args(Policy):
                raise InvalidInputError(f"A policy is {policy!r} instead of resubmit or fail.")
        # An XComArg is replaced by what it stands for before the task runs.
        self._documents = cast("str | Iterable[InputLike] | None", given_location(documents, "documents"))
        self._conversations = cast(
            "str | Iterable[ConversationLike] | None", given_location(conversations, "conversations")
        )
        self.tasks = in_order(tasks)
        self.batch = cast("int | str | Mapping[str, Any] | None", batch)
        self.language = language
        self.default_language = default_language
        self.display_name = display_name
        self.cancel_after = cancel_after
        self.wait_for_completion = wait_for_completion
        self.on_lost_submission = on_lost_submission
        self.on_expired = on_expired
        self._run_after_values_in(documents, conversations, self.tasks)

    @property
    def documents(self) -> str | Iterable[InputLike] | None:
        """The documents, or where they are."""
        return self._documents

    @documents.setter
    def documents(self, rendered: str | Iterable[InputLike] | None) -> None:
        from airflow_provider_language.running.job_inputs import rendered_documents

        with failing_for_good():
            self._documents = rendered_documents(rendered)

    @property
    def conversations(self) -> str | Iterable[ConversationLike] | None:
        """The conversations, or where they are."""
        return self._conversations

    @conversations.setter
    def conversations(self, rendered: str | Iterable[ConversationLike] | None) -> None:
        from airflow_provider_language.running.job_inputs import rendered_conversations

        with failing_for_good():
            self._conversations = rendered_conversations(rendered)

    def execute(self, context: Context) -> str:
        """Check, submit once, tell; then wait, if asked to."""
        self._tell_of_retirements(self.tasks)
        return self._submit(context)

    def _submit(self, context: Context) -> str:
        deadline = self._limits.deadline(time.time())
        with failing_for_good():
            submission = self._submission(context)
            kept = self._submitted(context, submission)
        location = str(kept.record.location)
        self._own(location)
        try:
            self._tell(context, submission, kept.record)
        except Exception:
            if not kept.is_recorded:  # nobody would find the job again
                self._cancel(location)
            raise
        self._keep_lineage(lambda: self._lineage_of(len(submission.documents)))
        if self.wait_for_completion:
            return self._wait(context, location, deadline, _origin(submission, kept.record))
        self._own(None)
        return location

    def _submission(self, context: Context) -> Submission:
        from airflow_provider_language.protocol.surfaces import LEGACY_HEALTH
        from airflow_provider_language.running.job_inputs import inputs_of

        submission = self.hook.submission(
            inputs_of(self._documents, self._conversations, self.tasks, self.batch, self.layout),
            self.tasks,
            language=self.language,
            display_name=self.display_name,
            default_language=self.default_language,
            cancel_after=self.cancel_after,
        )
        if submission.display_name or submission.surface is LEGACY_HEALTH:  # which takes no names
            return submission
        return replace(submission, display_name=task_name(context))

    def _submitter(self, context: Context) -> Submitter:
        from airflow_provider_language.protocol.once.plan import Policies
        from airflow_provider_language.protocol.once.record import Attempt
        from airflow_provider_language.running.paying_once import Submitter, TaskNotebook
        from airflow_provider_language.running.state_stores import note_beside, state_store

        ti = context["ti"]
        notebook = TaskNotebook(
            state_store(context, RECORD),
            note_beside(context, RECORD) if self._owns else None,
            on_job=self._own,
            is_killed=lambda: self._killed,
        )
        attempt = Attempt(number=ti.try_number, life=ti.max_tries)
        policies = Policies(self.on_lost_submission, self.on_expired, cancels_replaced=self._owns)
        return Submitter(self.hook, notebook, attempt, policies)

    @property
    def _owns(self) -> bool:
        return self.wait_for_completion and self.cancel_on_kill

    def _submitted(self, context: Context, submission: Submission) -> Kept:
        try:
            return self._submitter(context).submit_once(submission)
        except SupersededError as error:
            if not self._killed:
                self.log.warning("%s", error)
                leave_state_to_successor(context["ti"])
            raise
        except SubmissionLostError as error:
            if self.on_lost_submission == "fail":
                raise AirflowFailException(str(error)) from error
            raise

    def _tell(self, context: Context, submission: Submission, record: Record) -> None:
        """Tell the handle before anything else, and all else after it."""
        from airflow_provider_language.protocol.jobs.expected import ExpectedResults

        ti = context["ti"]
        location = str(record.location)
        ti.xcom_push(key="operation_location", value=location)
        job_id = self.hook.handle(location).job_id
        ti.xcom_push(key="job_id", value=job_id)
        records = _origin(submission, record).text_records
        if records is not None:  # Airflow 3.0 refuses an XCom of None
            ti.xcom_push(key="text_records", value=records)
        submitted = ExpectedResults.of(
            submission,
            at=record.at,
            lost_submissions=record.lost,
            job_id=job_id,
            batch=part_of(context, self.batch, self._documents or self._conversations),
            source=self._source,
        )
        ti.xcom_push(key="submitted", value=submitted.to_dict())
        self.log.info("The job is %s", location)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:
        """Go on after the trigger; what the job was made of is known by this task's own XCom."""
        location = super().execute_complete(context, event)
        self._keep_lineage(lambda: self._lineage_of(len(self._own_xcom(context, "submitted")["documents"])))
        return location

    @property
    def _source(self) -> Source | None:
        from airflow_provider_language.running.job_inputs import source_of

        return source_of(self._documents, self._conversations, self.batch, self.layout)

    def _lineage_of(self, documents: int) -> Lineage:
        from airflow_provider_language.running.lineage import of_submission

        return of_submission(self._source, documents, self.tasks)

    def _was_taken_over(self, context: Context) -> bool:
        try:
            return self._submitter(context).was_taken_over()
        except RecordError as error:
            self.log.warning("Who submitted the job cannot be told: %s", error)
            return False
