"""An event loop may end at any moment, amid its users' work: nothing is left open, and nothing is said."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress

import pytest

from airflow_provider_language.exceptions import AuthenticationError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.transports import event_loop
from tests.scripted_service import Answer, ScriptedJobs, ScriptedService, job_location

Serve = Callable[..., ScriptedService]
HURRIED = Settings(pace=Pace(first=0.0, interval=0.0))
STEPS = [*range(12), *range(12, 60, 6)]


def ended_after(
    steps: int, location: str, users: int = 3, is_time: Callable[[], bool] = lambda: True
) -> None:
    """Wait for a job with several users, and end the loop after so many of its turns, or when it is time."""

    async def use() -> None:
        async with LanguageHook().player() as player:
            with suppress(AuthenticationError):
                await player.watch(location, HURRIED, None)

    async def main() -> None:
        using = [asyncio.ensure_future(use()) for _ in range(users)]
        for _ in range(steps):
            await asyncio.sleep(0)
        while not is_time():  # noqa: ASYNC110 - in turns of the loop, which is what it ends after
            await asyncio.sleep(0)
        assert len(using) == users

    asyncio.run(main())


@pytest.mark.parametrize("state", ["running", "succeeded", Answer(401, "")], ids=str)
def test_a_loop_that_ends_amid_its_users_work_is_silent(
    serve: Serve, caplog: pytest.LogCaptureFixture, state: str | Answer
) -> None:
    service = serve(ScriptedJobs({"job-1": [state]}))
    location = job_location(service.endpoint)

    for steps in STEPS:
        ended_after(steps, location)
    gc.collect()

    assert [record.message for record in caplog.records if record.name == "asyncio"] == []


def test_a_loop_that_ends_leaves_no_session_open(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    service = serve(ScriptedJobs({"job-1": ["running"]}))
    sessions = []
    made = event_loop.SessionWire.__init__

    def noting(wire: event_loop.SessionWire, session: object, *args: object, **options: object) -> None:
        sessions.append(session)
        made(wire, session, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(event_loop.SessionWire, "__init__", noting)
    for steps in STEPS:
        ended_after(steps, job_location(service.endpoint))
    ended_after(0, job_location(service.endpoint), is_time=lambda: bool(service.seen))

    assert sessions
    assert all(session.closed for session in sessions)  # type: ignore[attr-defined]
