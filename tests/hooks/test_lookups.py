"""Connections looked up from an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language._compat import AirflowNotFoundException
from airflow_provider_language.exceptions import AuthenticationError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.lookups import FRESHNESS, connection_settings
from airflow_provider_language.protocol import flows
from tests.hooks.looks import IMPATIENT
from tests.scripted_service import ScriptedService, job_location, refusal

if TYPE_CHECKING:
    from tests.conftest import Connect

Serve = Callable[..., ScriptedService]
HOST = "https://one.cognitiveservices.azure.com"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_connection_is_looked_up_once_a_minute(connect: Connect) -> None:
    clock = Clock()
    conn_id = connect(HOST, conn_id="looked_up_once", key="first-key")
    found = await asyncio.gather(*(connection_settings(conn_id, clock=clock) for _ in range(100)))
    assert all(one is found[0] for one in found)
    connect(HOST, conn_id=conn_id, key="second-key")
    assert await connection_settings(conn_id, clock=clock) is found[0]
    clock.now += FRESHNESS
    assert "second-key" in (await connection_settings(conn_id, clock=clock)).headers.values()


async def test_a_look_up_goes_on_for_the_others_when_one_who_asked_is_cancelled(connect: Connect) -> None:
    conn_id = connect(HOST, conn_id="cancelled_midway")
    first = asyncio.ensure_future(connection_settings(conn_id))
    second = asyncio.ensure_future(connection_settings(conn_id))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).endpoint.url == HOST


async def test_a_look_up_that_failed_is_tried_again(connect: Connect) -> None:
    with pytest.raises(AirflowNotFoundException):
        await connection_settings("defined_too_late")
    conn_id = connect(HOST, conn_id="defined_too_late")
    assert (await connection_settings(conn_id)).endpoint.url == HOST


async def test_a_key_that_is_refused_is_looked_up_anew(serve: Serve, connect: Connect) -> None:
    service = serve(lambda _: refusal(401, "401", "Access denied."))
    location = job_location(service.endpoint)
    for key in ("old-key", "new-key"):
        connect(service.endpoint, key=key)
        with pytest.raises(AuthenticationError):
            async with LanguageHook().player() as player:
                await player.play(flows.get(player.handle(location), IMPATIENT))
    assert [seen.headers["ocp-apim-subscription-key"] for seen in service.seen] == ["old-key", "new-key"]
