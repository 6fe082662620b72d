"""What the hooks and triggers of one process share: what is known of a resource, sessions, and connections.

A triggerer waits for thousands of jobs in one event loop. They look through one session, keep one budget,
learn from each other how long jobs take, and look a connection up once. Nothing is shared between event loops
but what is known of the resource, and nothing with a process that was forked.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from airflow_provider_language._compat import get_connection_async
from airflow_provider_language.analysis.budgets import Limits, RequestBudget
from airflow_provider_language.analysis.resources import Resource
from airflow_provider_language.hooks.connections import ConnectionSettings, settings_from
from airflow_provider_language.transports.gates import AsyncGate, ThreadGate

if TYPE_CHECKING:
    from airflow_provider_language.analysis.handles import Endpoint
    from airflow_provider_language.analysis.wire import NoReply, Request, Response
    from airflow_provider_language.transports.event_loop import SessionWire

LINGER = 30.0
"""Seconds for which a session stays open after its last user: the next one need not make a TLS context."""
FRESHNESS = 60.0
"""Seconds for which a connection is not looked up again: in a triggerer a look-up takes some ten milliseconds
of a process that all triggers share (measured on 3.3.2)."""

LINGERING = "closes a session of Azure AI Language"
LOOKING_UP = "looks a connection to Azure AI Language up"
"""The names of the tasks that outlive who began them."""

_RESOURCES = 16  # Resources that a process remembers.


@dataclass(frozen=True)
class Known:
    """A resource as this process knows it.

    Args:
        resource: budget, durations and the number of waiting jobs.
        gate: for the threads of this process.
    """

    resource: Resource
    gate: ThreadGate


_known: dict[tuple[int, Endpoint, Limits], Known] = {}
_knowing = threading.RLock()  # The handler of a signal cancels jobs in the thread that it interrupts.


def known(settings: ConnectionSettings) -> Known:
    """What this process knows of a connection's resource; whose key is used makes no difference to it.

    Args:
        settings: of the connection.
    """
    key = os.getpid(), settings.endpoint, settings.limits
    with _knowing:
        found = _known.pop(key, None)
        if found is None:
            resource = Resource(RequestBudget(settings.limits))
            found = Known(resource, ThreadGate(resource.budget))
        _known[key] = found
        while len(_known) > _RESOURCES:
            del _known[next(iter(_known))]
    return found


@dataclass(eq=False)
class _Session:
    """A session of one event loop, for one connection's settings."""

    settings: ConnectionSettings
    resource: Resource
    gate: AsyncGate
    users: int = 0
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    opened: AsyncExitStack | None = None
    wire: SessionWire | None = None
    closing: asyncio.Task[None] | None = None


@dataclass
class _OfLoop:
    """What the tasks of one event loop share."""

    sessions: list[_Session] = field(default_factory=list)
    connections: dict[str, tuple[float, asyncio.Task[ConnectionSettings]]] = field(default_factory=dict)


_loops: dict[asyncio.AbstractEventLoop, _OfLoop] = {}


def _here() -> _OfLoop:
    """What is shared in the running loop; what loops that are over have left goes when a new one comes."""
    loop = asyncio.get_running_loop()
    if loop not in _loops:
        for over in [one for one in _loops if one.is_closed()]:
            del _loops[over]
        _loops[loop] = _OfLoop()
    return _loops[loop]


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
    connections = _here().connections
    until, looking_up = connections.get(conn_id, (0.0, None))
    if looking_up is None or clock() >= until or _has_failed(looking_up):
        looking_up = asyncio.create_task(_look_up(conn_id), name=LOOKING_UP)
        looking_up.add_done_callback(_has_failed)
        connections[conn_id] = clock() + FRESHNESS, looking_up
    return await asyncio.shield(looking_up)


async def _look_up(conn_id: str) -> ConnectionSettings:
    return settings_from(await get_connection_async(conn_id))


def _has_failed(task: asyncio.Task[ConnectionSettings]) -> bool:
    """Whether a look-up found nothing; asking for its error also keeps asyncio from telling it, too."""
    return task.done() and (task.cancelled() or task.exception() is not None)


def forget_connection(conn_id: str) -> None:
    """Look a connection up anew the next time, since its key turned out to be wrong."""
    _here().connections.pop(conn_id, None)


@dataclass(frozen=True)
class Access:
    """The way from one event loop to a resource.

    Args:
        resource: what is known of it.
        settings: of the connection.
    """

    resource: Resource
    settings: ConnectionSettings
    _gate: AsyncGate
    _wire: SessionWire

    async def send(self, request: Request) -> Response | NoReply:
        """Carry a request when the budget allows it."""
        return await self._gate.send(request, self._wire.send)


@asynccontextmanager
async def access(settings: ConnectionSettings, *, linger: float = LINGER) -> AsyncIterator[Access]:
    """A way to a connection's resource, over a session that all users of this event loop share.

    Args:
        settings: of the connection. Another key, proxy or certificate has a session of its own.
        linger: seconds for which the session stays open after its last user.
    """
    session = _session_for(replace(settings, api_version=None))
    session.users += 1
    try:
        yield Access(session.resource, settings, session.gate, await _opened(session))
    finally:
        session.users -= 1
        if session.users == 0:
            session.closing = asyncio.create_task(_close_later(session, linger), name=LINGERING)


def _session_for(settings: ConnectionSettings) -> _Session:
    sessions = _here().sessions
    for session in sessions:
        if session.settings == settings:
            return session
    resource = known(settings).resource
    sessions.append(_Session(settings, resource, AsyncGate(resource.budget)))
    return sessions[-1]


async def _opened(session: _Session) -> SessionWire:
    from airflow_provider_language.hooks.sessions import open_wire

    if session.closing is not None:
        session.closing.cancel()
        session.closing = None
    async with session.opening:
        if session.wire is None:
            opened = AsyncExitStack()
            session.wire = await opened.enter_async_context(open_wire(session.settings))
            session.opened = opened
        return session.wire


async def _close_later(session: _Session, linger: float) -> None:
    """Close a session that nobody came to use again; a loop that ends cancels this, and so closes it, too."""
    try:
        await asyncio.sleep(linger)
    finally:
        sessions = _here().sessions
        if session.users == 0 and session in sessions:
            sessions.remove(session)
            opened, session.opened, session.wire = session.opened, None, None
            if opened is not None:
                await opened.aclose()
