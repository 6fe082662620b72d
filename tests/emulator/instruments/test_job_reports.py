from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.instruments.job_reports import report
from airflow_provider_language.emulator.jobs.life import Job, Schedule
from tests.emulator.fakes import START, Client, documents, task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome
    from tests.emulator.fakes import ManualClock


def test_the_facade_tells_jobs_by_the_clock(emulator: Emulator, client: Client, clock: ManualClock) -> None:
    first = client.submitted(documents(2), [task()], displayName="mine")
    clock.advance(seconds=1)
    second = client.submitted(documents(1), [task()])
    client.send("POST", first.replace("?", ":cancel?"))
    clock.advance(seconds=12)
    cancelled, succeeded = emulator.jobs()
    assert [job.id in url for job, url in ((cancelled, first), (succeeded, second))] == [True, True]
    assert (cancelled.status, cancelled.ends, cancelled.documents) == (
        "cancelled",
        START + timedelta(seconds=1),
        2,
    )
    assert (succeeded.status, succeeded.ends) == ("succeeded", START + timedelta(seconds=13))
    clock.advance(hours=24)
    assert emulator.jobs() == []


def test_a_job_whose_engines_lag_behind_the_clock_is_told_as_running() -> None:
    release = threading.Event()

    def slow(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        release.wait(30)
        return {"keyPhrases": []}

    with Emulator(duration=0, engines={"KeyPhraseExtraction": slow}) as emulator:
        client = Client(emulator.endpoint)
        url = client.submitted(documents(1), [task()])
        lagging = [job.status for job in emulator.jobs()]
        release.set()
        client.state(url)
        assert (lagging, [job.status for job in emulator.jobs()]) == (["running"], ["succeeded"])


async def test_a_job_whose_work_broke_is_told_as_failed() -> None:
    outcomes: asyncio.Future[tuple[TaskOutcome, ...]] = asyncio.get_running_loop().create_future()
    outcomes.set_exception(RuntimeError("broken"))
    schedule = Schedule.plan(START, timedelta(0), tasks=1)
    assert report(Job("1", "family", None, (), 1, schedule, outcomes), START).status == "failed"
