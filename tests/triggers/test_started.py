"""A wait that the scheduler starts ends its task if all is well, and hands everything else to a worker."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.triggers.base import TaskSuccessEvent, TriggerEvent

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import (
    ForeignLocationError,
    InvalidInputError,
    JobFailedError,
    JobPartiallyCompletedError,
    JobTimeoutError,
    LanguageError,
)
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.jobs.outcomes import event_error
from airflow_provider_language.triggers import kills, waiting
from airflow_provider_language.triggers.started import StartedAnalyzeJobTrigger
from tests.airflow_stands import TaskInstance, restored
from tests.scripted_service import ScriptedJobs, ScriptedService, job_location

Serve = Callable[..., ScriptedService]
CONN = "azure_language_default"
ARGUMENTS = {
    "operation_location": ["{{ ti.xcom_pull(task_ids='submit', map_indexes=-1) }}"],
    "azure_language_conn_id": "{{ params.connection }}",
    "head_start": 60.0,
    "allow_partial": True,
    "end_from_trigger": False,
    "poll_interval": 7.5,
    "tolerance": 60.0,
    "cancel_on_kill": True,
}


def fired(
    operation_location: Any, *, timeout_after: datetime | None = None, **options: Any
) -> list[TriggerEvent]:
    """The events of a trigger that the database gave its arguments, and the triggerer its timeout."""
    made = StartedAnalyzeJobTrigger(
        operation_location, CONN, **{"head_start": 0.0, "poll_interval": 0.0, **options}
    )
    trigger: Any = restored(made)
    trigger.timeout_after = timeout_after

    async def collect() -> list[TriggerEvent]:
        return [event async for event in trigger.run()]

    return asyncio.run(collect())


def told(events: list[TriggerEvent]) -> LanguageError | None:
    """What the one event tells a worker."""
    (event,) = events
    assert type(event) is TriggerEvent
    return event_error(json.loads(json.dumps(event.payload)), allow_partial=False)


def test_every_argument_survives_the_database() -> None:
    path, arguments = StartedAnalyzeJobTrigger(**ARGUMENTS).serialize()  # type: ignore[arg-type]

    assert path == "airflow_provider_language.triggers.started.StartedAnalyzeJobTrigger"
    assert json.loads(json.dumps(arguments)) == ARGUMENTS
    again = restored(StartedAnalyzeJobTrigger(**ARGUMENTS))  # type: ignore[arg-type]
    assert again.serialize() == (path, arguments)


def test_what_another_release_says_or_does_not_say_of_a_wait_is_left_out_or_has_its_default() -> None:
    later = StartedAnalyzeJobTrigger(**ARGUMENTS, of_the_future=1)  # type: ignore[arg-type, call-arg]
    earlier = StartedAnalyzeJobTrigger("a template", CONN)

    assert later.serialize()[1] == ARGUMENTS
    assert earlier.serialize()[1].keys() == ARGUMENTS.keys()


@pytest.mark.parametrize("form", [list, str, json.dumps], ids=["list", "text", "json"])
def test_the_task_ends_when_all_jobs_ended_well(serve: Serve, form: Callable[[Any], Any]) -> None:
    service = serve(ScriptedJobs({"job-1": ["running", "succeeded"], "job-2": ["succeeded"]}))

    (event,) = fired(form([job_location(service.endpoint, job_id) for job_id in ("job-1", "job-2")]))

    assert isinstance(event, TaskSuccessEvent)
    assert event.xcoms is None
    assert len(service.seen) == 3


def test_no_jobs_are_no_success(serve: Serve) -> None:
    serve(ScriptedJobs({}))

    (event,) = fired([])

    assert event.payload["error"] == "InvalidInputError"


@pytest.mark.parametrize(
    ("status", "error"), [("failed", JobFailedError), ("partiallyCompleted", JobPartiallyCompletedError)]
)
def test_a_job_that_ended_badly_is_told_to_a_worker(
    serve: Serve, status: str, error: type[LanguageError]
) -> None:
    service = serve(ScriptedJobs({"job-1": ["running", status]}))

    assert isinstance(told(fired(job_location(service.endpoint))), error)


def test_a_partial_job_is_well_where_that_is_allowed(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["partiallyCompleted"]}))

    (event,) = fired(job_location(service.endpoint), allow_partial=True)

    assert isinstance(event, TaskSuccessEvent)


def test_a_worker_ends_the_task_where_something_is_left_to_do(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))

    assert told(fired(job_location(service.endpoint), end_from_trigger=False)) is None


def test_the_deadline_is_reckoned_back_from_airflows_own(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["running"]}))
    now = datetime.now(timezone.utc)

    events = fired(
        job_location(service.endpoint), timeout_after=now + timedelta(seconds=3600), head_start=3601.0
    )

    assert isinstance(told(events), JobTimeoutError)


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own time is nine hours ahead of UTC."""
    with monkeypatch.context() as here:
        here.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("tokyo")
def test_a_time_without_its_zone_is_utc(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["running", "succeeded"]}))
    in_an_hour = (datetime.now(timezone.utc) + timedelta(hours=1)).replace(tzinfo=None)

    (event,) = fired(job_location(service.endpoint), timeout_after=in_an_hour)

    assert isinstance(event, TaskSuccessEvent)


@pytest.mark.parametrize("nothing", ["None", "", "['https://a', None]"])
def test_a_job_that_was_never_submitted_is_told_to_a_worker(serve: Serve, nothing: str) -> None:
    service = serve(ScriptedJobs({}))

    assert isinstance(told(fired(nothing)), InvalidInputError)
    assert service.seen == []


def test_a_foreign_location_is_told_to_a_worker_and_nobody_is_asked(
    serve: Serve, stranger: ScriptedService
) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))

    events = fired([job_location(service.endpoint), job_location(stranger.endpoint)])

    assert isinstance(told(events), ForeignLocationError)
    assert service.seen == stranger.seen == []


def test_at_the_deadline_the_jobs_are_cancelled_by_a_trigger_that_may(serve: Serve) -> None:
    jobs = ScriptedJobs({"job-1": ["running"]})
    service = serve(jobs)

    fired(job_location(service.endpoint), timeout_after=datetime.now(timezone.utc), cancel_on_kill=True)

    assert [seen.method for seen in service.seen].count("POST") == 1


async def test_a_kill_of_a_wait_for_nothing_cancels_nothing(serve: Serve) -> None:
    service = serve(ScriptedJobs({}))
    trigger = StartedAnalyzeJobTrigger("None", CONN, cancel_on_kill=True)

    await trigger.on_kill()

    assert service.seen == []


async def test_a_kill_cancels_the_jobs_that_a_template_named(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def state_of_task(ti: Any) -> str:
        return "failed"

    # Airflow answers over a channel that only a running triggerer has.
    monkeypatch.setattr(kills, "state_of_task", state_of_task)
    monkeypatch.setattr(waiting, "TRIGGERS_ARE_TOLD_OF_KILLS", True)
    location = LanguageHook().submit(["hello"], ["KeyPhraseExtraction"], language="en")
    trigger: Any = StartedAnalyzeJobTrigger(str([location]), CONN, head_start=0.0, cancel_on_kill=True)
    trigger.task_instance = TaskInstance()
    run = asyncio.create_task(anext(trigger.run()))
    while endless.journal.count("GET") == 0:  # noqa: ASYNC110 - the server's thread knows no events of this loop
        await asyncio.sleep(0.001)

    run.cancel()
    await asyncio.wait([run])
    await trigger.on_kill()

    assert [job.status for job in endless.jobs()] == ["cancelled"]
