"""AsyncPlayer: plays flows in an event loop, over what its process and its loop share."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from airflow_provider_language.analysis import flows
from airflow_provider_language.analysis.handles import JobHandle, handle_from
from airflow_provider_language.analysis.origins import UNKNOWN, Origin
from airflow_provider_language.exceptions import AuthenticationError
from airflow_provider_language.hooks import metrics
from airflow_provider_language.hooks.shared import Access, forget_connection
from airflow_provider_language.transports import event_loop

if TYPE_CHECKING:
    from airflow_provider_language.analysis.exchanges import Settings
    from airflow_provider_language.analysis.jobs import Job
    from airflow_provider_language.analysis.resources import Resource
    from airflow_provider_language.analysis.wire import Flow, NoReply, Request, Response

T = TypeVar("T")


class AsyncPlayer:
    """Plays flows in an event loop, over a session that it shares with others.

    Args:
        way: to the connection's resource.
        conn_id: the connection.
    """

    def __init__(self, way: Access, conn_id: str) -> None:
        self._way = way
        self._conn_id = conn_id

    @property
    def resource(self) -> Resource:
        """What this process knows of the resource."""
        return self._way.resource

    def handle(self, operation_location: str) -> JobHandle:
        """The handle of a job on the connection's endpoint; ForeignLocationError if it lies elsewhere."""
        return handle_from(operation_location, self._way.settings.endpoint)

    async def _send(self, request: Request) -> Response | NoReply:
        reply = await self._way.send(request)
        metrics.request_answered(request, reply)
        return reply

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
        metrics.jobs_active(self.resource.waiting + 1)
        handle = self.handle(operation_location)
        job = await self.play(flows.watch(handle, settings, deadline=deadline, origin=origin))
        metrics.job_awaited(job, time.time() - began)
        metrics.jobs_active(self.resource.waiting)
        return job

    async def play(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        try:
            return await event_loop.play(flow, self._send)
        except AuthenticationError:
            forget_connection(self._conn_id)
            raise
