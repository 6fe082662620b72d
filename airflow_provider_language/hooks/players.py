"""AsyncPlayer: plays flows in an event loop, over what its process and its loop share."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from airflow_provider_language.exceptions import AuthenticationError
from airflow_provider_language.hooks import metrics
from airflow_provider_language.hooks.authorized import is_refused
from airflow_provider_language.hooks.sessions import Access
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.jobs.handles import Endpoint, JobHandle, handle_from
from airflow_provider_language.protocol.jobs.origins import UNKNOWN, Origin
from airflow_provider_language.transports import event_loop
from airflow_provider_language.transports.deeds import AsyncDeeds, no_record

if TYPE_CHECKING:
    from airflow_provider_language.protocol.exchanges import Settings
    from airflow_provider_language.protocol.jobs.status import Job
    from airflow_provider_language.protocol.pacing.resources import Resource
    from airflow_provider_language.protocol.wire import Flow, NoReply, Request, Response
    from airflow_provider_language.transports.deeds import AsyncKeep, AsyncNotebook

T = TypeVar("T")
log = logging.getLogger(__name__)

_Carry = Callable[[Access, "Request"], Awaitable["Response | NoReply"]]


class AsyncPlayer:
    """Plays flows in an event loop, over a session that it shares with others.

    Args:
        way: to the connection's resource.
        renewed: the way by what the connection says now, or the same way if that is nothing new.
        refused: is told that the service does not take who signs in.
    """

    def __init__(
        self, way: Access, renewed: Callable[[Access], Awaitable[Access]], refused: Callable[[], None]
    ) -> None:
        self._way = way
        self._renewed = renewed
        self._refused = refused
        self._renewing = asyncio.Lock()

    @property
    def endpoint(self) -> Endpoint:
        """Where jobs are submitted."""
        return self._way.settings.endpoint

    @property
    def resource(self) -> Resource:
        """What this process knows of the resource."""
        return self._way.resource

    def handle(self, operation_location: str) -> JobHandle:
        """The handle of a job on the connection's endpoint; ForeignLocationError if it lies elsewhere."""
        return handle_from(operation_location, self._way.settings.endpoint)

    async def _send(self, request: Request, carry: _Carry = Access.send) -> Response | NoReply:
        """Carry a request; if the key is refused, once more with the one that the connection has by now."""
        way = self._way
        reply = await self._carried(request, carry)
        if is_refused(reply) and await self._way_is_renewed(way):
            return await self._carried(request, carry)
        return reply

    async def _carried(self, request: Request, carry: _Carry) -> Response | NoReply:
        reply = await carry(self._way, request)
        metrics.request_answered(request, reply)
        return reply

    def _keep(self, notebook: AsyncNotebook) -> AsyncKeep:
        async def carry(request: Request) -> Response | NoReply:
            return await self._send(request, Access.carry)

        return AsyncDeeds(notebook, carry, gate=self._way.gated)

    async def _way_is_renewed(self, used: Access) -> bool:
        async with self._renewing:
            if self._way is used:
                try:
                    self._way = await self._renewed(used)
                except Exception as error:  # noqa: BLE001 - what came of the request must not be lost for it
                    log.warning("The connection could not be looked up once more: %s", type(error).__name__)
        return self._way is not used

    async def watch(
        self,
        operation_location: str,
        settings: Settings,
        deadline: float | None,
        origin: Origin = UNKNOWN,
    ) -> Job:
        """Wait until a job has ended or the deadline has come, and return it as last seen.

        Args:
            operation_location: the job.
            settings: retry policy and pace.
            deadline: in seconds since the epoch; None for none.
            origin: what is known of how the job began.
        """
        began = time.time()
        settings = replace(settings, resource=self.resource)
        handle = self.handle(operation_location)
        metrics.jobs_active(self.resource.waiting + 1)
        try:
            job = await self.play(flows.watch(handle, settings, deadline=deadline, origin=origin))
        finally:
            metrics.jobs_active(self.resource.waiting)
        metrics.job_awaited(job, time.time() - began)
        return job

    async def play(self, flow: Flow[T], notebook: AsyncNotebook | None = None) -> T:
        """Run a flow to its end.

        Args:
            flow: what to do.
            notebook: where its record lies, if it keeps one.
        """
        try:
            keep = no_record if notebook is None else self._keep(notebook)
            return await event_loop.play(flow, self._send, keep=keep)
        except AuthenticationError:
            self._refused()
            raise
