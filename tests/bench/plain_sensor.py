"""A deferrable sensor as users write one for themselves: it defers at once, and looks every five seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook, BaseSensorOperator
from airflow.triggers.base import BaseTrigger, TriggerEvent

from tests.bench.plain_client import ENDED

if TYPE_CHECKING:
    from airflow.sdk import Context

INTERVAL = 5.0
"""Seconds between looks."""


class PlainTrigger(BaseTrigger):
    """Looks at one job again and again, until it has ended.

    A refusal for too many requests is a look like another, which many such triggers take for an error.

    Args:
        http_conn_id: a connection of the HTTP provider, whose extra are the headers.
        path: of the job, with its query.
    """

    def __init__(self, http_conn_id: str, path: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.http_conn_id = http_conn_id
        self.path = path

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return f"{__name__}.PlainTrigger", {"http_conn_id": self.http_conn_id, "path": self.path}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        import aiohttp

        connection = await BaseHook.aget_connection(self.http_conn_id)
        async with aiohttp.ClientSession(connection.host, headers=connection.extra_dejson) as session:
            while (status := await self._look(session)) not in ENDED:  # noqa: ASYNC110 - the service sends no events
                await asyncio.sleep(INTERVAL)
        yield TriggerEvent(status)  # type: ignore[no-untyped-call]

    async def _look(self, session: Any) -> str | None:
        async with session.get(self.path) as answer:
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                return None
            answer.raise_for_status()
            status: str = (await answer.json())["status"]
            return status


class PlainSensor(BaseSensorOperator):
    """Waits for one job, and fails unless it succeeds.

    Args:
        http_conn_id: a connection of the HTTP provider, whose extra are the headers.
        path: of the job, with its query.
        kwargs: of Airflow's ``BaseSensorOperator``.
    """

    template_fields: Sequence[str] = ("http_conn_id", "path")

    def __init__(self, *, http_conn_id: str, path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.http_conn_id = http_conn_id
        self.path = path

    def execute(self, context: Context) -> None:
        self.defer(trigger=PlainTrigger(self.http_conn_id, self.path), method_name="execute_complete")

    def execute_complete(self, context: Context, event: str) -> None:
        if event != "succeeded":
            raise RuntimeError(f"the job is {event}")
