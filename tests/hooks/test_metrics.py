"""What is told to Airflow's metrics of submissions, looks, refusals and waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from airflow_provider_language.exceptions import JobError
from airflow_provider_language.hooks import metrics
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.tasks import KeyPhraseExtraction, SentimentAnalysis
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger
from tests.airflow_stands import events_of
from tests.scripted_service import Answer, ScriptedJobs, ScriptedService, Seen, job_location

Serve = Callable[..., ScriptedService]
CONN = "azure_language_default"


class Recorder:
    """Airflow's metrics, kept."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.gauges: list[tuple[str, float]] = []
        self.timings: list[tuple[str, timedelta]] = []

    def incr(self, stat: str, count: int = 1) -> None:
        self.counts[stat.removeprefix("azure_language.")] += count

    def gauge(self, stat: str, value: float) -> None:
        self.gauges.append((stat, value))

    def timing(self, stat: str, dt: timedelta) -> None:
        self.timings.append((stat, dt))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(metrics, "Stats", recorder)
    return recorder


def accepting(seen: Seen) -> Answer:
    return Answer(202, "", {"operation-location": job_location(f"http://{seen.headers['host']}")})


def test_a_submission_counts_its_job_and_its_text_records(serve: Serve, told: Recorder) -> None:
    serve(accepting)

    LanguageHook(CONN).submit(["x" * 1001, "y"], [KeyPhraseExtraction(), SentimentAnalysis()], language="en")

    assert told.counts == {"jobs.submitted": 1, "text_records": 2 * 3}


def test_a_refused_submission_counts_no_job(serve: Serve, told: Recorder) -> None:
    answers = [Answer(429, "", {"Retry-After": "0"}), Answer(401, "")]
    serve(lambda _: answers.pop(0))

    with pytest.raises(Exception, match="401"):
        LanguageHook(CONN).submit(["x"], [KeyPhraseExtraction()], language="en")

    assert told.counts == {"throttled": 1}


def in_a_worker(service: ScriptedService, **options: Any) -> None:
    LanguageHook(CONN).watch(job_location(service.endpoint), poll_interval=0.0, **options)


def in_a_trigger(service: ScriptedService, **options: Any) -> None:
    location = job_location(service.endpoint)
    events_of(AnalyzeJobTrigger([location], CONN, first_look=0.0, poll_interval=0.0, **options))


def until_it_ends(service: ScriptedService, deadline: float) -> None:
    LanguageHook(CONN).wait(job_location(service.endpoint), poll_interval=0.0, timeout=deadline)


def for_its_results(service: ScriptedService, deadline: float) -> None:
    with pytest.raises(JobError):
        LanguageHook(CONN).collect(job_location(service.endpoint), poll_interval=0.0, timeout=deadline)


@pytest.mark.parametrize("wait", [in_a_worker, until_it_ends, for_its_results, in_a_trigger])
def test_a_wait_counts_looks_and_how_the_job_ended_and_times_it(
    serve: Serve, told: Recorder, wait: Callable[..., None]
) -> None:
    service = serve(ScriptedJobs({"job-1": ["running", "running", "failed"]}))

    wait(service, deadline=4e9)

    assert told.counts == {"looks": 3, "jobs.ended.failed": 1}
    ((name, waited),) = told.timings
    assert name == "azure_language.wait"
    assert timedelta(0) <= waited < timedelta(minutes=1)


def test_a_job_that_outlasts_its_wait_has_not_ended(serve: Serve, told: Recorder) -> None:
    service = serve(ScriptedJobs({"job-1": ["running"]}))

    in_a_worker(service, deadline=0.0)

    assert told.counts == {"looks": 1}
    assert told.timings == []


def test_a_triggerer_tells_how_many_jobs_it_waits_for(serve: Serve, told: Recorder) -> None:
    in_a_trigger(serve(ScriptedJobs({"job-1": ["succeeded"]})))

    assert told.gauges == [("azure_language.jobs.active", 1), ("azure_language.jobs.active", 0)]


@pytest.mark.parametrize("last", [Answer(401, ""), Answer(200, "no answer of the service")], ids=str)
def test_a_wait_that_was_given_up_is_told_as_over(serve: Serve, told: Recorder, last: Answer) -> None:
    in_a_trigger(serve(ScriptedJobs({"job-1": ["running", last]})), tolerance=0.0)

    assert told.gauges[-1] == ("azure_language.jobs.active", 0)


async def test_waits_that_were_cancelled_are_told_as_over(serve: Serve, told: Recorder) -> None:
    service = serve(ScriptedJobs({f"job-{number}": ["running"] for number in range(5)}))
    locations = [job_location(service.endpoint, f"job-{number}") for number in range(5)]
    async with LanguageHook(CONN).player() as player:
        waits = [asyncio.ensure_future(player.watch(one, Settings(), None)) for one in locations]
        await asyncio.sleep(0)
        active = [number for _, number in told.gauges]
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)

    assert active == [1, 2, 3, 4, 5]
    assert told.gauges[-1] == ("azure_language.jobs.active", 0)
