"""SubmitAnalyzeJobOperator: submits one job once, and waits for it if asked to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast, get_args

from airflow.configuration import conf

from airflow_provider_language._compat import (
    AirflowFailException,
    AirflowTaskTimeout,
    is_deferral_timeout,
    leave_state_to_successor,
)
from airflow_provider_language.analysis.charges import text_records
from airflow_provider_language.analysis.jobs import KEPT
from airflow_provider_language.analysis.origins import Origin
from airflow_provider_language.analysis.outcomes import ended_event, event_error
from airflow_provider_language.analysis.records import Attempt, Record
from airflow_provider_language.analysis.submitted import SubmittedJob
from airflow_provider_language.analysis.surfaces import LEGACY_HEALTH
from airflow_provider_language.analysis.tasks import TaskLike
from airflow_provider_language.exceptions import (
    InvalidInputError,
    JobCancelledError,
    JobTimeoutError,
    LanguageError,
    RecordError,
    SubmissionLostError,
    SupersededError,
)
from airflow_provider_language.operators.base import LanguageOperator
from airflow_provider_language.operators.failures import cancel_quietly, failing_for_good
from airflow_provider_language.operators.inputs import (
    batch_of,
    read_inputs,
    rendered_conversations,
    rendered_documents,
)
from airflow_provider_language.operators.limits import WaitLimits, backstop
from airflow_provider_language.operators.looking_around import DEFER_AFTER, look_around
from airflow_provider_language.operators.records import record_store
from airflow_provider_language.operators.submitting import (
    Policies,
    Policy,
    Submitter,
    Surroundings,
)

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.analysis.conversations import ConversationLike
    from airflow_provider_language.analysis.inputs import InputLike
    from airflow_provider_language.analysis.jobs import Job
    from airflow_provider_language.analysis.submissions import Submission

RECORD = "submission"
"""The name of the record that tells a later try of what this one submitted."""


def _name(context: Context) -> str:
    """The task instance's name, the only mark by which a lost job could be told from others."""
    ti = context["ti"]
    index = getattr(ti, "map_index", -1)
    return f"{ti.dag_id}/{ti.task_id}/{ti.run_id}" + (f"/{index}" if index >= 0 else "")


def _origin(submission: Submission, record: Record) -> Origin:
    return Origin(record.at, text_records(submission.documents, len(submission.tasks)))


class SubmitAnalyzeJobOperator(LanguageOperator):
    """Submits documents or conversations as one job, once, and waits for it if asked to.

    The type of what is submitted decides on the job family: texts go to analyze-text, conversations to
    analyze-conversations, and native documents (files in blobs) to analyze-documents.

    Returns the job's operation-location. XComs beside it: ``operation_location``, ``job_id``,
    ``text_records`` (what the job is billed at most) and ``submitted`` (the documents' ids and languages,
    for ``FetchAnalyzeResultsOperator``). No text and no SAS goes into an XCom or a rendered field.

    What is submitted is recorded before and after: in Airflow's task state store (3.3 and later), else in a
    file below ``[azure_language] state_path``. So a retry goes on with the job of the try before, or uses it
    if it has ended well; it submits anew only where that job failed, was cancelled or is no longer kept, or
    where documents or parameters have changed. A task that was cleared submits anew, and cancels the old job
    if it owns it.

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
        wait_for_completion: also wait for the job, which this task then owns: if the task is killed, cleared
            or runs out of time, deferred or not, the job is cancelled.
        deferrable: wait in the triggerer, after a moment in the worker.
        defer_after: seconds to wait in the worker before deferring; 0 to defer at once.
        timeout: seconds to wait; ``execution_timeout`` counts, too, also while deferred.
        poll_interval: seconds between looks; None for pauses that grow.
        allow_partial: whether a job some of whose tasks failed is good enough.
        cancel_on_kill: whether a kill of this task cancels its job.
        on_lost_submission: what a retry does where nobody knows whether the service accepted the last
            submission, as the worker was lost, or the answer: ``resubmit``, which may be billed twice and is
            counted in the manifest of the results; or ``fail``.
        on_expired: what a retry does where the service no longer keeps the job: ``resubmit`` or ``fail``.
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
        defer_after: float = DEFER_AFTER,
        timeout: float = KEPT,
        poll_interval: float | None = None,
        allow_partial: bool = False,
        cancel_on_kill: bool = True,
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
        self.defer_after = defer_after
        self.timeout = timeout
        self.poll_interval = poll_interval
        self.allow_partial = allow_partial
        self.cancel_on_kill = cancel_on_kill
        self.policies = Policies(on_lost_submission, on_expired, wait_for_completion and cancel_on_kill)
        self._job: str | None = None
        self._killed = False

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
        """Check, submit once, tell; then wait, if asked to."""
        deadline = self._limits.deadline(time.time())
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
            submitter = self._submitter(context)
            record = self._submitted(context, submitter.submit_once, submission)
        return self._go_on(context, submission, record, submitter, deadline)

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

    def _submitter(self, context: Context) -> Submitter:
        ti = context["ti"]
        return Submitter(
            self.hook,
            record_store(context, RECORD),
            Attempt(number=ti.try_number, life=ti.max_tries),
            self.policies,
            Surroundings(
                cancel=self._cancel,
                on_accepted=self._take,
                is_killed=lambda: self._killed,
            ),
        )

    def _submitted(
        self, context: Context, submit: Callable[[Submission], Record], submission: Submission
    ) -> Record:
        try:
            return submit(submission)
        except SupersededError as error:
            if not self._killed:
                self.log.warning("%s", error)
                leave_state_to_successor(context["ti"])
            raise
        except SubmissionLostError as error:
            if self.policies.on_lost_submission == "fail":
                raise AirflowFailException(str(error)) from error
            raise

    def _take(self, location: str) -> None:
        self._job = location

    def _go_on(
        self, context: Context, submission: Submission, record: Record, submitter: Submitter, deadline: float
    ) -> str:
        location = str(record.location)
        self._take(location)
        try:
            self._tell(context, submission, record)
        except Exception:
            if not submitter.is_recorded:  # nobody would find the job again
                self._cancel(location)
            raise
        if self.wait_for_completion:
            return self._wait(context, location, deadline, _origin(submission, record))
        self._job = None
        return location

    def _tell(self, context: Context, submission: Submission, record: Record) -> None:
        """Tell the handle before anything else, and all else after it."""
        ti = context["ti"]
        location = str(record.location)
        ti.xcom_push(key="operation_location", value=location)
        ti.xcom_push(key="job_id", value=self.hook.handle(location).job_id)
        ti.xcom_push(key="text_records", value=_origin(submission, record).records)
        submitted = SubmittedJob.of(submission, at=record.at, lost_submissions=record.lost)
        ti.xcom_push(key="submitted", value=submitted.to_dict())
        self.log.info("Submitted as %s", location)

    @property
    def _limits(self) -> WaitLimits:
        return WaitLimits(self.timeout, self.execution_timeout)

    def _wait(self, context: Context, location: str, deadline: float, origin: Origin) -> str:
        error: LanguageError | None
        try:
            job = self._awaited(location, deadline, origin)
        except LanguageError as raised:
            error = raised
        else:
            error = event_error(ended_event([job]), allow_partial=self.allow_partial)
        return self._end(context, location, error)

    def _awaited(self, location: str, deadline: float, origin: Origin) -> Job:
        """The job as it was last seen, unless the task defers."""
        if not self.deferrable:
            return self.hook.watch(
                location, deadline=deadline, poll_interval=self.poll_interval, origin=origin
            )
        until = min(deadline, time.time() + self.defer_after)
        job = look_around(self.hook, location, until=until, poll_interval=self.poll_interval, origin=origin)
        if job is None:
            self._defer(location, deadline, origin)
        return job

    def _defer(self, location: str, deadline: float, origin: Origin) -> NoReturn:
        # Here and not above, as with the hook: no parse needs it, and no task that goes on afterwards.
        from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger

        self.defer(
            trigger=AnalyzeJobTrigger(
                [location],
                self.azure_language_conn_id,
                deadline=deadline,
                poll_interval=self.poll_interval,
                tolerance=self.tolerance,
                cancel_on_kill=self.cancel_on_kill,
                since=origin.since,
                records=origin.records,
            ),
            method_name="execute_complete",
            timeout=backstop(deadline, time.time()),
        )

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:
        """Go on after the trigger: the handle is in this task's own XCom."""
        error = event_error(event, allow_partial=self.allow_partial)
        return self._end(context, self._location(context), error)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after the deferral; also where no trigger told in time, the job has run out of time."""
        if is_deferral_timeout(next_method, next_kwargs):
            error = JobTimeoutError("The triggerer did not tell in time how the job ended.")
            return self._end(context, self._location(context), error)
        return super().resume_execution(next_method, next_kwargs, context)

    @staticmethod
    def _location(context: Context) -> str:
        ti = context["ti"]
        location: str = ti.xcom_pull(
            task_ids=ti.task_id, key="operation_location", map_indexes=getattr(ti, "map_index", -1)
        )
        return location

    def _end(self, context: Context, location: str, error: LanguageError | None) -> str:
        """Return what was waited for, or raise what went wrong.

        A job that ran out of time is cancelled before. One that an earlier try submitted, and that this
        earlier try cancelled when it was found to live on, is submitted once more.
        """
        if isinstance(error, JobCancelledError) and not self._killed and self._was_taken_over(context):
            self.log.warning("%s, of an earlier try, was cancelled: submitting once more", location)
            return self._submit_again(context)
        if isinstance(error, JobTimeoutError):
            self._cancel(location)
        self._job = None
        if isinstance(error, JobTimeoutError) and self._limits.is_execution_timeout:
            raise AirflowTaskTimeout(str(error))
        with failing_for_good():
            if error is not None:
                raise error
        return location

    def _was_taken_over(self, context: Context) -> bool:
        try:
            return self._submitter(context).was_taken_over()
        except RecordError as error:
            self.log.warning("Who submitted the job cannot be told: %s", error)
            return False

    def _submit_again(self, context: Context) -> str:
        deadline = self._limits.deadline(time.time())
        with failing_for_good():
            submission = self._submission(context)
            submitter = self._submitter(context)
            record = self._submitted(context, submitter.submit_once, submission)
        return self._go_on(context, submission, record, submitter, deadline)

    def on_kill(self) -> None:
        """Cancel the task's job, and submit none any more."""
        self._killed = True
        if self._job is not None and self.cancel_on_kill:
            self._cancel(self._job)

    def _cancel(self, location: str) -> None:
        cancel_quietly(self.hook, location, self.tolerance)
