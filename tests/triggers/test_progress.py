"""A deferred task tells how many of its jobs have ended: on change, and once a minute."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, cast

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import ServiceUnavailableError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.jobs.status import State
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger
from airflow_provider_language.triggers.progress import LEAST, MOST, Progress
from tests import virtual_time
from tests.airflow_stands import events_of


class Job:
    def __init__(self, state: State) -> None:
        self.state = state


async def told_of(*ends: tuple[float, Any], seconds: float) -> list[tuple[float, str]]:
    """What is told of watches that end after so many seconds each, and when."""
    loop = asyncio.get_running_loop()
    watches: list[asyncio.Future[Any]] = [loop.create_future() for _ in ends]
    for watch, (after, end) in zip(watches, ends, strict=True):
        give = watch.set_exception if isinstance(end, Exception) else watch.set_result
        loop.call_later(after, give, end)
    lines: list[tuple[float, str]] = []
    progress = Progress(watches, lambda line, *values: lines.append((loop.time(), line % values)))
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(progress.run(), seconds)
    return lines


def test_it_is_told_on_change_and_once_a_minute() -> None:
    ends = [(100.0, Job(State.SUCCEEDED)), (1000.0, Job(State.SUCCEEDED))]

    told = virtual_time.run(told_of(*ends, seconds=170.0))

    assert told == [
        (0.0, "0 of 2 jobs have ended"),
        (pytest.approx(MOST), "0 of 2 jobs have ended"),
        (pytest.approx(100.0), "1 of 2 jobs have ended"),
        (pytest.approx(100.0 + MOST), "1 of 2 jobs have ended"),
    ]


@pytest.mark.parametrize("after", [1.0, LEAST, LEAST + 1, MOST, MOST + 1])
def test_it_ends_with_the_wait_also_when_the_last_job_does_in_the_same_moment(after: float) -> None:
    async def waited_for() -> None:
        loop = asyncio.get_running_loop()
        watch: asyncio.Future[Any] = loop.create_future()
        telling = asyncio.ensure_future(Progress([watch], lambda *_: None).run())
        loop.call_later(after, watch.set_result, Job(State.SUCCEEDED))
        await watch
        telling.cancel()
        done, _ = await asyncio.wait([telling], timeout=10 * MOST)
        assert done == {telling}

    virtual_time.run(waited_for())


def test_many_jobs_that_end_together_make_few_lines() -> None:
    ends = [(number / 100, Job(State.SUCCEEDED)) for number in range(1, 1001)]

    told = virtual_time.run(told_of(*ends, seconds=12.0))

    assert [time for time, _ in told] == pytest.approx([0.0, LEAST, 2 * LEAST])
    assert told[-1][1] == "1000 of 1000 jobs have ended"


def test_what_did_not_end_is_not_counted() -> None:
    ends = [(1.0, Job(State.ACTIVE)), (1.0, ServiceUnavailableError("It is away.")), (1.0, Job(State.FAILED))]

    told = virtual_time.run(told_of(*ends, seconds=LEAST + 1))

    assert told[-1][1] == "1 of 3 jobs have ended"


def test_a_trigger_tells_when_it_begins_to_look_and_how_far_its_jobs_are(
    language: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    locations = [LanguageHook().submit(["hello"], ["KeyPhraseExtraction"], language="en") for _ in range(2)]

    trigger = AnalyzeJobTrigger(locations, "azure_language_default", first_look=0.0, poll_interval=0.0)
    trigger._log = cast("Any", logging.getLogger("tests"))  # Airflow's own writes past what pytest captures

    events_of(trigger)

    assert any("Waiting for 2 jobs until they end; the looks begin in 0 s" in one for one in caplog.messages)
    assert "0 of 2 jobs have ended" in caplog.messages
