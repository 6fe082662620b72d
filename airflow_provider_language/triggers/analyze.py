"""AnalyzeJobTrigger: waits in the triggerer until jobs have ended, and downloads no results."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_language.analysis import flows
from airflow_provider_language.analysis.exchanges import Settings
from airflow_provider_language.analysis.jobs import Job
from airflow_provider_language.analysis.origins import Origin
from airflow_provider_language.analysis.outcomes import ended_event, error_event, event_error
from airflow_provider_language.analysis.pacing import Pace
from airflow_provider_language.analysis.retries import RetryPolicy
from airflow_provider_language.exceptions import JobTimeoutError, LanguageError
from airflow_provider_language.triggers.kills import in_background, was_killed

if TYPE_CHECKING:
    from airflow_provider_language.hooks.players import AsyncPlayer

TRIGGERS_ARE_TOLD_OF_KILLS = hasattr(BaseTrigger, "on_kill")
"""From Airflow 3.3 on; before, a trigger is only cancelled, whatever the reason."""
CANCEL_TOLERANCE = 15.0
"""Seconds for which faults of the service are ridden out in cancelling."""
FIRST_LOOK = 3.0
"""Seconds before the first look: an event that comes within a few seconds of the deferral can overtake it in
Airflow, which then takes the task for failed (measured under load on 3.3.2)."""

START = 30.0
"""Seconds by which Airflow 2 may end a deferral before the deadline: it counts ``execution_timeout`` from the
start of the task's process, which then loads the DAG."""


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
        cancel_on_kill: whether the jobs are cancelled when a user ends the task while it is deferred (marks
            it, or its DAG run), or ``dagrun_timeout`` does, and at the deadline. A restart of the triggerer
            cancels nothing.
        since: when the jobs were submitted, in seconds since the epoch; None if that is not known.
        records: the text records of each; None if they are not known.
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
        cancel_on_kill: bool = False,
        since: float | None = None,
        records: int | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.operation_locations = list(operation_locations)
        self.azure_language_conn_id = azure_language_conn_id
        self.deadline = deadline
        self.poll_interval = poll_interval
        self.tolerance = tolerance
        self.first_look = first_look
        self.cancel_on_kill = cancel_on_kill
        self.since = since
        self.records = records
        self._has_ended = False

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
                "cancel_on_kill": self.cancel_on_kill,
                "since": self.since,
                "records": self.records,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and fire once, with nothing left to do after."""
        try:
            event = await self._ended()
        except asyncio.CancelledError:
            if not TRIGGERS_ARE_TOLD_OF_KILLS:
                self._spawn_cancellation()
            raise
        # Airflow cancels a trigger that is slow to end after its event, as if a user had ended the task.
        self._has_ended = True
        yield self._fired(event)

    def _fired(self, event: dict[str, Any]) -> TriggerEvent:
        return TriggerEvent(event)  # type: ignore[no-untyped-call]

    async def _ended(self) -> dict[str, Any]:
        try:
            event = ended_event(await self._wait_for_all())
        except LanguageError as error:
            self.log.warning("Waiting ended: %s", error)
            event = error_event(error)
        if self.cancel_on_kill and isinstance(event_error(event, allow_partial=True), JobTimeoutError):
            # The task is not asked any more on Airflow 2, if it was its execution_timeout that passed.
            await self._cancel_all("The time is up")
        return event

    async def on_kill(self) -> None:
        """Cancel the jobs if it was a user who ended the task (Airflow 3.3 and later call this).

        Airflow cancels this call itself within a second, so what it began goes on in the background.
        """
        await asyncio.shield(self._spawn_cancellation())

    def _spawn_cancellation(self) -> asyncio.Task[None]:
        return in_background(self._cancel_if_killed())

    async def _cancel_if_killed(self) -> None:
        if self._has_ended or not self.cancel_on_kill:
            return
        time_is_up = self.deadline is not None and time.time() > self.deadline - START
        if not await was_killed(self.task_instance, time_is_up=time_is_up):
            return
        await self._cancel_all("The task was ended")

    async def _cancel_all(self, reason: str) -> None:
        async with self._player() as player:
            for location in self.operation_locations:
                await self._cancel(player, location, reason)

    async def _cancel(self, player: AsyncPlayer, location: str, reason: str) -> None:
        settings = Settings(retries=RetryPolicy(tolerance=CANCEL_TOLERANCE))
        try:
            result = await player.play(flows.cancel(player.handle(location), settings))
            self.log.info("%s; cancelling %s: %s", reason, location, result.value)
        except LanguageError as error:
            self.log.warning("%s, and %s could not be cancelled: %s", reason, location, error)

    @asynccontextmanager
    async def _player(self) -> AsyncIterator[AsyncPlayer]:
        # In a thread: its first import takes a third of a second, in which all other triggers would wait.
        hooks = await asyncio.to_thread(import_module, "airflow_provider_language.hooks.language")
        async with hooks.LanguageHook(self.azure_language_conn_id).player() as player:
            yield player

    async def _wait_for_all(self) -> list[Job]:
        async with self._player() as player:
            settings = Settings(
                retries=RetryPolicy(tolerance=self.tolerance),
                pace=Pace(first=self.first_look, interval=self.poll_interval),
            )
            origin = Origin(self.since, self.records)
            for location in self.operation_locations:
                player.handle(location)  # refuses a foreign one before any job is looked at
            watches = [
                asyncio.ensure_future(player.watch(location, settings, self.deadline, origin))
                for location in self.operation_locations
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
