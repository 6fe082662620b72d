"""WaitingTrigger: waits in the triggerer until jobs have ended, and downloads no results."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib import import_module
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import TriggerEvent

from airflow_provider_language._compat import TRIGGERS_ARE_TOLD_OF_KILLS
from airflow_provider_language.exceptions import InvalidInputError, JobTimeoutError, LanguageError
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.jobs.origins import UNKNOWN, Origin
from airflow_provider_language.protocol.jobs.outcomes import Ending, Outcome, event_of
from airflow_provider_language.protocol.jobs.status import Job
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.retries import RetryPolicy
from airflow_provider_language.triggers.kills import in_background, was_killed
from airflow_provider_language.triggers.progress import Progress
from airflow_provider_language.triggers.stored import StoredTrigger

if TYPE_CHECKING:
    from airflow_provider_language.hooks.players import AsyncPlayer

CANCEL_TOLERANCE = 15.0
"""Seconds for which faults of the service are ridden out in cancelling."""

START = 30.0
"""Seconds by which Airflow 2 may end a deferral before the deadline: it counts ``execution_timeout`` from the
start of the task's process, which then loads the DAG."""


@dataclass(frozen=True)
class Wanted:
    """What is waited for, and until when.

    Args:
        locations: the jobs.
        conn_id: the connection; each job must lie on its endpoint.
        deadline: seconds since the epoch; None for ever.
        first_look: seconds before the first look.
        origin: what is known of how the jobs began.
    """

    locations: Sequence[str]
    conn_id: str
    deadline: float | None
    first_look: float
    origin: Origin = UNKNOWN

    def __str__(self) -> str:
        until = self.deadline and datetime.fromtimestamp(self.deadline, timezone.utc).isoformat()
        return f"{len(self.locations)} jobs until {until or 'they end'}"


@dataclass(eq=False, repr=False)
class WaitingTrigger(StoredTrigger):
    """Waits until every job has ended, or the deadline has passed.

    Its arguments and its one event are stored and logged in the clear: they hold no key and no text.

    Args:
        poll_interval: seconds between looks; None for pauses that grow.
        tolerance: seconds for which faults of the service in a row are ridden out.
        cancel_on_kill: whether the jobs are cancelled when a user ends the task while it is deferred (marks
            it, or its DAG run), or ``dagrun_timeout`` does, and at the deadline. A restart of the triggerer
            cancels nothing.
    """

    poll_interval: float | None = field(default=None, kw_only=True)
    tolerance: float = field(default=RetryPolicy.tolerance, kw_only=True)
    cancel_on_kill: bool = field(default=False, kw_only=True)
    _has_ended: bool = field(default=False, init=False)

    @abstractmethod
    def _wanted(self) -> Wanted:
        """What is waited for.

        Raises:
            InvalidInputError: there is nothing.
        """

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and fire once, with nothing left to do after."""
        try:
            ending = await self._ending()
        except asyncio.CancelledError:
            if not TRIGGERS_ARE_TOLD_OF_KILLS:
                self._spawn_cancellation()
            raise
        # Airflow cancels a trigger that is slow to end after its event, as if a user had ended the task.
        self._has_ended = True
        yield self._fired(ending)

    def _fired(self, ending: Ending) -> TriggerEvent:
        return TriggerEvent(event_of(ending))  # type: ignore[no-untyped-call]

    async def _ending(self) -> Ending:
        try:
            wanted = self._wanted()
            self.log.info("Waiting for %s; the looks begin in %.0f s", wanted, wanted.first_look)
            return await self._watched(wanted)
        except LanguageError as error:
            self.log.warning("Waiting ended: %s", error)
            return error

    async def _watched(self, wanted: Wanted) -> Outcome:
        """See the jobs to their end; those that run out of time are cancelled here, if they may be.

        The task is not asked any more on Airflow 2, if it was its execution_timeout that passed.
        """
        try:
            jobs = await self._wait_for_all(wanted)
        except JobTimeoutError:
            await self._out_of_time(wanted, wanted.locations)
            raise
        pairs = zip(wanted.locations, jobs, strict=True)
        await self._out_of_time(wanted, [location for location, job in pairs if not job.state.ended])
        return Outcome.of(jobs)

    async def _out_of_time(self, wanted: Wanted, locations: Sequence[str]) -> None:
        if self.cancel_on_kill and locations:
            await self._cancel_all(wanted.conn_id, locations, "The time is up")

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
        try:
            wanted = self._wanted()
        except InvalidInputError:  # whose event is on its way
            return
        time_is_up = wanted.deadline is not None and time.time() > wanted.deadline - START
        if await was_killed(self.task_instance, time_is_up=time_is_up):
            await self._cancel_all(wanted.conn_id, wanted.locations, "The task was ended")
        else:
            self._go_on_without(wanted)

    def _go_on_without(self, wanted: Wanted) -> None:
        """The task is not over, and has no trigger any more, or another one."""

    async def _cancel_all(self, conn_id: str, locations: Sequence[str], reason: str) -> None:
        async with _player(conn_id) as player:
            await asyncio.gather(*(self._cancel(player, location, reason) for location in locations))

    async def _cancel(self, player: AsyncPlayer, location: str, reason: str) -> None:
        settings = Settings(retries=RetryPolicy(tolerance=CANCEL_TOLERANCE))
        try:
            result = await player.play(flows.cancel(player.handle(location), settings))
            self.log.info("%s; cancelling %s: %s", reason, location, result.value)
        except LanguageError as error:
            self.log.warning("%s, and %s could not be cancelled: %s", reason, location, error)

    async def _wait_for_all(self, wanted: Wanted) -> list[Job]:
        async with _player(wanted.conn_id) as player:
            settings = Settings(
                retries=RetryPolicy(tolerance=self.tolerance),
                pace=Pace(first=wanted.first_look, interval=self.poll_interval),
            )
            for location in wanted.locations:
                player.handle(location)  # refuses a foreign one before any job is looked at

            async def seen(location: str) -> Job:
                job = await player.watch(location, settings, wanted.deadline, wanted.origin)
                return job.without_results()  # which would be kept until the last job has ended

            watches = [asyncio.ensure_future(seen(location)) for location in wanted.locations]
            progress = asyncio.ensure_future(Progress(watches, self.log.info).run())
            try:
                return list(await asyncio.gather(*watches))
            finally:
                await _stop([*watches, progress])


@asynccontextmanager
async def _player(conn_id: str) -> AsyncIterator[AsyncPlayer]:
    # In a thread: its first import takes a third of a second, in which all other triggers would wait.
    hooks = await asyncio.to_thread(import_module, "airflow_provider_language.hooks.language")
    async with hooks.LanguageHook(conn_id).player() as player:
        yield player


async def _stop(tasks: Sequence[asyncio.Future[Any]]) -> None:
    """Leave no look under way when one of them has failed, or the trigger was cancelled."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
