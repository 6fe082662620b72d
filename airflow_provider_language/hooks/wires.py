"""Wires for the event loop: HTTP sessions set up as the HTTP provider's hook sets up those of a worker."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from airflow_provider_language.transports.event_loop import SessionWire

if TYPE_CHECKING:
    from airflow_provider_language.hooks.connections import ConnectionSettings

AT_ONCE = 32
"""How many requests of one session are under way at the same time. All triggers of a triggerer share it, and
the budget (protocol/pacing/budgets.py), not this, keeps within the service's limits. The answers to so many
can come together, and the loop stands still while they are read."""


@asynccontextmanager
async def open_wire(settings: ConnectionSettings) -> AsyncIterator[SessionWire]:
    """A wire to the connection's endpoint, with its certificates, proxy, headers and timeouts.

    The TLS context is made in a thread: reading the certificate bundle takes tens of milliseconds, in
    which the loop of a triggerer must not stand still.
    """
    options: dict[str, Any] = {"proxy": settings.proxy}
    if settings.endpoint.scheme == "https":
        options["ssl"] = await asyncio.to_thread(tls_context, settings)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=AT_ONCE), cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield SessionWire(
            session,
            settings.endpoint.url,
            settings.timeout,
            options,
            headers=settings.headers,
            at_once=AT_ONCE,
        )


def tls_context(settings: ConnectionSettings) -> ssl.SSLContext | bool:
    """How certificates are checked: as requests does it, with the same bundle.

    Returns:
        A context; False where the connection says that nothing is to be checked and no client
        certificate is to be shown.
    """
    authorities = settings.authorities
    if authorities is False and settings.cert is None:
        return False
    bundle = authorities if isinstance(authorities, str) else DEFAULT_CA_BUNDLE_PATH
    is_folder = Path(bundle).is_dir()
    context = ssl.create_default_context(
        cafile=None if is_folder else bundle, capath=bundle if is_folder else None
    )
    if authorities is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.cert is not None:
        context.load_cert_chain(*([settings.cert] if isinstance(settings.cert, str) else settings.cert))
    return context
