"""LanguageHook: what can be asked of the service over an Airflow connection, each a flow of the protocol."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from airflow_provider_language.hooks import forms, metrics
from airflow_provider_language.hooks.base import ConnectionHook
from airflow_provider_language.protocol import detection, flows, result_pages
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.inputs.documents import DocumentLike, documents_from
from airflow_provider_language.protocol.inputs.families import InputLike, family_of, inputs_from
from airflow_provider_language.protocol.jobs.expected import ExpectedResultsLike, expected_results_from
from airflow_provider_language.protocol.jobs.origins import UNKNOWN, Origin
from airflow_provider_language.protocol.jobs.results import Row
from airflow_provider_language.protocol.retries import RetryPolicy

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from airflow_provider_language.protocol.corpus.layouts import LayoutOptions
    from airflow_provider_language.protocol.inputs.submissions import Submission
    from airflow_provider_language.protocol.inputs.tasks import TaskLike, WireTask
    from airflow_provider_language.protocol.jobs.status import Job
    from airflow_provider_language.protocol.tables.values import Value
    from airflow_provider_language.storage.locations import Location


class LanguageHook(ConnectionHook):
    """Runs asynchronous jobs of Azure AI Language.

    Its arguments are those of :class:`ConnectionHook`. In an event loop, :meth:`player` is the way.
    """

    # Not inherited: Airflow 2.11 looks for both in the class itself.
    @staticmethod
    def get_connection_form_widgets() -> dict[str, Any]:
        """The form's own fields, for Airflow 2.11; later versions read the provider's manifest."""
        return forms.widgets()

    @staticmethod
    def get_ui_field_behaviour() -> dict[str, Any]:
        """What the form does with Airflow's own fields, for Airflow 2.11."""
        return forms.behaviour()

    def submission(
        self,
        documents: Iterable[InputLike],
        tasks: Sequence[TaskLike],
        *,
        language: str | None = None,
        display_name: str | None = None,
        default_language: str | None = None,
        cancel_after: float | None = None,
    ) -> Submission:
        """Check documents and tasks, and make one job of them; nothing is sent.

        Args:
            documents: texts, rows with ``id``, ``text`` and ``language``, or documents; conversations; or
                native documents. Their type decides on the job family.
            tasks: typed tasks, bare kinds, or dicts in the service's words.
            language: for documents that name none.
            display_name: comes back with the job's state.
            default_language: where the language is ``auto`` and cannot be told.
            cancel_after: seconds after which the service cancels the job, where the version has it.

        Raises:
            InvalidInputError: the service would refuse it.
        """
        # Here and not above: what a task may say is read by those who submit, not by each that looks.
        from airflow_provider_language.protocol.inputs.fields import number_in, text_in
        from airflow_provider_language.protocol.inputs.submissions import Submission
        from airflow_provider_language.protocol.inputs.tasks import tasks_from

        inputs = inputs_from(documents, text_in(language, "language"))
        return Submission(
            documents=inputs,
            tasks=self._opted_out(tasks_from(tasks)),
            version=self.version_for(family_of(inputs)),
            display_name=text_in(display_name, "display_name"),
            default_language=text_in(default_language, "default_language"),
            cancel_after=number_in(cancel_after, "cancel_after"),
        )

    def _opted_out(self, tasks: tuple[WireTask, ...]) -> tuple[WireTask, ...]:
        from airflow_provider_language.protocol.inputs.opting_out import opted_out

        return opted_out(tasks) if self.opts_out_of_logging else tasks

    def submit(self, documents: Iterable[InputLike], tasks: Sequence[TaskLike], **options: Any) -> str:
        """Submit one job, as :meth:`submission` describes it.

        Returns:
            The job's operation-location.

        Raises:
            InvalidInputError: refused before anything was sent.
            ServiceError: refused by the service.
            SubmissionLostError: nobody knows whether the job was accepted.
        """
        return self.submit_job(self.submission(documents, tasks, **options))

    def submit_job(self, submission: Submission) -> str:
        """Submit a job that has been checked already; see :meth:`submit`."""
        handle = self.play(flows.submit(submission, self.settings))
        metrics.job_submitted(submission)
        return handle.location(self.connection_settings.endpoint)

    def get(self, operation_location: str, *, deadline: float | None = None) -> Job:
        """Look at a job once.

        Args:
            operation_location: the job.
            deadline: in seconds since the epoch, after which faults are not ridden out any longer.
        """
        return self.play(flows.get(self.handle(operation_location), self.settings, deadline=deadline))

    def wait(
        self,
        operation_location: str,
        *,
        timeout: float | None = None,
        poll_interval: float | None = None,
        origin: Origin = UNKNOWN,
        clock: Callable[[], float] = time.time,
    ) -> Job:
        """Wait in this process until a job has ended, however it ended.

        Args:
            operation_location: the job.
            timeout: seconds; None for ever.
            poll_interval: seconds between looks; None for pauses that suit what is known of such jobs.
            origin: what is known of how the job began.
            clock: the time in seconds since the epoch.

        Raises:
            JobTimeoutError: it did not end in time.
        """
        began = clock()
        deadline = None if timeout is None else began + timeout
        handle = self.handle(operation_location)
        job = self.play(flows.wait(handle, self._paced(poll_interval), deadline=deadline, origin=origin))
        metrics.job_awaited(job, clock() - began)
        return job

    def watch(
        self,
        operation_location: str,
        *,
        deadline: float,
        poll_interval: float | None = None,
        origin: Origin = UNKNOWN,
    ) -> Job:
        """Wait in this process until a job has ended or the deadline has come, and return it as last seen.

        Args:
            operation_location: the job.
            deadline: in seconds since the epoch.
            poll_interval: seconds between looks; None for pauses that suit what is known of such jobs.
            origin: what is known of how the job began.
        """
        handle, settings = self.handle(operation_location), self._paced(poll_interval)
        began = time.time()
        job = self.play(flows.watch(handle, settings, deadline=deadline, origin=origin))
        metrics.job_awaited(job, time.time() - began)
        return job

    def _paced(self, poll_interval: float | None) -> Settings:
        pace = replace(self.settings.pace, interval=poll_interval)
        return replace(self.settings, pace=pace, resource=self._known.resource)

    def results(
        self,
        operation_location: str,
        submitted: ExpectedResultsLike | None = None,
    ) -> tuple[Row, ...]:
        """Read a job's results, each document exactly once per task.

        Args:
            operation_location: a job that has ended.
            submitted: what went in, as ``SubmitAnalyzeJobOperator`` tells it, or ids, or rows with ``id`` and
                ``language``, so that a document, or a task, that the service forgot comes out as missing.

        Raises:
            JobError: the job has no results (yet).
            IncompleteResultsError: what went in and what came out do not reconcile.
        """
        expected = None if submitted is None else expected_results_from(submitted)
        return self.play(result_pages.results(self.handle(operation_location), self.settings, expected))

    @staticmethod
    def tables(rows: Iterable[Row]) -> dict[str, list[dict[str, Value]]]:
        """What was found, as flat tables: ``pandas.DataFrame(tables["entities"])``.

        Args:
            rows: of one or several jobs, as :meth:`results` and :meth:`collect` give them.

        Returns:
            The records of each table by its name; those of the rows' kinds are there also if they are empty
            (docs/tables.md lists tables and columns).
        """
        from airflow_provider_language.protocol.tables.records import tables_from

        return tables_from(row.to_dict() for row in rows)

    def collect(
        self,
        operation_location: str,
        submitted: ExpectedResultsLike | None = None,
        *,
        timeout: float | None = None,
        poll_interval: float | None = None,
        clock: Callable[[], float] = time.time,
    ) -> tuple[Row, ...]:
        """Wait in this process for a job and read its results; the last look has their first page already.

        Args:
            operation_location: the job.
            submitted: what went in; see :meth:`results`.
            timeout: seconds; None for ever.
            poll_interval: seconds between looks; None for pauses that suit what is known of such jobs.
            clock: the time in seconds since the epoch.

        Raises:
            JobTimeoutError: it did not end in time.
            JobError: it has no results.
            IncompleteResultsError: what went in and what came out do not reconcile.
        """
        expected = None if submitted is None else expected_results_from(submitted)
        began = clock()
        flow = flows.collect(
            self.handle(operation_location),
            self._paced(poll_interval),
            expected,
            deadline=None if timeout is None else began + timeout,
            origin=UNKNOWN if expected is None else Origin(since=expected.at),
            ended=lambda job: metrics.job_awaited(job, clock() - began),
        )
        return self.play(flow)

    def cancel(self, operation_location: str, *, tolerance: float | None = None) -> flows.Cancellation:
        """Cancel a job; that it has ended already is no error.

        Args:
            operation_location: the job.
            tolerance: seconds for which faults of the service are ridden out; None for the hook's own.
        """
        retries = self.settings.retries if tolerance is None else RetryPolicy(tolerance=tolerance)
        settings = replace(self.settings, retries=retries)
        return self.play(flows.cancel(self.handle(operation_location), settings))

    def batches(
        self,
        documents: Location | Iterable[InputLike],
        tasks: Sequence[TaskLike] = (),
        **layout: Unpack[LayoutOptions],
    ) -> list[dict[str, Any]]:
        """Divide documents into batches, each of which one job takes; nothing is sent, and no text is told.

        Args:
            documents: the location of a file or folder, which is read in a stream; or documents themselves.
            tasks: of the jobs; their kinds decide, with the inputs, how much a job takes.
            layout: how the file is written: ``text_column``, ``id_column``, ``language_column``,
                ``delimiter`` and ``encoding``, as :class:`Layout` tells. The batches carry it along, so that
                it need not be said again where they are submitted.

        Returns:
            For ``SubmitAnalyzeJobOperator.partial(...).expand(batch=...)``, which reads of a file or folder
            just the documents of its batch.

        Raises:
            InvalidInputError: the documents cannot be submitted; or there are more batches than Airflow maps
                a task over (``[core] max_map_length``).
        """
        from airflow_provider_language.hooks.batches import batches_within
        from airflow_provider_language.protocol.corpus.layouts import Layout

        batches = list(batches_within(documents, tasks, Layout(**layout)))
        return [replace(batch, total=len(batches)).to_dict() for batch in batches]

    def detect_language(self, documents: Iterable[DocumentLike]) -> tuple[Row, ...]:
        """Detect the documents' languages, synchronously; each row's ``language`` is the code."""
        return self.play(
            detection.detect_language(
                documents_from(documents),
                self.settings,
                self.api_version,
                logging_opt_out=self.opts_out_of_logging or None,
            )
        )
