"""Sessions pooled: all who ask a resource from one event loop, as the same one, do so over one session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from airflow_provider_language.hooks.authorized import carried_in_loop, sign_in_early_in_loop
from airflow_provider_language.hooks.resources import Known, known
from airflow_provider_language.transports.gates import AsyncGate
from airflow_provider_language.transports.loops import OfLoop

if TYPE_CHECKING:
    from airflow_provider_language.hooks.connections import ConnectionSettings
    from airflow_provider_language.protocol.pacing.resources import Resource
    from airflow_provider_language.protocol.wire import NoReply, Request, Response
    from airflow_provider_language.transports.deeds import AsyncSend
    from airflow_provider_language.transports.event_loop import SessionWire

LINGER = 30.0
"""Seconds for which a session stays open after its last user: the next one need not make a TLS context."""

LINGERING = "keeps a session of Azure AI Language"
"""The name of the task that keeps a session and closes it, and outlives who began it."""


@dataclass(eq=False)
class _Session:
    """A session of one event loop, for one connection's settings."""

    settings: ConnectionSettings
    known: Known
    gate: AsyncGate
    users: int = 0
    linger: float = LINGER
    busy: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    opened: AsyncExitStack = field(default_factory=AsyncExitStack)
    wire: SessionWire | None = None
    keeper: asyncio.Task[None] | None = None

    def came(self) -> None:
        """Count one more user."""
        self.users += 1
        self.idle.clear()
        self.busy.set()

    def left(self, linger: float) -> None:
        """Count one user less."""
        self.users -= 1
        self.linger = linger
        if self.users == 0:
            self.busy.clear()
            self.idle.set()


_sessions: OfLoop[list[_Session]] = OfLoop(list)


@dataclass(frozen=True)
class Access:
    """The way from one event loop to a resource.

    Args:
        known: what is known of it.
        settings: of the connection.
    """

    known: Known
    settings: ConnectionSettings
    _gate: AsyncGate
    _wire: SessionWire

    @property
    def resource(self) -> Resource:
        """Budget, durations and the number of waiting jobs."""
        return self.known.resource

    async def send(self, request: Request) -> Response | NoReply:
        """Carry a request when the budget allows it, with a token where one is needed."""
        return await self._gate.send(request, self.carry)

    async def carry(self, request: Request) -> Response | NoReply:
        """Carry a request that the budget has let through, with a token where one is needed."""
        return await carried_in_loop(
            self.settings.credential, lambda headers: self._wire.send(request, headers)
        )

    def gated(self, send: AsyncSend) -> AsyncSend:
        """Let requests through as the budget allows, of who has a token at hand by then."""

        async def let_through(request: Request) -> Response | NoReply:
            await sign_in_early_in_loop(self.settings.credential)
            return await self._gate.send(request, send)

        return let_through


@asynccontextmanager
async def access(settings: ConnectionSettings, *, linger: float = LINGER) -> AsyncIterator[Access]:
    """A way to a connection's resource, over a session that all users of this event loop share.

    Args:
        settings: of the connection. Another key, identity, proxy or certificate has a session of its own.
        linger: seconds for which the session stays open after its last user.
    """
    session = _session_for(replace(settings, api_version=None))
    session.came()
    try:
        yield Access(session.known, settings, session.gate, await _opened(session))
    finally:
        session.left(linger)


def _session_for(settings: ConnectionSettings) -> _Session:
    sessions = _sessions.here()
    for session in sessions:
        if session.settings == settings:
            return session
    found = known(settings)
    session = _Session(settings, found, AsyncGate(found.resource.budget))
    session.keeper = asyncio.create_task(_keep(session), name=LINGERING)
    sessions.append(session)
    return session


async def _opened(session: _Session) -> SessionWire:
    from airflow_provider_language.hooks.wires import open_wire

    async with session.opening:
        if session.wire is None:
            await asyncio.sleep(0)  # in which the keeper begins: one that is cancelled before closes nothing
            session.wire = await session.opened.enter_async_context(open_wire(session.settings))
        return session.wire


async def _keep(session: _Session) -> None:
    """Close a session that nobody came to use again; in a loop that ends, as soon as its users are gone.

    A loop that ends cancels all its tasks at once and no new ones are run, so none is begun to close.
    """
    try:
        while await _is_used_again(session):
            await session.idle.wait()
    finally:
        await session.idle.wait()
        _sessions.here().remove(session)
        await session.opened.aclose()


async def _is_used_again(session: _Session) -> bool:
    """Wait for the next user, but for no longer than the session lingers."""
    if session.users == 0:
        enough = asyncio.get_running_loop().call_later(session.linger, session.busy.set)
        try:
            await session.busy.wait()
        finally:
            enough.cancel()
    return session.users > 0
