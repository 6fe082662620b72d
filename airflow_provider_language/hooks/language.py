"""LanguageHook: plays the flows of the service over an Airflow connection, in a worker or a triggerer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.providers.http.hooks.http import HttpHook

from airflow_provider_language.analysis import flows
from airflow_provider_language.analysis.documents import DocumentLike, documents_from
from airflow_provider_language.analysis.exchanges import Settings
from airflow_provider_language.analysis.handles import JobHandle, handle_from
from airflow_provider_language.analysis.inputs import InputLike, family_of, inputs_from
from airflow_provider_language.analysis.origins import UNKNOWN, Origin
from airflow_provider_language.analysis.pacing import Pace
from airflow_provider_language.analysis.results import Row
from airflow_provider_language.analysis.retries import RetryPolicy, may_have_arrived
from airflow_provider_language.analysis.submitted import SubmittedJobLike, submitted_job_from
from airflow_provider_language.analysis.surfaces import ANALYZE_TEXT, Surface
from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    LanguageError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceUnavailableError,
)
from airflow_provider_language.hooks import forms, metrics
from airflow_provider_language.hooks.connections import ConnectionSettings, settings_from
from airflow_provider_language.hooks.players import AsyncPlayer
from airflow_provider_language.hooks.shared import (
    access,
    connection_settings,
    known,
)
from airflow_provider_language.hooks.signals import signals_held
from airflow_provider_language.hooks.witnesses import Witness
from airflow_provider_language.transports import blocking
from airflow_provider_language.transports.keepalive import KeptSessions

if TYPE_CHECKING:
    import requests

    from airflow_provider_language._compat import Connection
    from airflow_provider_language.analysis.jobs import Job
    from airflow_provider_language.analysis.submissions import Submission
    from airflow_provider_language.analysis.tasks import TaskLike
    from airflow_provider_language.analysis.wire import Flow, NoReply, Request, Response

T = TypeVar("T")


_VERDICTS: Mapping[type[LanguageError], str] = {
    AuthenticationError: "The key is wrong, or belongs to another resource.",
    AccessDeniedError: "The key may not use this resource.",
    ResourceNotFoundError: "The host answers, but it is no endpoint of a Language resource.",
    RequestRefusedError: "The host answers, but not as a Language resource.",
    ServiceUnavailableError: "The host does not answer as a Language resource.",
}
"""What a failed probe says about the connection."""


class LanguageHook(HttpHook):
    """Runs asynchronous jobs of Azure AI Language.

    TLS, proxy, certificate and timeout options of the connection's extra are those of the HTTP provider.

    Args:
        azure_language_conn_id: the connection: its host is the endpoint, its password the key.
        api_version: overrides the connection's; the default is the newest stable one of the job family.
        settings: patience with faults, and the times between looks.
        http_options: more arguments of the HTTP provider's ``HttpHook``.
    """

    conn_name_attr = "azure_language_conn_id"
    default_conn_name = "azure_language_default"
    conn_type = "azure_language"
    hook_name = "Azure AI Language"

    def __init__(
        self,
        azure_language_conn_id: str = default_conn_name,
        api_version: str | None = None,
        settings: Settings | None = None,
        **http_options: Any,
    ) -> None:
        super().__init__(http_conn_id=azure_language_conn_id, **http_options)
        self.azure_language_conn_id = azure_language_conn_id
        self._api_version = api_version
        self._sessions = KeptSessions(self.get_conn)
        self.settings = settings or Settings()

    @staticmethod
    def get_connection_form_widgets() -> dict[str, Any]:
        """The form's own fields, for Airflow 2.11; later versions read the provider's manifest."""
        return forms.widgets()

    @staticmethod
    def get_ui_field_behaviour() -> dict[str, Any]:
        """What the form does with Airflow's own fields, for Airflow 2.11."""
        return forms.behaviour()

    @cached_property
    def connection_settings(self) -> ConnectionSettings:
        """The connection, read once."""
        return self._settled(settings_from(self.get_connection(self.azure_language_conn_id)))

    def _settled(self, settings: ConnectionSettings) -> ConnectionSettings:
        return replace(settings, api_version=self._api_version) if self._api_version else settings

    @property
    def api_version(self) -> str:
        """The version of the API that texts are submitted with."""
        return self.version_for(ANALYZE_TEXT)

    def version_for(self, family: Surface) -> str:
        """The version for jobs of a family: the hook's, the connection's, or the newest stable one."""
        return self.connection_settings.api_version or family.newest_stable

    def get_conn(
        self, headers: dict[Any, Any] | None = None, extra_options: dict[str, Any] | None = None
    ) -> requests.Session:
        """A session with the connection's certificates, proxy, headers and key.

        What requests itself would take from the environment (a proxy, a bundle, a user out of ``.netrc``)
        has been decided in the connection's settings. It follows no redirect: requests would send the key
        along, to any host.
        """
        from requests.utils import default_headers

        settings = self.connection_settings
        session: requests.Session = super().get_conn(extra_options=extra_options)
        session.headers.clear()
        session.headers.update({**default_headers(), **settings.headers, **(headers or {})})
        session.auth = None
        session.trust_env = False
        session.verify = settings.authorities
        session.cert = settings.cert
        session.proxies = {settings.endpoint.scheme: settings.proxy} if settings.proxy else {}
        # The HTTP provider makes the session, so there is no class of ours to override it in; mypy wants
        # the argument's name.
        session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005
        return session

    def _set_base_url(self, connection: Connection) -> None:  # noqa: ARG002 - the HTTP provider's signature
        """Name the endpoint to ``run`` and its like, which would take ``http`` where no scheme is told."""
        self.base_url = self.connection_settings.endpoint.url
        self._base_url_initialized = True

    def play(self, flow: Flow[T]) -> T:
        """Run a flow in this process, blocking until it ends."""
        with self._wire() as wire:
            return blocking.play(flow, self._gated(wire.send))

    def _gated(self, send: blocking.Send) -> blocking.Send:
        """Send as the budget of the resource allows, which all hooks of this process share."""
        gate = known(self.connection_settings).gate

        def gated(request: Request) -> Response | NoReply:
            reply = gate.send(request, send)
            metrics.request_answered(request, reply)
            return reply

        return gated

    @contextmanager
    def _wire(self) -> Iterator[blocking.SessionWire]:
        settings = self.connection_settings
        with self._sessions.session() as session:
            yield blocking.SessionWire(session, settings.endpoint.url, settings.timeout)

    @asynccontextmanager
    async def player(self) -> AsyncIterator[AsyncPlayer]:
        """The way to the resource for flows in an event loop; its users share a session and a budget."""
        settings = self._settled(await connection_settings(self.azure_language_conn_id))
        async with access(settings) as way:
            yield AsyncPlayer(way, self.azure_language_conn_id)

    def handle(self, operation_location: str) -> JobHandle:
        """The handle of a job on this connection's endpoint.

        Raises:
            ForeignLocationError: the location lies elsewhere.
        """
        return handle_from(operation_location, self.connection_settings.endpoint)

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
            cancel_after: seconds after which the service cancels the job.

        Raises:
            InvalidInputError: the service would refuse it.
        """
        # Here and not above: what a task may say is read by those who submit, not by each that looks.
        from airflow_provider_language.analysis.submissions import Submission
        from airflow_provider_language.analysis.tasks import tasks_from

        inputs = inputs_from(documents, language)
        return Submission(
            documents=inputs,
            tasks=tasks_from(tasks),
            version=self.version_for(family_of(inputs)),
            display_name=display_name,
            default_language=default_language,
            cancel_after=cancel_after,
        )

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

    def submit_job(self, submission: Submission, witness: Witness | None = None) -> str:
        """Submit a job that has been checked already; see :meth:`submit`.

        Args:
            submission: the job.
            witness: told before each time that the submission is sent, and, before anything else happens, of
                the job that was accepted, or that none was. A signal to end the process is held back in
                between, so that a job is paid for and unknown only if the process is killed outright.
        """
        endpoint = self.connection_settings.endpoint

        def witnessed(wire: blocking.SessionWire, request: Request, witness: Witness) -> Response | NoReply:
            with signals_held():
                witness.sending()
                reply = wire.send(request)
                handle = flows.accepted(reply, submission)
                if handle is not None:
                    witness.accepted(handle.location(endpoint))
                elif not may_have_arrived(reply):
                    witness.refused()
            return reply

        with self._wire() as wire:
            send = wire.send if witness is None else lambda request: witnessed(wire, request, witness)
            handle = blocking.play(flows.submit(submission, self.settings), self._gated(send))
        metrics.job_submitted(submission)
        return handle.location(endpoint)

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
        return replace(self.settings, pace=pace, resource=known(self.connection_settings).resource)

    def results(
        self,
        operation_location: str,
        submitted: SubmittedJobLike | None = None,
    ) -> tuple[Row, ...]:
        """Read a job's results, each document exactly once per task.

        Args:
            operation_location: a job that has ended.
            submitted: what went in, as ``SubmitAnalyzeJobOperator`` tells it, or ids, or rows with ``id`` and
                ``language``, so that a document that the service forgot comes out as missing.

        Raises:
            JobError: the job has no results (yet).
            IncompleteResultsError: what went in and what came out do not reconcile.
        """
        known = None if submitted is None else submitted_job_from(submitted).documents
        return self.play(flows.results(self.handle(operation_location), self.settings, known))

    def collect(
        self,
        operation_location: str,
        submitted: SubmittedJobLike | None = None,
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
        known = None if submitted is None else submitted_job_from(submitted)
        began = clock()
        flow = flows.collect(
            self.handle(operation_location),
            self._paced(poll_interval),
            None if known is None else known.documents,
            deadline=None if timeout is None else began + timeout,
            origin=UNKNOWN if known is None else Origin(since=known.at),
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

    def detect_language(self, documents: Iterable[DocumentLike]) -> tuple[Row, ...]:
        """Detect the documents' languages, synchronously; each row's ``language`` is the code."""
        return self.play(flows.detect_language(documents_from(documents), self.settings, self.api_version))

    def test_connection(self) -> tuple[bool, str]:
        """Tell whether endpoint and key are right, without costing a text record."""
        impatient = Settings(retries=RetryPolicy(tolerance=0), pace=Pace())
        try:
            self.play(flows.probe(impatient))
        except LanguageError as error:
            verdict = next((words for class_, words in _VERDICTS.items() if isinstance(error, class_)), "")
            return False, f"{verdict} {error}".strip()
        return True, "The endpoint is a Language resource, and the key is right."
