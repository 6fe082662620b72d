"""The two transports behind one face, so that a scenario is written once."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import aiohttp
import requests

from airflow_provider_language.protocol.wire import Deed, Done, NoReply, Request, Response, Unrecorded, do
from airflow_provider_language.transports import blocking, event_loop
from airflow_provider_language.transports.deeds import AsyncDeeds, Deeds
from tests.protocol.notebooks import AsyncMemoryNotebook, MemoryNotebook

T = TypeVar("T")
NOW = 1_000_000.0


class HurriedTime:
    """Seconds that pass as they do, and more of them at once where a test says so, from whatever thread."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._loop: HurriedLoop | None = None

    def __call__(self) -> float:
        return time.monotonic() + self._ahead

    def pass_(self, seconds: float) -> None:
        self._ahead += seconds
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: None)

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in an event loop that goes by this time."""
        self._loop = HurriedLoop(self)
        try:
            return self._loop.run_until_complete(main)
        finally:
            self._loop.close()
            self._loop = None


class HurriedLoop(asyncio.SelectorEventLoop):
    def __init__(self, time: HurriedTime) -> None:
        self._hurried = time
        super().__init__()

    def time(self) -> float:
        return self._hurried()


@dataclass(frozen=True)
class Options:
    """How a session is set up, and what time it is.

    Args:
        headers: on every request.
        timeout: seconds to connect and seconds to wait for bytes.
        bundle: the path of a certificate bundle to trust instead of the system's.
        proxy: the URL of a proxy for all requests.
        time: what bounds are measured by.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: tuple[float, float] = (5.0, 5.0)
    bundle: str | None = None
    proxy: str | None = None
    time: HurriedTime = field(default_factory=HurriedTime)


class Carry(Protocol):
    """Carries requests over one session, in order."""

    def __call__(self, endpoint: str, *sent: Request, options: Options = ...) -> list[Response | NoReply]: ...


class DoDeed(Protocol):
    """Plays a deed over a session of its own."""

    def __call__(
        self, endpoint: str, deed: Deed, notebook: MemoryNotebook, options: Options = ...
    ) -> Done | Unrecorded: ...


@contextmanager
def _blocking_wire(endpoint: str, options: Options) -> Iterator[blocking.SessionWire]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers.update(options.headers)
        session.verify = options.bundle or True
        if options.proxy:
            session.proxies = {"http": options.proxy, "https": options.proxy}
        yield blocking.SessionWire(
            session, endpoint, options.timeout, clock=lambda: NOW, stopwatch=options.time
        )


def carry_blocking(endpoint: str, *sent: Request, options: Options = Options()) -> list[Response | NoReply]:
    with _blocking_wire(endpoint, options) as wire:
        return [wire.send(request) for request in sent]


def do_blocking(
    endpoint: str, deed: Deed, notebook: MemoryNotebook, options: Options = Options()
) -> Done | Unrecorded:
    with _blocking_wire(endpoint, options) as wire:
        return blocking.play(do(deed), wire.send, keep=Deeds(notebook, wire.send, clock=lambda: NOW))


@asynccontextmanager
async def _wire_in_event_loop(endpoint: str, options: Options) -> AsyncIterator[event_loop.SessionWire]:
    async with aiohttp.ClientSession() as session:
        of_request: dict[str, object] = {"proxy": options.proxy}
        if endpoint.startswith("https:"):
            of_request["ssl"] = ssl.create_default_context(cafile=options.bundle)
        yield event_loop.SessionWire(
            session, endpoint, options.timeout, of_request, clock=lambda: NOW, headers=options.headers
        )


def carry_in_event_loop(
    endpoint: str, *sent: Request, options: Options = Options()
) -> list[Response | NoReply]:
    async def carry() -> list[Response | NoReply]:
        async with _wire_in_event_loop(endpoint, options) as wire:
            return [await wire.send(request) for request in sent]

    return options.time.run(carry())


def do_in_event_loop(
    endpoint: str, deed: Deed, notebook: MemoryNotebook, options: Options = Options()
) -> Done | Unrecorded:
    async def played() -> Done | Unrecorded:
        async with _wire_in_event_loop(endpoint, options) as wire:
            keep = AsyncDeeds(AsyncMemoryNotebook(notebook), wire.send, clock=lambda: NOW)
            return await event_loop.play(do(deed), wire.send, keep=keep)

    return asyncio.run(played())


CARRIERS: Mapping[str, Callable[..., list[Response | NoReply]]] = {
    "blocking": carry_blocking,
    "event_loop": carry_in_event_loop,
}
DOERS: Mapping[str, DoDeed] = {"blocking": do_blocking, "event_loop": do_in_event_loop}
