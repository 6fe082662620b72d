"""AnalyzeJobTrigger: waits in the triggerer until jobs have ended, and downloads no results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from importlib import import_module
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_language.analysis import flows
from airflow_provider_language.analysis.exchanges import Settings
from airflow_provider_language.analysis.jobs import Job
from airflow_provider_language.analysis.outcomes import ended_event, error_event
from airflow_provider_language.analysis.pacing import Pace
from airflow_provider_language.analysis.retries import RetryPolicy
from airflow_provider_language.exceptions import LanguageError

FIRST_LOOK = 3.0
"""Seconds before the first look: an event that comes within a few seconds of the deferral can overtake it in
Airflow, which then takes the task for failed (measured under load on 3.3.2)."""


class AnalyzeJobTrigger(BaseTrigger):
    """Waits until every job has ended, or the deadline has passed.

    Its arguments and its one event (:func:`ended_event` or :func:`error_event`) are stored and logged in
    the clear: they hold no key and no text.

    Args:
        operation_locations: the jobs; each must lie on the connection's own endpoint.
        azure_language_conn_id: the connection.
        deadline: seconds since the epoch, so that a restart of the triggerer changes nothing; None for ever.
        poll_interval: seconds between looks; None for pauses that grow.
        tolerance: seconds for which faults of the service in a row are ridden out.
        first_look: seconds before the first look.
    """

    def __init__(
        self,
        operation_locations: Sequence[str],
        azure_language_conn_id: str,
        *,
        deadline: float | None = None,
        poll_interval: float | None = None,
        tolerance: float = RetryPolicy.tolerance,
        first_look: float = FIRST_LOOK,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.operation_locations = list(operation_locations)
        self.azure_language_conn_id = azure_language_conn_id
        self.deadline = deadline
        self.poll_interval = poll_interval
        self.tolerance = tolerance
        self.first_look = first_look

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class and its arguments, as Airflow stores them."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "operation_locations": self.operation_locations,
                "azure_language_conn_id": self.azure_language_conn_id,
                "deadline": self.deadline,
                "poll_interval": self.poll_interval,
                "tolerance": self.tolerance,
                "first_look": self.first_look,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and fire once. The session is closed before, so that nothing is left to do after."""
        try:
            event = ended_event(await self._wait_for_all())
        except LanguageError as error:
            self.log.warning("Waiting ended: %s", error)
            event = error_event(error)
        yield TriggerEvent(event)  # type: ignore[no-untyped-call]

    async def _wait_for_all(self) -> list[Job]:
        # In a thread: its first import takes a third of a second, in which all other triggers would wait.
        hooks = await asyncio.to_thread(import_module, "airflow_provider_language.hooks.language")
        settings = Settings(
            retries=RetryPolicy(tolerance=self.tolerance),
            pace=Pace(first=self.first_look, interval=self.poll_interval),
        )
        async with hooks.LanguageHook(self.azure_language_conn_id).player() as player:
            handles = [player.handle(location) for location in self.operation_locations]
            watches = [
                asyncio.ensure_future(player.play(flows.watch(handle, settings, deadline=self.deadline)))
                for handle in handles
            ]
            try:
                return list(await asyncio.gather(*watches))
            finally:
                await _stop(watches)


async def _stop(tasks: Sequence[asyncio.Future[Job]]) -> None:
    """Leave no look under way when one of them has failed, or the trigger was cancelled."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
