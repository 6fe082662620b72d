"""However many jobs come, the emulator keeps no more than it should."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.families.table import FAMILIES
from airflow_provider_language.emulator.jobs.life import Job
from airflow_provider_language.emulator.jobs.outcomes import DocumentOutcome, TaskOutcome
from airflow_provider_language.emulator.protocol.job_requests import Document, Submission, Task
from airflow_provider_language.emulator.protocol.versions import LANGUAGE_VERSIONS
from airflow_provider_language.emulator.service import Service, Settings
from tests.emulator.fakes import Client, ManualClock, documents, fake_detect, fake_engines, task

if TYPE_CHECKING:
    from collections.abc import Iterator

JOBS_A_DAY = 1000


@pytest.fixture
def service(clock: ManualClock) -> Iterator[Service]:
    settings = Settings(
        duration=timedelta(0), clock=clock, engines=fake_engines(), detect_language=fake_detect
    )
    running = Service(settings)
    yield running
    running.close()


def kept_objects() -> int:
    gc.collect()
    kinds = (Job, TaskOutcome, DocumentOutcome)
    # By type: isinstance asks lazy modules for their class, and so imports them.
    return sum(type(each) in kinds for each in gc.get_objects())


async def test_thousands_of_jobs_take_no_more_room_than_those_of_one_day(
    service: Service, clock: ManualClock
) -> None:
    family = FAMILIES[0]
    submission = Submission((Document("1", "a", "en"),), (Task("KeyPhraseExtraction", None, {}),))
    before = kept_objects()
    kept: list[int] = []
    for _ in range(3):
        for _ in range(JOBS_A_DAY):
            job = service.submit(submission, family, LANGUAGE_VERSIONS["2023-04-01"])
            await job.outcomes
        kept.append(kept_objects() - before)
        del job
        clock.advance(hours=24)
    assert kept == [3 * JOBS_A_DAY] * 3
    assert service.jobs() == ()
    assert kept_objects() - before <= 3


def test_more_jobs_than_may_be_kept_are_refused_until_one_expires() -> None:
    clock = ManualClock()
    engines = fake_engines()
    with Emulator(duration=0, clock=clock, engines=engines, max_jobs=2) as emulator:
        client = Client(emulator.endpoint)
        urls = [client.submitted(documents(1), [task()]) for _ in range(2)]
        refused = client.submit(documents(1), [task()])
        assert client.refusal(refused)[:2] == (429, "429")
        assert "limit of 2 jobs" in client.refusal(refused)[3]
        assert int(refused.headers["Retry-After"]) > 0
        assert [client.send("GET", url).status_code for url in urls] == [200, 200]
        assert len(engines["KeyPhraseExtraction"].calls) == 2
        clock.advance(hours=24)
        assert client.submit(documents(1), [task()]).status_code == 202
