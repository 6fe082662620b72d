"""AnalyzeJobTrigger: the wait of a task that a worker deferred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.origins import Origin
from airflow_provider_language.triggers.kills import in_background
from airflow_provider_language.triggers.stored import forgiving
from airflow_provider_language.triggers.successors import is_abandoned
from airflow_provider_language.triggers.waiting import WaitingTrigger, Wanted

FIRST_LOOK = 3.0
"""Seconds before the first look: an event that comes within a few seconds of the deferral can overtake it in
Airflow, which then takes the task for failed (measured under load on 3.3.2)."""


@forgiving
@dataclass(eq=False, repr=False)
class AnalyzeJobTrigger(WaitingTrigger):
    """Waits until every job has ended, or the deadline has passed; see also :class:`WaitingTrigger`.

    Args:
        operation_locations: the jobs; each must lie on the connection's own endpoint.
        azure_language_conn_id: the connection.
        deadline: seconds since the epoch, so that a restart of the triggerer changes nothing; None for ever.
        first_look: seconds before the first look.
        since: when the jobs were submitted, in seconds since the epoch; None if that is not known.
        text_records: of each job; None if they are not known.
        cancel_when_abandoned: whether a job that the task's next try does not wait for is cancelled, too;
            that try tells its own in its XCom ``operation_location``.
        poll_interval, tolerance, cancel_on_kill: as of WaitingTrigger.
    """

    operation_locations: Sequence[str]
    azure_language_conn_id: str
    _: KW_ONLY
    deadline: float | None = None
    first_look: float = FIRST_LOOK
    since: float | None = None
    text_records: int | None = None
    cancel_when_abandoned: bool = False

    def __post_init__(self) -> None:
        """Keep the jobs as what Airflow stores."""
        super().__post_init__()
        self.operation_locations = list(self.operation_locations)

    def _wanted(self) -> Wanted:
        if not self.operation_locations:
            raise InvalidInputError("There are no jobs to wait for.")
        return Wanted(
            self.operation_locations,
            self.azure_language_conn_id,
            self.deadline,
            self.first_look,
            Origin(self.since, self.text_records),
        )

    def _go_on_without(self, wanted: Wanted) -> None:
        if self.cancel_when_abandoned:
            # By itself, since it lasts longer than Airflow waits for on_kill.
            in_background(self._cancel_abandoned(wanted))

    async def _cancel_abandoned(self, wanted: Wanted) -> None:
        for location in wanted.locations:
            if await is_abandoned(self.task_instance, location):
                await self._cancel_all(wanted.conn_id, [location], "The task does not wait for it any more")
