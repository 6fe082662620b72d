"""Connections looked up from an event loop: once for all who ask within a minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from airflow_provider_language._compat import get_connection_async
from airflow_provider_language.hooks.connections import ConnectionSettings, settings_from
from airflow_provider_language.hooks.sign_ins import lender_of
from airflow_provider_language.transports.loops import OfLoop

FRESHNESS = 60.0
"""Seconds for which a connection is not looked up again: in a triggerer a look-up takes some ten milliseconds
of a process that all triggers share (measured on 3.3.2)."""

LOOKING_UP = "looks a connection to Azure AI Language up"
"""The name of the task that looks up, and outlives who began it."""

_connections: OfLoop[dict[str, tuple[float, asyncio.Task[ConnectionSettings]]]] = OfLoop(dict)


async def connection_settings(
    conn_id: str, *, clock: Callable[[], float] = time.monotonic
) -> ConnectionSettings:
    """Look a connection up, once for all who ask within a minute.

    The look-up is a task of its own: on Airflow 3.0 and 3.1 one that is cancelled amid its talk with the
    supervisor breaks the triggerer.

    Args:
        conn_id: the connection.
        clock: seconds of any origin.

    Raises:
        AirflowNotFoundException: there is no such connection.
        InvalidInputError: it cannot be used.
    """
    connections = _connections.here()
    until, looking_up = connections.get(conn_id, (0.0, None))
    if looking_up is None or clock() >= until or _has_failed(looking_up):
        looking_up = asyncio.create_task(_look_up(conn_id), name=LOOKING_UP)
        looking_up.add_done_callback(_has_failed)
        connections[conn_id] = clock() + FRESHNESS, looking_up
    return await asyncio.shield(looking_up)


async def settings_other_than(used: ConnectionSettings, conn_id: str) -> ConnectionSettings:
    """Settings that are not those whose key was just refused, if the connection has others by now.

    It is looked up anew, unless somebody has done so since; many who are refused at once share a look-up.

    Args:
        used: the settings; their version of the API does not count, which a hook may override.
        conn_id: the connection.

    Raises:
        AirflowNotFoundException: there is no such connection any more.
        InvalidInputError: it cannot be used.
    """
    connections = _connections.here()
    latest = connections.get(conn_id)
    if latest is not None:
        found = await asyncio.shield(latest[1])
        if replace(found, api_version=used.api_version) != used:
            return found
    if connections.get(conn_id) is latest:
        forget_connection(conn_id)
    return await connection_settings(conn_id)


async def _look_up(conn_id: str) -> ConnectionSettings:
    connection = await get_connection_async(conn_id)
    lender = lender_of(connection)
    return settings_from(connection, await get_connection_async(lender) if lender else None)


def _has_failed(task: asyncio.Task[ConnectionSettings]) -> bool:
    """Whether a look-up found nothing; asking for its error also keeps asyncio from telling it, too."""
    return task.done() and (task.cancelled() or task.exception() is not None)


def forget_connection(conn_id: str) -> None:
    """Look a connection up anew the next time, since its key turned out to be wrong."""
    _connections.here().pop(conn_id, None)
