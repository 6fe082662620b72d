"""What hooks and triggers share, and what they do not."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language._compat import AirflowNotFoundException
from airflow_provider_language.analysis import flows
from airflow_provider_language.analysis.budgets import Limits, operation_of
from airflow_provider_language.analysis.exchanges import Settings
from airflow_provider_language.analysis.handles import Endpoint
from airflow_provider_language.exceptions import AuthenticationError, ServiceUnavailableError
from airflow_provider_language.hooks.connections import ConnectionSettings
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.shared import FRESHNESS, access, connection_settings, known
from tests.hooks.looks import IMPATIENT
from tests.scripted_service import Answer, ScriptedJobs, ScriptedService, job_location, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_language.emulator import Emulator
    from tests.conftest import Connect

    Serve = Callable[..., ScriptedService]

HOST = "https://one.cognitiveservices.azure.com"


def settings(host: str = HOST, **more: object) -> ConnectionSettings:
    return replace(ConnectionSettings(Endpoint.parse(host)), **more)  # type: ignore[arg-type]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_known_is_of_the_resource_whoever_asks_with_whichever_key() -> None:
    first, second = (known(settings(headers={"key": key})) for key in ("a", "b"))
    assert first is second
    assert known(settings("https://two.cognitiveservices.azure.com")) is not first
    assert known(settings(limits=Limits(10, 10))) is not first


def test_a_forked_process_knows_nothing_of_its_parents_requests() -> None:
    ours = known(settings()).resource
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"1" if known(settings()).resource is ours else b"0")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 1) == b"0"


def test_a_process_remembers_so_many_resources_and_no_more() -> None:
    first = known(settings())
    for number in range(100):
        known(settings(f"https://n{number}.cognitiveservices.azure.com"))
    assert known(settings()) is not first


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


async def test_a_refusal_of_one_is_a_pause_for_all_of_the_loop(serve: Serve) -> None:
    service = serve(lambda _: Answer(429, "", {"Retry-After": "3600"}))
    async with LanguageHook().player() as player, LanguageHook().player() as other:
        with pytest.raises(ServiceUnavailableError):
            await player.play(flows.get(player.handle(job_location(service.endpoint)), IMPATIENT))
        look = other.handle(job_location(service.endpoint, "job-2")).look()
        assert other.resource.budget.of(operation_of(look)).wait(0.0) > 200


def test_hooks_of_one_process_learn_together_how_long_jobs_take(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))
    hook = LanguageHook(settings=Settings())
    hook.wait(job_location(service.endpoint), poll_interval=0.0)
    resource = known(hook.connection_settings).resource
    assert sum(resource.durations._count.values()) == 1


def test_the_requests_of_a_hook_count_in_the_budget(language: Emulator) -> None:
    hook = LanguageHook()
    location = hook.submit(["hello"], ["KeyPhraseExtraction"], language="en")
    hook.get(location)
    operations = known(hook.connection_settings).resource.budget._operations
    assert sorted(operations) == ["GET /language/analyze-text/jobs", "POST /language/analyze-text/jobs"]
