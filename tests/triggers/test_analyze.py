"""The trigger waits for jobs, fires once, says little, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from airflow_provider_language.exceptions import (
    AuthenticationError,
    ForeignLocationError,
    InvalidInputError,
    JobCancelledError,
    JobFailedError,
    JobPartiallyCompletedError,
    JobTimeoutError,
    LanguageError,
    ResourceNotFoundError,
    ServiceUnavailableError,
)
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.lookups import LOOKING_UP
from airflow_provider_language.hooks.resources import known
from airflow_provider_language.hooks.sessions import LINGERING
from airflow_provider_language.protocol.jobs.outcomes import event_error
from airflow_provider_language.protocol.pacing.durations import Group
from airflow_provider_language.triggers.analyze import FIRST_LOOK, AnalyzeJobTrigger
from airflow_provider_language.triggers.started import StartedAnalyzeJobTrigger
from tests.airflow_stands import CANARY, KEY, events_of, restored
from tests.hostile_locations import each_hostile_kind, hostile_location
from tests.scripted_service import (
    Answer,
    ScriptedJobs,
    ScriptedService,
    Seen,
    job_body,
    job_location,
    refusal,
    task_item,
)

Serve = Callable[..., ScriptedService]
CONN = "azure_language_default"
ARGUMENTS = {
    "operation_locations": ["https://name.example/language/analyze-text/jobs/job-1?api-version=2026-05-01"],
    "azure_language_conn_id": "of_the_reviews",
    "deadline": 1_800_000_000.5,
    "poll_interval": 7.5,
    "tolerance": 60.0,
    "first_look": 1.5,
    "cancel_on_kill": True,
    "cancel_when_abandoned": True,
    "since": 1_799_999_000.25,
    "text_records": 375,
}


def trigger(service: ScriptedService, *job_ids: str, **options: Any) -> AnalyzeJobTrigger:
    locations = [job_location(service.endpoint, job_id) for job_id in job_ids or ("job-1",)]
    return AnalyzeJobTrigger(locations, CONN, **{"first_look": 0.0, "poll_interval": 0.0, **options})


def outcome(made: AnalyzeJobTrigger, *, allow_partial: bool = False) -> LanguageError | None:
    (event,) = events_of(restored(made))
    return event_error(event, allow_partial=allow_partial)


def size(event: dict[str, Any]) -> int:
    return len(json.dumps(event).encode())


def test_every_argument_survives_the_database() -> None:
    path, arguments = AnalyzeJobTrigger(**ARGUMENTS).serialize()  # type: ignore[arg-type]

    assert path == "airflow_provider_language.triggers.analyze.AnalyzeJobTrigger"
    assert json.loads(json.dumps(arguments)) == ARGUMENTS
    assert restored(AnalyzeJobTrigger(**ARGUMENTS)).serialize() == (path, arguments)  # type: ignore[arg-type]


def test_a_tuple_of_jobs_is_serialized_as_a_list() -> None:
    _, arguments = AnalyzeJobTrigger(("https://a", "https://b"), CONN).serialize()

    assert arguments["operation_locations"] == ["https://a", "https://b"]


def test_what_a_later_release_says_of_a_wait_is_left_out_with_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = AnalyzeJobTrigger(**ARGUMENTS, of_the_future=["a secret"])  # type: ignore[arg-type, call-arg]

    assert made.serialize()[1] == ARGUMENTS
    assert "does not know ['of_the_future']" in caplog.text
    assert "a secret" not in caplog.text


def test_what_an_earlier_release_does_not_say_of_a_wait_has_its_default() -> None:
    first = {name: ARGUMENTS[name] for name in ("operation_locations", "azure_language_conn_id")}
    made = AnalyzeJobTrigger(**first)  # type: ignore[arg-type]

    assert made.serialize()[1].keys() == ARGUMENTS.keys()
    assert (made.deadline, made.cancel_on_kill, made.first_look) == (None, False, FIRST_LOOK)


def test_what_is_stored_is_what_a_trigger_is_made_of() -> None:
    for class_ in (AnalyzeJobTrigger, StartedAnalyzeJobTrigger):
        arguments = class_(["https://a"], CONN).serialize()[1]
        assert arguments.keys() == inspect.signature(class_).parameters.keys()


def test_neither_arguments_nor_event_hold_a_key_or_a_text(serve: Serve) -> None:
    document = {"id": "a", "keyPhrases": [CANARY], "warnings": []}
    service = serve(
        ScriptedJobs({"job-1": [job_body("succeeded", items=[task_item([document])])]}),
        extra={"headers": {"X-Token": "another-secret"}},
    )
    made = trigger(service)

    stored = json.dumps([made.serialize(), events_of(made)])

    for secret in (KEY, CANARY, "another-secret"):
        assert secret not in stored


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("succeeded", None),
        ("failed", JobFailedError),
        ("cancelled", JobCancelledError),
        ("partiallyCompleted", JobPartiallyCompletedError),
    ],
)
def test_the_event_tells_how_a_job_ended(
    serve: Serve, status: str, error: type[LanguageError] | None
) -> None:
    service = serve(ScriptedJobs({"job-1": ["notStarted", "running", status]}))

    found = outcome(trigger(service))

    assert (found and type(found)) == error
    assert len(service.seen) == 3


def test_many_jobs_are_waited_for_and_fire_once(serve: Serve) -> None:
    ids = [f"job-{number}" for number in range(40)]
    service = serve(ScriptedJobs({id_: ["running", "succeeded"] for id_ in ids}))

    events = events_of(trigger(service, *ids))

    assert [event["outcome"]["counts"] for event in events] == [{"SUCCEEDED": 40}]
    assert len(service.seen) == 80


def test_what_an_ended_job_has_found_is_not_held_while_others_are_waited_for(serve: Serve) -> None:
    found = job_body("succeeded", items=[task_item([{"id": "a", "keyPhrases": [CANARY], "warnings": []}])])
    made = trigger(
        serve(ScriptedJobs({"job-1": [found], "job-2": ["running", "succeeded"]})), "job-1", "job-2"
    )

    jobs = asyncio.run(made._wait_for_all(made._wanted()))

    assert [job.state.ended for job in jobs] == [True, True]
    assert [item.documents for job in jobs for item in job.items] == [()]


def test_what_is_known_of_a_job_sets_the_pace_of_its_looks(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))
    resource = known(LanguageHook(CONN).connection_settings).resource

    (event,) = events_of(trigger(service, since=time.time() - 60, text_records=375))

    assert event["outcome"]["counts"] == {"SUCCEEDED": 1}
    assert resource.durations.count(Group.of("analyze-text", 375)) == 1


def test_no_jobs_are_no_success(serve: Serve) -> None:
    serve(ScriptedJobs({}))

    assert isinstance(outcome(AnalyzeJobTrigger([], CONN, first_look=0)), InvalidInputError)


def test_the_event_of_a_thousand_failed_jobs_is_under_two_kilobytes(serve: Serve) -> None:
    def answer(seen: Seen) -> Answer:
        job_id = seen.target.partition("?")[0].rpartition("/")[2]
        errors = [{"code": "InternalServerError", "message": "x" * 1000, "target": "#/tasks/items/0"}] * 2
        return Answer(200, job_body("failed", job_id, errors=errors))

    service = serve(answer)
    ids = [f"00000000-0000-0000-0000-{number:012}" for number in range(1000)]

    (event,) = events_of(trigger(service, *ids))

    assert event["outcome"]["counts"] == {"FAILED": 1000}
    assert size(event) < 2048
    assert isinstance(event_error(event, allow_partial=True), JobFailedError)


def test_the_event_of_an_error_is_under_two_kilobytes(serve: Serve) -> None:
    service = serve(lambda _: refusal(401, "401", "y" * 5000))

    (event,) = events_of(trigger(service))

    assert size(event) < 2048


def test_a_refusal_of_one_job_ends_the_wait_for_all(serve: Serve) -> None:
    running = ScriptedJobs({"job-1": ["running"], "job-3": ["running"]})

    def answer(seen: Seen) -> Answer:
        if "/job-2?" in seen.target:
            return refusal(401, "401", "Access denied due to invalid subscription key.")
        return running(seen)

    service = serve(answer)
    made = trigger(service, "job-1", "job-2", "job-3", poll_interval=3600.0)

    found = outcome(made)

    assert isinstance(found, AuthenticationError)
    assert found.job_id == "job-2"
    assert len(service.seen) <= 3


def test_a_job_that_is_not_known_any_more_is_told(serve: Serve) -> None:
    found = outcome(trigger(serve(ScriptedJobs({}))))

    assert isinstance(found, ResourceNotFoundError)
    assert (found.status, found.request_id) == (404, "request-of-a-test")


def test_at_the_deadline_the_jobs_that_still_run_are_told(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"], "job-2": ["running"]}))

    found = outcome(trigger(service, "job-1", "job-2", deadline=time.time() - 1))

    assert isinstance(found, JobTimeoutError)
    assert found.job_id == "job-2"
    assert "1 of 2 jobs" in found.message


@pytest.mark.parametrize(("cancel_on_kill", "cancelled"), [(True, ["job-1", "job-2"]), (False, [])])
def test_at_the_deadline_the_jobs_are_cancelled_by_a_trigger_that_may(
    serve: Serve, cancel_on_kill: bool, cancelled: list[str]
) -> None:
    jobs = ScriptedJobs({"job-1": ["running"], "job-2": ["running"]})
    service = serve(lambda seen: Answer(202) if seen.method == "POST" else jobs(seen))

    made = trigger(service, "job-1", "job-2", deadline=time.time() - 1, cancel_on_kill=cancel_on_kill)

    assert isinstance(outcome(made), JobTimeoutError)
    posts = [seen.target.partition(":cancel")[0] for seen in service.seen if seen.method == "POST"]
    # in several threads, so in any order
    assert sorted(target.rpartition("/")[2] for target in posts) == cancelled


def test_at_the_deadline_only_what_still_runs_is_cancelled_also_where_another_job_failed(
    serve: Serve,
) -> None:
    jobs = ScriptedJobs({"job-1": ["failed"], "job-2": ["running"], "job-3": ["succeeded"]})
    service = serve(lambda seen: Answer(202) if seen.method == "POST" else jobs(seen))

    made = trigger(service, "job-1", "job-2", "job-3", deadline=time.time() - 1, cancel_on_kill=True)

    assert isinstance(outcome(made), JobFailedError)
    assert ["job-2:cancel" in seen.target for seen in service.seen if seen.method == "POST"] == [True]


def test_a_job_that_ended_before_the_deadline_is_looked_at_though_the_triggerer_was_late(
    serve: Serve,
) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))

    assert outcome(trigger(service, deadline=1.0)) is None


def test_a_service_that_does_not_answer_is_told_after_the_tolerance(serve: Serve) -> None:
    found = outcome(trigger(serve(lambda _: Answer(503, "")), tolerance=0.0))

    assert isinstance(found, ServiceUnavailableError)
    assert found.retryable


def test_a_service_that_does_not_answer_until_the_deadline_is_a_timeout(serve: Serve) -> None:
    service = serve(lambda _: Answer(503, "", {"Retry-After": "60"}))

    assert isinstance(outcome(trigger(service, deadline=time.time() - 1)), JobTimeoutError)


@each_hostile_kind
def test_a_made_up_location_among_good_ones_lets_nothing_be_sent(
    serve: Serve, stranger: ScriptedService, kind: str
) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))
    made = trigger(service)
    hostile = hostile_location(kind, service.endpoint, stranger.endpoint)
    made.operation_locations = [*made.operation_locations, hostile]

    assert isinstance(outcome(made), ForeignLocationError)
    assert service.seen == []
    assert stranger.seen == []


def test_a_redirect_of_the_service_leads_nowhere(serve: Serve, stranger: ScriptedService) -> None:
    service = serve(lambda seen: Answer(302, "", {"Location": stranger.endpoint + seen.target}))

    assert isinstance(outcome(trigger(service)), LanguageError)
    assert stranger.seen == []


async def _cancelled_midway(made: AnalyzeJobTrigger, busy: Callable[[], bool]) -> None:
    """Cancel a trigger as the triggerer does, once it is busy; only what others share may be left."""

    async def consume() -> None:
        async for _ in made.run():
            raise AssertionError("the trigger fired")

    before = asyncio.all_tasks()
    task = asyncio.create_task(consume())
    while not busy():  # noqa: ASYNC110 - the server's thread knows no events of this loop
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert {task.get_name() for task in asyncio.all_tasks() - before} <= {LINGERING, LOOKING_UP}


@contextmanager
def _leaving_nothing_open() -> Iterator[None]:
    """Take what is left open here for an error; what other tests have left is collected before."""
    gc.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        yield
        gc.collect()


def test_a_cancelled_trigger_leaves_nothing_behind_but_what_others_share(serve: Serve) -> None:
    ids = [f"job-{number}" for number in range(5)]
    service = serve(ScriptedJobs({job_id: ["running"] for job_id in ids}))

    with _leaving_nothing_open():
        asyncio.run(
            _cancelled_midway(
                trigger(service, *ids, poll_interval=3600.0), lambda: len(service.seen) >= len(ids)
            )
        )


@pytest.mark.parametrize(
    "answer", ["succeeded", refusal(401, "401", "Access denied.")], ids=["event", "error"]
)
def test_a_trigger_that_fired_leaves_no_session_behind(serve: Serve, answer: Any) -> None:
    service = serve(ScriptedJobs({"job-1": [answer]}))

    with _leaving_nothing_open():
        events_of(trigger(service))


def test_a_server_that_accepts_and_never_answers_does_not_hold_up_the_loop(connect: Any) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
        connect(endpoint)
        location = job_location(endpoint)
        turns = 0

        def busy() -> bool:
            nonlocal turns
            turns += 1
            return turns > 500

        made = AnalyzeJobTrigger([location], CONN, first_look=0.0, poll_interval=0.0)
        asyncio.run(_cancelled_midway(made, busy))

    assert turns > 500


_WHO_IMPORTS = """
import asyncio, contextlib, sys, threading
from airflow_provider_language.triggers.analyze import FIRST_LOOK, AnalyzeJobTrigger
from airflow_provider_language.triggers.started import StartedAnalyzeJobTrigger

imported_in = {}

class Witness:
    def find_spec(self, name, path=None, target=None):
        imported_in.setdefault(name, threading.get_ident())

async def run():
    location = "https://x/language/analyze-text/jobs/job-1?api-version=2026-05-01"
    with contextlib.suppress(Exception):  # there is no such connection
        async for _ in AnalyzeJobTrigger([location], "azure_language_default").run():
            pass

sys.meta_path.insert(0, Witness())
asyncio.run(run())
print(imported_in["airflow_provider_language.hooks.language"] == threading.get_ident())
"""


def test_the_first_trigger_of_a_process_imports_the_hook_outside_the_loop(connect: Any) -> None:
    connect("http://127.0.0.1:9")

    done = subprocess.run([sys.executable, "-c", _WHO_IMPORTS], check=False, capture_output=True, text=True)

    assert done.stdout.splitlines()[-1:] == ["False"], done.stderr
