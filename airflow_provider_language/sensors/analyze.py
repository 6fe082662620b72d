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
    AirflowTaskTimeout,
    BaseSensorOperator,
    is_deferral_timeout,
)
from airflow_provider_language.analysis.outcomes import ended_event, event_error
from airflow_provider_language.analysis.retries import RetryPolicy
from airflow_provider_language.exceptions import (
    JobError,
    JobTimeoutError,
    LanguageError,
    ServiceUnavailableError,
)
from airflow_provider_language.operators.base import DEFAULT_CONN_ID, locations_of
from airflow_provider_language.operators.failures import cancel_quietly
from airflow_provider_language.operators.limits import WaitLimits, backstop
from airflow_provider_language.operators.looking_around import DEFER_AFTER, look_around
from airflow_provider_language.operators.records import record_store
from airflow_provider_language.sensors.outages import Outage

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.analysis.jobs import Job
    from airflow_provider_language.hooks.language import LanguageHook

LOOKED_AT_FIRST = 10
"""The number of jobs up to which a worker looks before it defers; a look takes a tenth of a second or so."""
RECORD = "outage"
"""The name of the record that tells a later poke since when the service has not answered."""


class AnalyzeJobSensor(BaseSensorOperator):
    """Waits until every job has ended, and fails if one did not end well.

    Poke, reschedule and deferrable decide alike. A job that failed, was cancelled, or is partially
    completed fails the sensor for good: waiting once more would find the same. A service that does not answer
    for longer than the tolerance fails this try only. The sensor does not own the jobs, and cancels them only
    if it is told to.

    Args:
        operation_location: the job, or the jobs, as ``SubmitAnalyzeJobOperator`` returns them.
        azure_language_conn_id: the connection.
        allow_partial: whether a job some of whose tasks failed is good enough.
        deferrable: wait in the triggerer, after a moment in the worker.
        defer_after: seconds to wait in the worker before deferring; 0 to defer after one look.
        poll_interval: seconds between looks of the triggerer; None for pauses that grow.
        poke_interval: seconds between looks otherwise; by default 5, since most jobs take seconds, or 60 in
            reschedule mode, where each poke costs a worker's start.
        tolerance: seconds for which faults of the service in a row are ridden out; with ``silent_fail``, for
            as long as the sensor's timeout.
        cancel_on_kill: whether the jobs are cancelled when the sensor is killed or runs out of time.
        start_from_trigger: start the wait in the triggerer, and end it there if all is well: no worker is
            started at all, and ``defer_after`` has no part. See below.
        kwargs: of Airflow's ``BaseSensorOperator``: ``mode``, ``timeout``, ``soft_fail``, ...

    With ``start_from_trigger`` (Airflow 3.3 and later), the scheduler defers the task itself. What does not
    end well goes to a worker, which decides as ever: ``soft_fail``, ``never_fail``, retries and errors hold,
    and so do ``timeout``, ``execution_timeout`` and ``cancel_on_kill``. The deadline of a try is kept in
    Airflow's database: no restart of a triggerer moves it. A task with ``outlets`` or ``post_execute`` is
    ended by a worker in any case. As Airflow has it, such a task waits neither for a slot of a pool nor for a
    limit of concurrency, its callback for success runs in the DAG processor, the triggerer is given the whole
    DAG with it, and ``airflow dags test`` and ``dag.test`` run it as any other.

    It takes ``submit.output``, templates, or a list of them. Refused where the DAG is parsed, with
    InvalidInputError, is what would never end, or would not be done: mapping the sensor, the output of a
    mapped task (except one in the same mapped task group), ``xcom_pull`` without ``map_indexes``, a DAG's own
    macros, ``pre_execute`` and ``on_execute_callback``. A sensor that is mapped and has the option from
    ``expand`` or from ``default_args``, where Airflow asks nobody while it parses, is refused by its worker.
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
        defer_after: float = DEFER_AFTER,
        poll_interval: float | None = None,
        poke_interval: timedelta | float | None = None,
        tolerance: float = RetryPolicy.tolerance,
        cancel_on_kill: bool = False,
        start_from_trigger: bool = False,
        **kwargs: Any,
    ) -> None:
        if poke_interval is None:
            poke_interval = 60.0 if kwargs.get("mode") == "reschedule" else 5.0
        super().__init__(poke_interval=poke_interval, **kwargs)
        self.operation_location = operation_location
        self.azure_language_conn_id = azure_language_conn_id
        self.allow_partial = allow_partial
        self.deferrable = deferrable or start_from_trigger
        self.defer_after = defer_after
        self.poll_interval = poll_interval
        self.tolerance = tolerance
        self.cancel_on_kill = cancel_on_kill
        self._ended: dict[str, Job] = {}
        self._deadline: float | None = None
        self.start_from_trigger = start_from_trigger
        if start_from_trigger:
            from airflow_provider_language.sensors.starting import start_trigger_args

            self.start_trigger_args = start_trigger_args(self, self._limits, self._patience)

    @classmethod
    def partial(cls, **kwargs: Any) -> Any:
        """Begin to map the sensor.

        Raises:
            InvalidInputError: it is to start from the trigger, which Airflow cannot do for mapped tasks.
        """
        if kwargs.get("start_from_trigger"):
            from airflow_provider_language.sensors.starting import mapped

            raise mapped()
        return super().partial(**kwargs)

    @cached_property
    def hook(self) -> LanguageHook:
        """The hook, which is imported here and not above: it costs every parse of a DAG file 0.3 s."""
        from airflow_provider_language.analysis.exchanges import Settings
        from airflow_provider_language.hooks.language import LanguageHook

        # One look, where waiting for the service, too, is left to the triggerer or to the next poke.
        retries = RetryPolicy(tolerance=0.0 if self.deferrable or self.reschedule else self._patience)
        return LanguageHook(self.azure_language_conn_id, settings=Settings(retries=retries))

    def poke(self, context: Context) -> bool:
        """Look at each job that has not ended yet; raise if all have ended and one not well."""
        outage = self._outage(context) if self._is_rescheduled else None
        try:
            locations = locations_of(self.operation_location)
            for location in locations:
                if location not in self._ended:
                    self._look(location)
        except ServiceUnavailableError as error:
            if outage is None:
                raise
            outage.ride_out(error, self._patience, time.time())
            return False
        except LanguageError as error:
            self._raise(error)
        if outage is not None:
            outage.is_over()
        if len(self._ended) < len(set(locations)):
            return False
        self._raise(event_error(ended_event(list(self._ended.values())), allow_partial=self.allow_partial))
        return True

    def _look(self, location: str) -> None:
        job = self.hook.get(location, deadline=self._deadline)
        self.log.info("Job %s: %s, %d of %d tasks finished", job.job_id, job.status, job.finished, job.total)
        if job.state.ended:
            self._ended[location] = job

    @property
    def _is_rescheduled(self) -> bool:
        return self.reschedule and not self.deferrable

    @property
    def _patience(self) -> float:
        """With ``silent_fail``, only the timeout ends a wait for a service that does not answer."""
        return self.timeout if self.silent_fail else self.tolerance

    @staticmethod
    def _outage(context: Context) -> Outage:
        return Outage(record_store(context, RECORD), context["ti"].try_number)

    def execute(self, context: Context) -> None:
        """Look once; then wait, in the way that was chosen."""
        self._deadline = self._limits.deadline(time.time())
        with self._ending():
            if not self.deferrable:
                super().execute(context)
                return
            ended = self._first_look(context)
        if not ended:
            # Here and not above, as with the hook: no parse needs it, and no task that goes on afterwards.
            from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger

            self.defer(
                trigger=AnalyzeJobTrigger(
                    locations_of(self.operation_location),
                    self.azure_language_conn_id,
                    deadline=self._deadline,
                    poll_interval=self.poll_interval,
                    tolerance=self._patience,
                    cancel_on_kill=self.cancel_on_kill,
                ),
                method_name="execute_complete",
                timeout=backstop(self._deadline, time.time()),
            )

    @property
    def _limits(self) -> WaitLimits:
        return WaitLimits(self.timeout, self.execution_timeout)

    def _first_look(self, context: Context) -> bool:
        """Whether all jobs have ended, or do so in a moment; of many jobs, the triggerer asks."""
        try:
            locations = locations_of(self.operation_location)
            return len(locations) <= LOOKED_AT_FIRST and (
                self.poke(context) or (self._look_around(locations) and self.poke(context))
            )
        except ServiceUnavailableError as error:
            self.log.warning("Leaving it to the triggerer to wait for the service: %s", error)
            return False
        except LanguageError as error:
            self._raise(error)
            raise

    def _look_around(self, locations: Iterable[str]) -> bool:
        until = min(self._deadline or 0.0, time.time() + self.defer_after)
        for location in locations:
            if location not in self._ended:
                job = look_around(self.hook, location, until=until, poll_interval=self.poll_interval)
                if job is None:
                    return False
                self._ended[location] = job
        return True

    def execute_complete(self, context: Context, event: dict[str, Any]) -> None:  # noqa: ARG002
        """Decide about what the trigger saw, as a poke would have decided."""
        self._raise(event_error(event, allow_partial=self.allow_partial))
        self.log.info("All jobs have ended")

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after the deferral, alike on all versions: 2.11 retries a timeout and knows no never_fail."""
        with self._ending():
            if is_deferral_timeout(next_method, next_kwargs):
                self._raise(JobTimeoutError("The triggerer did not tell in time how the jobs ended."))
            return super().resume_execution(next_method, next_kwargs, context)

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """Cancel the jobs of a wait that ran out of time, if told to; honour ``soft_fail``, ``never_fail``.

        Alike in every way of waiting: Airflow itself honours only ``soft_fail`` for a timeout in its loop
        around ``poke``, and in 2.11 after a deferral.
        """
        try:
            yield
        except (AirflowFailException, AirflowSensorTimeout, AirflowTaskTimeout) as error:
            if not isinstance(error, AirflowFailException):
                self.on_kill()
            if self.soft_fail or self.never_fail:
                raise AirflowSkipException(str(error)) from error
            raise
        except AirflowSkipException as error:
            if not isinstance(error.__cause__, AirflowFailException):  # Airflow's own, for a timeout
                self.on_kill()
            raise
        except LanguageError as error:
            if self.never_fail:
                raise AirflowSkipException(str(error)) from error
            raise

    def on_kill(self) -> None:
        """Cancel the jobs, if told to; that some of them have ended is no error."""
        if self.cancel_on_kill:
            for location in locations_of(self.operation_location):
                if location not in self._ended:
                    cancel_quietly(self.hook, location, self.tolerance)

    def _raise(self, error: LanguageError | None) -> None:
        """Raise what went wrong as Airflow takes it."""
        if error is None:
            return
        if isinstance(error, JobTimeoutError):
            ran_out = AirflowTaskTimeout if self._limits.is_execution_timeout else AirflowSensorTimeout
            raise ran_out(str(error)) from error
        if error.retryable and not isinstance(error, JobError):
            raise error
        raise AirflowFailException(str(error)) from error
