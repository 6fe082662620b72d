"""JobOwner: an operator that waits for a job of its own, deferred or not, and cancels it when it is ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.configuration import conf

from airflow_provider_language._compat import AirflowTaskTimeout, is_deferral_timeout, task_state_store
from airflow_provider_language.exceptions import JobCancelledError, JobTimeoutError, LanguageError
from airflow_provider_language.operators.base import LanguageOperator
from airflow_provider_language.protocol.defaults import KEPT
from airflow_provider_language.running.cancelling import cancel_quietly
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.running.first_look import DEFER_AFTER, look_around
from airflow_provider_language.running.limits import WaitLimits, backstop

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context
    from airflow_provider_language.protocol.jobs.origins import Origin
    from airflow_provider_language.protocol.jobs.status import Job


class JobOwner(LanguageOperator):
    """Waits for a job of its own.

    Args:
        deferrable: wait in the triggerer, after a moment in the worker.
        defer_after: seconds to wait in the worker before deferring; 0 to defer at once.
        timeout: seconds to wait; ``execution_timeout`` counts, too, also while deferred.
        poll_interval: seconds between looks; None for pauses that grow.
        allow_partial: whether a job some of whose tasks failed is good enough.
        cancel_on_kill: whether a kill of this task cancels its job.
        kwargs: of :class:`LanguageOperator` and Airflow's ``BaseOperator``.
    """

    def __init__(
        self,
        *,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        defer_after: float = DEFER_AFTER,
        timeout: float = KEPT,
        poll_interval: float | None = None,
        allow_partial: bool = False,
        cancel_on_kill: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.deferrable = deferrable
        self.defer_after = defer_after
        self.timeout = timeout
        self.poll_interval = poll_interval
        self.allow_partial = allow_partial
        self.cancel_on_kill = cancel_on_kill
        self._job: str | None = None
        self._killed = False

    @property
    def _limits(self) -> WaitLimits:
        return WaitLimits(self.timeout, self.execution_timeout)

    def _wait(self, context: Context, location: str, deadline: float, origin: Origin) -> str:
        from airflow_provider_language.protocol.jobs.outcomes import ended_event, event_error

        error: LanguageError | None
        try:
            job = self._awaited(context, location, deadline, origin)
        except LanguageError as raised:
            error = raised
        else:
            error = event_error(ended_event([job]), allow_partial=self.allow_partial)
        return self._end(context, location, error)

    def _awaited(self, context: Context, location: str, deadline: float, origin: Origin) -> Job:
        """The job as it was last seen, unless the task defers."""
        if not self.deferrable:
            return self.hook.watch(
                location, deadline=deadline, poll_interval=self.poll_interval, origin=origin
            )
        until = min(deadline, time.time() + self.defer_after)
        job = look_around(self.hook, location, until=until, poll_interval=self.poll_interval, origin=origin)
        if job is None:
            self._defer(context, location, deadline, origin)
        return job

    def _defer(self, context: Context, location: str, deadline: float, origin: Origin) -> NoReturn:
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
                # What this task keeps in Airflow's store may be forgotten; a file is not.
                cancel_when_abandoned=self.cancel_on_kill and task_state_store(context) is not None,
                since=origin.since,
                text_records=origin.text_records,
            ),
            method_name="execute_complete",
            timeout=backstop(deadline, time.time()),
        )

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:
        """Go on after the trigger: the handle is in this task's own XCom."""
        from airflow_provider_language.protocol.jobs.outcomes import event_error

        error = event_error(event, allow_partial=self.allow_partial)
        return self._end(context, self._location(context), error)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after the deferral; also where no trigger told in time, the job has run out of time."""
        if is_deferral_timeout(next_method, next_kwargs):
            error = JobTimeoutError("The triggerer did not tell in time how the job ended.")
            return self._end(context, self._location(context), error)
        return super().resume_execution(next_method, next_kwargs, context)

    @classmethod
    def _location(cls, context: Context) -> str:
        return str(cls._own_xcom(context, "operation_location"))

    @staticmethod
    def _own_xcom(context: Context, key: str) -> Any:
        """What this task instance has told before it was deferred."""
        ti = context["ti"]
        return ti.xcom_pull(task_ids=ti.task_id, key=key, map_indexes=getattr(ti, "map_index", -1))

    def _end(self, context: Context, location: str, error: LanguageError | None) -> str:
        """Return what was waited for, or raise what went wrong.

        A job that ran out of time is cancelled before. One that an earlier try submitted, and that this
        earlier try cancelled when it was found to live on, is submitted once more.
        """
        if isinstance(error, JobCancelledError) and not self._killed and self._was_taken_over(context):
            self.log.warning("%s, of an earlier try, was cancelled: submitting once more", location)
            return self._submit(context)
        if isinstance(error, JobTimeoutError):
            self._make_ready(location)
            if self._cancel(location):
                error.next_step = error.next_step_if_cancelled
        self._own(None)
        if isinstance(error, JobTimeoutError) and self._limits.is_execution_timeout:
            raise AirflowTaskTimeout(str(error))
        with failing_for_good():
            if error is not None:
                raise error
        return location

    def _make_ready(self, location: str) -> None:
        """Have at hand what it takes to cancel a job, also for a kill that comes amid it."""
        from airflow_provider_language.hooks.signals import signals_held

        with signals_held():
            self.hook.handle(location)
            self._own(location)

    def _submit(self, context: Context) -> str:
        """Submit a job, and wait for it."""
        raise NotImplementedError

    def _was_taken_over(self, context: Context) -> bool:
        """Whether the job was submitted by an earlier try than this one."""
        raise NotImplementedError

    def _own(self, location: str | None) -> None:
        """Answer for a job from now on, instead of the one before; None for no job any more."""
        self._job = location

    def on_kill(self) -> None:
        """Cancel the task's job, and submit none any more."""
        self._killed = True
        if self._job is not None and self.cancel_on_kill:
            self.hook.keep_connection()
            self._cancel(self._job)

    def _cancel(self, location: str) -> bool:
        return cancel_quietly(self.hook, [location], self.tolerance)
