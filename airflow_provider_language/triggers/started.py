"""StartedAnalyzeJobTrigger: the wait of a task that the scheduler itself defers, without a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta, timezone

from airflow.triggers.base import TaskSuccessEvent, TriggerEvent

from airflow_provider_language.protocol.jobs.locations import locations_in
from airflow_provider_language.protocol.jobs.outcomes import Ending, error_of
from airflow_provider_language.triggers.stored import forgiving
from airflow_provider_language.triggers.waiting import WaitingTrigger, Wanted


@forgiving
@dataclass(eq=False, repr=False)
class StartedAnalyzeJobTrigger(WaitingTrigger):
    """Waits for jobs that a template names, and ends the task if all is well; see also WaitingTrigger.

    Airflow makes it of what the DAG's author wrote, and renders ``operation_location`` and
    ``azure_language_conn_id`` before it runs (3.3.2, ``BaseTrigger.render_template_fields``). Whatever is not
    simply well is handed to a worker, by the event of AnalyzeJobTrigger.

    Args:
        operation_location: the job or the jobs, or templates of them.
        azure_language_conn_id: the connection, or a template of it.
        head_start: seconds by which the deadline is earlier than Airflow's own timeout of this deferral,
            which Airflow keeps in its database: a restart of the triggerer moves neither.
        allow_partial: whether a job some of whose tasks failed is good enough.
        end_from_trigger: whether the task ends here if all is well; False leaves that, too, to a worker.
        poll_interval, tolerance, cancel_on_kill: as of WaitingTrigger.

    Attributes:
        timeout_after: when Airflow ends this deferral; the triggerer sets it.
    """

    operation_location: str | Sequence[str]
    azure_language_conn_id: str
    _: KW_ONLY
    head_start: float = 0.0
    allow_partial: bool = False
    end_from_trigger: bool = True
    timeout_after: datetime | None = field(default=None, init=False)

    def _wanted(self) -> Wanted:
        return Wanted(
            locations_in(self.operation_location),
            self.azure_language_conn_id,
            self._deadline,
            # No worker ended a moment ago that an event could overtake.
            first_look=0.0,
        )

    @property
    def _deadline(self) -> float | None:
        if self.timeout_after is None:
            return None
        # Airflow's database may keep times without their time zone, which is UTC.
        ends = self.timeout_after.replace(tzinfo=self.timeout_after.tzinfo or timezone.utc)
        return (ends - timedelta(seconds=self.head_start)).timestamp()

    def _fired(self, ending: Ending) -> TriggerEvent:
        if not self.end_from_trigger or error_of(ending, allow_partial=self.allow_partial):
            return super()._fired(ending)
        self.log.info("All jobs have ended")
        return TaskSuccessEvent()
