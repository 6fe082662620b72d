"""What the users of one event loop share on their way to a resource."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from airflow_provider_language.exceptions import ServiceUnavailableError
from airflow_provider_language.hooks.connections import ConnectionSettings
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.sessions import access
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.jobs.handles import Endpoint
from airflow_provider_language.protocol.pacing.operations import Operation
from tests.hooks.looks import IMPATIENT
from tests.scripted_service import Answer, ScriptedService, job_location

Serve = Callable[..., ScriptedService]
HOST = "https://one.cognitiveservices.azure.com"


def settings(host: str = HOST, **more: object) -> ConnectionSettings:
    return replace(ConnectionSettings(Endpoint.parse(host)), **more)  # type: ignore[arg-type]


async def test_users_of_one_loop_share_a_session_while_there_are_any() -> None:
    async with access(settings(), linger=0) as first, access(settings(), linger=0) as second:
        assert first._wire is second._wire
        assert first._gate is second._gate
        session = first._wire._session
    while not session.closed:  # noqa: ASYNC110 - closing is a task of its own
        await asyncio.sleep(0)


async def test_another_key_has_another_session_and_the_same_budget() -> None:
    one, other = (settings(headers={"Ocp-Apim-Subscription-Key": key}) for key in ("a", "b"))
    async with access(one, linger=0) as first, access(other, linger=0) as second:
        assert first._wire is not second._wire
        assert first.resource is second.resource


async def test_a_session_lingers_for_the_next_user() -> None:
    async with access(settings()) as first:
        pass
    async with access(settings()) as second:
        assert second._wire is first._wire
        assert not second._wire._session.closed
    async with access(settings(), linger=0) as third:
        assert third._wire is first._wire


def test_a_loop_that_ends_closes_its_sessions_and_the_next_has_its_own() -> None:
    async def use() -> object:
        async with access(settings()) as way:
            return way._wire._session

    first, second = asyncio.run(use()), asyncio.run(use())
    assert first is not second
    assert first.closed  # type: ignore[attr-defined]
    assert second.closed  # type: ignore[attr-defined]


async def test_a_user_that_is_cancelled_while_the_session_opens_holds_up_nobody() -> None:
    async def use() -> None:
        async with access(settings(), linger=0):
            pass

    first, second = asyncio.ensure_future(use()), asyncio.ensure_future(use())
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert first.cancelled() or first.done()


async def test_a_session_that_cannot_be_opened_fails_each_user_with_the_reason() -> None:
    broken = settings(cert="/there/is/no/such/certificate")
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            async with access(broken, linger=0):
                raise AssertionError("there is no such session")


async def test_a_refusal_of_one_is_a_pause_for_all_of_the_loop(serve: Serve) -> None:
    service = serve(lambda _: Answer(429, "", {"Retry-After": "3600"}))
    async with LanguageHook().player() as player, LanguageHook().player() as other:
        with pytest.raises(ServiceUnavailableError):
            await player.play(flows.get(player.handle(job_location(service.endpoint)), IMPATIENT))
        look = other.handle(job_location(service.endpoint, "job-2")).look()
        assert other.resource.budget.of(Operation.of(look)).wait(time.time()) > 200
