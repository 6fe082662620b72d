"""AnalyzeJobSensor: waits for jobs that another task submitted, in any of Airflow's three ways."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.configuration import conf

from airflow_provider_language._compat import (
    AirflowFailException,
    AirflowSensorTimeout,
    AirflowSkipException,
    BaseSensorOperator,
    is_deferral_timeout,
)
from airflow_provider_language.analysis.exchanges import Settings
from airflow_provider_language.analysis.outcomes import ended_event, event_error
from airflow_provider_language.analysis.retries import RetryPolicy
from airflow_provider_language.exceptions import (
    JobError,
    JobTimeoutError,
    LanguageError,
    ServiceUnavailableError,
)
from airflow_provider_language.operators.base import BACKSTOP, DEFAULT_CONN_ID, locations_of
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.analysis.jobs import Job
    from airflow_provider_language.hooks.language import LanguageHook


class AnalyzeJobSensor(BaseSensorOperator):
    """Waits until every job has ended, and fails if one did not end well.

    Poke, reschedule and deferrable decide alike. A job that failed, was cancelled, or is partially
    completed fails the sensor for good: waiting once more would find the same. A service that does not answer
    for longer than the tolerance fails this try only. The sensor does not own the jobs and cancels none.

    Args:
        operation_location: the job, or the jobs, as ``SubmitAnalyzeJobOperator`` returns them.
        azure_language_conn_id: the connection.
        allow_partial: whether a job some of whose tasks failed is good enough.
        deferrable: wait in the triggerer, after one look in the worker.
        poll_interval: seconds between looks of the triggerer; None for pauses that grow.
        poke_interval: seconds between looks otherwise; by default 5, since most jobs take seconds, or 60 in
            reschedule mode, where each poke costs a worker's start.
        tolerance: seconds for which faults of the service in a row are ridden out.
        kwargs: of Airflow's ``BaseSensorOperator``: ``mode``, ``timeout``, ``soft_fail``, ...
    """

    template_fields: Sequence[str] = ("operation_location", "azure_language_conn_id")
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        operation_location: str | Iterable[str | XComArg] | XComArg,
        azure_language_conn_id: str = DEFAULT_CONN_ID,
        allow_partial: bool = False,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_interval: float | None = None,
        poke_interval: timedelta | float | None = None,
        tolerance: float = RetryPolicy.tolerance,
        **kwargs: Any,
    ) -> None:
        if poke_interval is None:
            poke_interval = 60.0 if kwargs.get("mode") == "reschedule" else 5.0
        super().__init__(poke_interval=poke_interval, **kwargs)
        self.operation_location = operation_location
        self.azure_language_conn_id = azure_language_conn_id
        self.allow_partial = allow_partial
        self.deferrable = deferrable
        self.poll_interval = poll_interval
        self.tolerance = tolerance
        self._ended: dict[str, Job] = {}

    @cached_property
    def hook(self) -> LanguageHook:
        """The hook, which is imported here and not above: it costs every parse of a DAG file 0.3 s."""
        from airflow_provider_language.hooks.language import LanguageHook

        # The look before a deferral is one look: waiting, for the service too, is left to the triggerer.
        retries = RetryPolicy(tolerance=0.0 if self.deferrable else self.tolerance)
        return LanguageHook(self.azure_language_conn_id, settings=Settings(retries=retries))

    def poke(self, context: Context) -> bool:  # noqa: ARG002 - Airflow's signature
        """Look at each job that has not ended yet; raise if all have ended and one not well."""
        try:
            locations = locations_of(self.operation_location)
            for location in locations:
                if location not in self._ended:
                    job = self.hook.get(location)
                    self.log.info(
                        "Job %s: %s, %d of %d tasks finished", job.job_id, job.status, job.finished, job.total
                    )
                    if job.state.ended:
                        self._ended[location] = job
        except LanguageError as error:
            self._raise(error)
        if len(self._ended) < len(set(locations)):
            return False
        self._raise(event_error(ended_event(list(self._ended.values())), allow_partial=self.allow_partial))
        return True

    def execute(self, context: Context) -> None:
        """Look once; then wait, in the way that was chosen."""
        with self._skipping():
            if not self.deferrable:
                super().execute(context)
                return
            ended = self._first_look(context)
        if not ended:
            self.defer(
                trigger=AnalyzeJobTrigger(
                    locations_of(self.operation_location),
                    self.azure_language_conn_id,
                    deadline=time.time() + self.timeout,
                    poll_interval=self.poll_interval,
                    tolerance=self.tolerance,
                ),
                method_name="execute_complete",
                timeout=timedelta(seconds=self.timeout + BACKSTOP),
            )

    def _first_look(self, context: Context) -> bool:
        try:
            return self.poke(context)
        except ServiceUnavailableError as error:
            self.log.warning("Leaving it to the triggerer to wait for the service: %s", error)
            return False

    def execute_complete(self, context: Context, event: dict[str, Any]) -> None:  # noqa: ARG002
        """Decide about what the trigger saw, as a poke would have decided."""
        self._raise(event_error(event, allow_partial=self.allow_partial))
        self.log.info("All jobs have ended")

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after the deferral, alike on all versions: 2.11 retries a timeout and knows no never_fail."""
        with self._skipping():
            if is_deferral_timeout(next_method, next_kwargs):
                raise AirflowSensorTimeout("The triggerer did not tell in time how the jobs ended.")
            return super().resume_execution(next_method, next_kwargs, context)

    @contextmanager
    def _skipping(self) -> Iterator[None]:
        """Honour ``soft_fail`` and ``never_fail`` alike in every way of waiting.

        Airflow itself honours only the first of them for a timeout in its loop around ``poke``, and in
        2.11 after a deferral.
        """
        try:
            yield
        except (AirflowFailException, AirflowSensorTimeout) as error:
            if self.soft_fail or self.never_fail:
                raise AirflowSkipException(str(error)) from error
            raise
        except LanguageError as error:
            if self.never_fail:
                raise AirflowSkipException(str(error)) from error
            raise

    def _raise(self, error: LanguageError | None) -> None:
        """Raise what went wrong as Airflow takes it."""
        if error is None:
            return
        if isinstance(error, JobTimeoutError):
            raise AirflowSensorTimeout(str(error)) from error
        if error.retryable and not isinstance(error, JobError):
            raise error
        raise AirflowFailException(str(error)) from error
