"""AnalyzeJobSensor: waits for jobs that another task submitted, in any of Airflow's three ways."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.configuration import conf

from airflow_provider_language._compat import BaseSensorOperator, is_deferral_timeout
from airflow_provider_language.exceptions import JobTimeoutError, LanguageError, ServiceUnavailableError
from airflow_provider_language.links import ServiceLink
from airflow_provider_language.protocol.defaults import TOLERANCE
from airflow_provider_language.running.cancelling import cancel_quietly
from airflow_provider_language.running.first_look import DEFER_AFTER, look_around
from airflow_provider_language.running.given import DEFAULT_CONN_ID, locations_of
from airflow_provider_language.running.limits import WaitLimits, backstop
from airflow_provider_language.sensors.endings import fail, honoured

if TYPE_CHECKING:
    from airflow.triggers.base import StartTriggerArgs

    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.protocol.jobs.status import Job
    from airflow_provider_language.sensors.waited_for import WaitedFor

LOOKED_AT_FIRST = 10
"""The number of jobs up to which a worker looks before it defers; a look takes a tenth of a second or so."""
POKE_INTERVAL = 5.0
"""Seconds between pokes, since most jobs take seconds."""
RESCHEDULE_INTERVAL = 60.0
"""Seconds between pokes in reschedule mode, where each costs a worker's start."""


class AnalyzeJobSensor(BaseSensorOperator):
    """Waits until every job has ended, and fails if one did not end well.

    Poke, reschedule and deferrable decide alike. A job that failed, was cancelled, or is partially
    completed fails the sensor for good: waiting once more would find the same. A service that does not answer
    for longer than the tolerance fails this try only. The sensor does not own the jobs, and cancels them only
    if it is told to.

    Args:
        operation_location: the job, or the jobs, each once, as ``SubmitAnalyzeJobOperator`` returns them.
            None in a list, of a branch that was skipped, is left out. None at all is an error, also where a
            task was mapped over nothing; with the default ``trigger_rule``, Airflow skips the sensor.
        azure_language_conn_id: the connection.
        allow_partial: whether a job some of whose tasks failed is good enough.
        deferrable: wait in the triggerer.
        defer_after: seconds to wait in the worker before that; 0 to defer after one look.
        poll_interval: seconds between looks of the triggerer; None for pauses that grow.
        poke_interval: seconds between looks otherwise; by default 5, since most jobs take seconds, or 60 in
            reschedule mode, where each poke costs a worker's start.
        tolerance: seconds for which faults of the service in a row are ridden out; with ``silent_fail``, for
            as long as the sensor's timeout.
        cancel_on_kill: whether a kill or a timeout of the sensor cancels the jobs.
        start_from_trigger: wait in the triggerer alone, without a worker if all is well. See below.
        kwargs: of Airflow's ``BaseSensorOperator``: ``mode``, ``timeout``, ``soft_fail``, ...

    With ``start_from_trigger`` (Airflow 3.3 and later), the scheduler defers the task itself. What does not
    end well goes to a worker, which decides as ever: ``soft_fail``, ``never_fail``, retries and errors hold,
    and so do ``timeout``, ``execution_timeout`` and ``cancel_on_kill``. The deadline of a try is kept in
    Airflow's database: no restart of a triggerer moves it. A task with ``outlets`` or ``post_execute`` is
    ended by a worker in any case. As Airflow has it, such a task waits neither for a slot of a pool nor for a
    limit of concurrency, its callback for success runs in the DAG processor, the triggerer is given the whole
    DAG with it, and ``dag.test`` runs it as any other.

    It takes ``submit.output``, templates, or a list of them. Refused where the DAG is parsed, with
    InvalidInputError, is what would never end, or would not be done: mapping the sensor, the output of a
    mapped task (except one in the same mapped task group), ``xcom_pull`` without ``map_indexes``, a DAG's own
    macros, ``pre_execute`` and ``on_execute_callback``. A mapped sensor that has the option from ``expand``
    or ``default_args`` is refused by its worker.
    """

    template_fields: Sequence[str] = ("operation_location", "azure_language_conn_id")
    operator_extra_links = (ServiceLink(),)
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
        tolerance: float = TOLERANCE,
        cancel_on_kill: bool = False,
        start_from_trigger: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(poke_interval=POKE_INTERVAL if poke_interval is None else poke_interval, **kwargs)
        # The mode may stand in default_args, which Airflow applies in the base class.
        if poke_interval is None and self.reschedule:
            self.poke_interval = RESCHEDULE_INTERVAL
        self.operation_location = operation_location
        self.azure_language_conn_id = azure_language_conn_id
        self.allow_partial = allow_partial
        self.deferrable = deferrable or start_from_trigger
        self.defer_after = defer_after
        self.poll_interval = poll_interval
        self.tolerance = tolerance
        self.cancel_on_kill = cancel_on_kill
        self._jobs: WaitedFor | None = None
        self._killed = False
        self._deadline: float | None = None
        self.start_from_trigger = start_from_trigger
        if start_from_trigger:
            self.start_trigger_args = self._start_trigger_args()

    def _start_trigger_args(self) -> StartTriggerArgs:
        from airflow_provider_language.sensors.starting import start_trigger_args

        return start_trigger_args(
            self,
            self.operation_location,
            self.azure_language_conn_id,
            limits=self._limits,
            allow_partial=self.allow_partial,
            poll_interval=self.poll_interval,
            tolerance=self._patience,
            cancel_on_kill=self.cancel_on_kill,
        )

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
        from airflow_provider_language.hooks.language import LanguageHook
        from airflow_provider_language.protocol.exchanges import Settings
        from airflow_provider_language.protocol.retries import RetryPolicy

        # One look, where waiting for the service, too, is left to the triggerer or to the next poke.
        retries = RetryPolicy(tolerance=0.0 if self.deferrable or self.reschedule else self._patience)
        return LanguageHook(self.azure_language_conn_id, settings=Settings(retries=retries))

    def poke(self, context: Context) -> bool:
        """Look at each job that has not ended yet; raise if all have ended and one not well."""
        jobs = self._ready()
        try:
            if self._is_rescheduled:
                self._look_on(jobs, context)
            else:
                for path in jobs.running:
                    jobs.saw(path, self._look(jobs.locations[path]))
        except LanguageError as error:
            fail(error, self._limits)
        if jobs.running:
            return False
        wrong = jobs.error(allow_partial=self.allow_partial)
        if wrong is not None:
            fail(wrong, self._limits)
        return True

    def _ready(self) -> WaitedFor:
        """The jobs, and at hand whatever it takes to look at them and to cancel them.

        A kill comes in the midst of something, which may be Airflow's own talk with its supervisor, or an
        import, and could do neither. So it waits until all is there.
        """
        from airflow_provider_language.hooks.signals import signals_held
        from airflow_provider_language.sensors.waited_for import WaitedFor

        if self._jobs is None:
            with signals_held() if self.cancel_on_kill else nullcontext():
                try:
                    self._jobs = WaitedFor.at(locations_of(self.operation_location), self.hook)
                except LanguageError as error:
                    fail(error, self._limits)
            if self._killed:  # too early; Airflow 3 lets a task go on for some seconds
                self.on_kill()
        return self._jobs

    def _look(self, location: str) -> Job:
        job = self.hook.get(location, deadline=self._deadline)
        self.log.info("Job %s: %s, %d of %d tasks finished", job.job_id, job.status, job.finished, job.total)
        return job

    def _look_on(self, jobs: WaitedFor, context: Context) -> None:
        """Look at the jobs that no earlier poke has seen to have ended, and remember what is found."""
        from airflow_provider_language.running.state_stores import state_store
        from airflow_provider_language.sensors.pokes import RECORD, Memory, look_on

        memory = Memory(state_store(context, RECORD), context["ti"].try_number)
        look_on(memory, jobs, self._look, self._patience)

    @property
    def _is_rescheduled(self) -> bool:
        return self.reschedule and not self.deferrable

    @property
    def _patience(self) -> float:
        """With ``silent_fail``, only the timeout ends a wait for a service that does not answer."""
        return self.timeout if self.silent_fail else self.tolerance

    def execute(self, context: Context) -> None:
        """Look once; then wait, in the way that was chosen."""
        self._deadline = self._limits.deadline(time.time())
        with self._ending():
            if self.cancel_on_kill:
                self._ready()
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
        return WaitLimits(self.timeout, self.execution_timeout, cancels=self.cancel_on_kill)

    def _first_look(self, context: Context) -> bool:
        """Whether all jobs have ended, or do so in a moment; of many jobs, the triggerer asks."""
        try:
            locations = locations_of(self.operation_location)
            return len(locations) <= LOOKED_AT_FIRST and (
                self.poke(context) or (self._look_around() and self.poke(context))
            )
        except ServiceUnavailableError as error:
            self.log.warning("Leaving it to the triggerer to wait for the service: %s", error)
            return False
        except LanguageError as error:
            fail(error, self._limits)

    def _look_around(self) -> bool:
        jobs, until = self._ready(), min(self._deadline or 0.0, time.time() + self.defer_after)
        for path in jobs.running:
            job = look_around(self.hook, jobs.locations[path], until=until, poll_interval=self.poll_interval)
            if job is None:
                return False
            jobs.saw(path, job)
        return True

    def execute_complete(self, context: Context, event: dict[str, Any]) -> None:  # noqa: ARG002
        """Decide about what the trigger saw, as a poke would have decided."""
        from airflow_provider_language.protocol.jobs.outcomes import event_error

        error = event_error(event, allow_partial=self.allow_partial)
        if error is not None:
            fail(error, self._limits)
        self.log.info("All jobs have ended")

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after the deferral, alike on all versions: 2.11 retries a timeout and knows no never_fail."""
        with self._ending():
            if is_deferral_timeout(next_method, next_kwargs):
                fail(JobTimeoutError("The triggerer did not tell in time how the jobs ended."), self._limits)
            return super().resume_execution(next_method, next_kwargs, context)

    def _ending(self) -> AbstractContextManager[None]:
        """End alike in every way of waiting; who runs out of time cancels the jobs, if told to."""
        return honoured(soft_fail=self.soft_fail, never_fail=self.never_fail, out_of_time=self._out_of_time)

    def _out_of_time(self) -> None:
        if self.cancel_on_kill:
            self._cancel(self._ready())

    def on_kill(self) -> None:
        """Cancel the jobs, if told to; that some of them have ended is no error."""
        self._killed = True
        if self.cancel_on_kill and self._jobs is not None:
            self.hook.keep_connection()
            self._cancel(self._jobs)

    def _cancel(self, jobs: WaitedFor) -> None:
        cancel_quietly(self.hook, [jobs.locations[path] for path in jobs.running], self.tolerance)
