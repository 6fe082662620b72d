"""The two transports behind one face, so that a scenario is written once."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp
import requests

from airflow_provider_language.analysis.wire import NoReply, Request, Response
from airflow_provider_language.transports import blocking, event_loop

NOW = 1_000_000.0


@dataclass(frozen=True)
class Options:
    """How a session is set up.

    Args:
        headers: on every request.
        timeout: seconds to connect and seconds to wait for bytes.
        bundle: the path of a certificate bundle to trust instead of the system's.
        proxy: the URL of a proxy for all requests.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: tuple[float, float] = (5.0, 5.0)
    bundle: str | None = None
    proxy: str | None = None


class Carry(Protocol):
    """Carries requests over one session, in order."""

    def __call__(self, endpoint: str, *sent: Request, options: Options = ...) -> list[Response | NoReply]: ...


def carry_blocking(endpoint: str, *sent: Request, options: Options = Options()) -> list[Response | NoReply]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers.update(options.headers)
        session.verify = options.bundle or True
        if options.proxy:
            session.proxies = {"http": options.proxy, "https": options.proxy}
        wire = blocking.SessionWire(session, endpoint, options.timeout, clock=lambda: NOW)
        return [wire.send(request) for request in sent]


def carry_in_event_loop(
    endpoint: str, *sent: Request, options: Options = Options()
) -> list[Response | NoReply]:
    async def carry() -> list[Response | NoReply]:
        connect, read = options.timeout
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            of_request: dict[str, object] = {"proxy": options.proxy}
            if endpoint.startswith("https:"):
                of_request["ssl"] = ssl.create_default_context(cafile=options.bundle)
            wire = event_loop.SessionWire(
                session, endpoint, of_request, clock=lambda: NOW, headers=options.headers
            )
            return [await wire.send(request) for request in sent]

    return asyncio.run(carry())


CARRIERS: Mapping[str, Callable[..., list[Response | NoReply]]] = {
    "blocking": carry_blocking,
    "event_loop": carry_in_event_loop,
}
