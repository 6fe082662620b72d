"""StartedAnalyzeJobTrigger: the wait of a task that the scheduler itself defers, without a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.triggers.base import TaskSuccessEvent, TriggerEvent

from airflow_provider_language.analysis.locations import locations_in
from airflow_provider_language.analysis.outcomes import error_event, event_error
from airflow_provider_language.analysis.retries import RetryPolicy
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger


class StartedAnalyzeJobTrigger(AnalyzeJobTrigger):
    """Waits as AnalyzeJobTrigger does, for jobs that a template names, and ends the task if all is well.

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
        poll_interval: seconds between looks; None for pauses that grow.
        tolerance: seconds for which faults of the service in a row are ridden out.
        cancel_on_kill: as of AnalyzeJobTrigger.
    """

    timeout_after: datetime | None = None
    """When Airflow ends this deferral; the triggerer sets it."""

    def __init__(
        self,
        operation_location: str | Sequence[str],
        azure_language_conn_id: str,
        *,
        head_start: float,
        allow_partial: bool = False,
        end_from_trigger: bool = True,
        poll_interval: float | None = None,
        tolerance: float = RetryPolicy.tolerance,
        cancel_on_kill: bool = False,
    ) -> None:
        super().__init__(
            [],
            azure_language_conn_id,
            poll_interval=poll_interval,
            tolerance=tolerance,
            # No worker ended a moment ago that an event could overtake.
            first_look=0.0,
            cancel_on_kill=cancel_on_kill,
        )
        self.operation_location = operation_location
        self.head_start = head_start
        self.allow_partial = allow_partial
        self.end_from_trigger = end_from_trigger

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class and its arguments, as Airflow stores them."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "operation_location": self.operation_location,
                "azure_language_conn_id": self.azure_language_conn_id,
                "head_start": self.head_start,
                "allow_partial": self.allow_partial,
                "end_from_trigger": self.end_from_trigger,
                "poll_interval": self.poll_interval,
                "tolerance": self.tolerance,
                "cancel_on_kill": self.cancel_on_kill,
            },
        )

    async def _ended(self) -> dict[str, Any]:
        try:
            self.operation_locations = locations_in(self.operation_location)
        except InvalidInputError as error:
            return error_event(error)
        if self.timeout_after is not None:
            # Airflow's database may keep times without their time zone, which is UTC.
            ends = self.timeout_after.replace(tzinfo=self.timeout_after.tzinfo or timezone.utc)
            self.deadline = (ends - timedelta(seconds=self.head_start)).timestamp()
        self.log.info("Waiting for %d jobs until %s", len(self.operation_locations), self._end)
        return await super()._ended()

    @property
    def _end(self) -> str:
        if self.deadline is None:
            return "they end"
        return datetime.fromtimestamp(self.deadline, timezone.utc).isoformat()

    def _fired(self, event: dict[str, Any]) -> TriggerEvent:
        if not self.end_from_trigger or event_error(event, allow_partial=self.allow_partial):
            return super()._fired(event)
        self.log.info("All jobs have ended")
        return TaskSuccessEvent()
