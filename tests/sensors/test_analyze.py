"""The sensor decides alike, whether it pokes, is rescheduled or defers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

try:
    from airflow.sdk import DAG, TaskGroup
except ImportError:  # Airflow 2.11
    from airflow.models.dag import DAG  # type: ignore[no-redef]
    from airflow.utils.task_group import TaskGroup  # type: ignore[import-not-found,no-redef]

from airflow_provider_language._compat import (
    AirflowFailException,
    AirflowSensorTimeout,
    AirflowSkipException,
)
from airflow_provider_language.exceptions import ServiceUnavailableError
from airflow_provider_language.running.limits import BACKSTOP
from airflow_provider_language.sensors.analyze import LOOKED_AT_FIRST, AnalyzeJobSensor
from tests.airflow_stands import (
    CANARY,
    KEY,
    AirflowRescheduleException,
    TaskDeferred,
    TaskInstance,
    context_of,
    hurried,
    run_deferrable,
    through_the_triggerer,
)
from tests.hostile_locations import each_hostile_kind, hostile_location
from tests.scripted_service import (
    Answer,
    ScriptedJobs,
    ScriptedService,
    job_body,
    job_location,
    refusal,
    task_item,
)
from tests.sensors.modes import Run, in_each_mode, without_the_database_of_airflow_2

Serve = Callable[..., ScriptedService]

FAULT = {"code": "InternalServerError", "message": "The model is not available.", "target": "#/tasks/items/0"}
RUNNING_THEN: dict[str, Sequence[Any]] = {
    "succeeded": ["running", "succeeded"],
    "partial": ["running", job_body("partiallyCompleted", errors=[FAULT])],
    "failed": ["running", job_body("failed", errors=[FAULT])],
    "cancelled": ["running", "cancelling", "cancelled"],
    "endless": ["running"],
    "expired": [refusal(404, "NotFound", "Job Not Found.")],
    "expired while waiting": ["running", refusal(404, "NotFound", "Job Not Found.")],
    "wrong key": [refusal(401, "401", "Access denied due to invalid subscription key.")],
    "unavailable": [Answer(503, "")],
    "unavailable while waiting": ["running", Answer(503, "")],
    "a word from the future": ["running", "pondering", "succeeded"],
}


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    without_the_database_of_airflow_2(monkeypatch)


@in_each_mode
@pytest.mark.parametrize(
    ("job", "options", "raised"),
    [
        ("succeeded", {}, None),
        ("a word from the future", {}, None),
        ("partial", {}, (AirflowFailException, "model is not available")),
        ("partial", {"allow_partial": True}, None),
        ("partial", {"soft_fail": True}, (AirflowSkipException, ".")),
        ("failed", {}, (AirflowFailException, "model is not available")),
        ("failed", {"allow_partial": True}, (AirflowFailException, "model is not available")),
        ("failed", {"soft_fail": True}, (AirflowSkipException, ".")),
        ("failed", {"never_fail": True}, (AirflowSkipException, ".")),
        ("cancelled", {}, (AirflowFailException, "cancelled")),
        ("cancelled", {"soft_fail": True}, (AirflowSkipException, ".")),
        ("endless", {"timeout": 0}, (AirflowSensorTimeout, "time")),
        ("endless", {"timeout": 0, "soft_fail": True}, (AirflowSkipException, ".")),
        ("endless", {"timeout": 0, "never_fail": True}, (AirflowSkipException, ".")),
        ("expired", {}, (AirflowFailException, "24 hours")),
        ("expired while waiting", {}, (AirflowFailException, "24 hours")),
        ("expired", {"soft_fail": True}, (AirflowSkipException, ".")),
        ("expired", {"never_fail": True}, (AirflowSkipException, ".")),
        ("wrong key", {}, (AirflowFailException, "the key")),
        ("unavailable", {"tolerance": 0}, (ServiceUnavailableError, "HTTP 503")),
        ("unavailable while waiting", {"tolerance": 0}, (ServiceUnavailableError, "HTTP 503")),
        ("unavailable", {"tolerance": 0, "soft_fail": True}, (ServiceUnavailableError, "HTTP 503")),
        ("unavailable", {"tolerance": 0, "never_fail": True}, (AirflowSkipException, ".")),
        ("unavailable while waiting", {"tolerance": 0, "never_fail": True}, (AirflowSkipException, ".")),
    ],
)
def test_every_way_of_waiting_ends_alike(
    serve: Serve, run: Run, job: str, options: dict[str, Any], raised: tuple[type[Exception], str] | None
) -> None:
    service = serve(ScriptedJobs({"job-1": RUNNING_THEN[job]}))
    location = job_location(service.endpoint)

    if raised is None:
        run(location, **options)
        return
    class_, words = raised
    with pytest.raises(class_, match=words) as told:
        run(location, **options)
    assert type(told.value) is class_


@in_each_mode
@pytest.mark.parametrize("soft_fail", [False, True])
@each_hostile_kind
def test_a_made_up_location_fails_for_good_and_nobody_is_asked(
    serve: Serve, stranger: ScriptedService, run: Run, kind: str, soft_fail: bool
) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))
    location = hostile_location(kind, service.endpoint, stranger.endpoint)

    with pytest.raises(AirflowSkipException if soft_fail else AirflowFailException):
        run(location, soft_fail=soft_fail)

    assert service.seen == []
    assert stranger.seen == []


@in_each_mode
def test_all_jobs_are_waited_for_and_the_gravest_end_is_told(serve: Serve, run: Run) -> None:
    states = {
        "job-1": RUNNING_THEN["partial"],
        "job-2": ["running", "running", "running", "succeeded"],
        "job-3": RUNNING_THEN["failed"],
    }
    service = serve(ScriptedJobs(states))

    with pytest.raises(AirflowFailException, match="1 of 3 jobs failed"):
        run([job_location(service.endpoint, job_id) for job_id in states])

    assert sum("/job-2?" in seen.target for seen in service.seen) == 4


@in_each_mode
def test_the_branch_that_was_skipped_is_not_waited_for(serve: Serve, run: Run) -> None:
    service = serve(ScriptedJobs({"job-1": ["running", "succeeded"]}))

    run([None, job_location(service.endpoint), None])

    assert {seen.target.rpartition("?")[0].rpartition("/")[2] for seen in service.seen} == {"job-1"}


@in_each_mode
@pytest.mark.parametrize("nothing", [None, 7, [], "[]", [None], "[None, None]"])
def test_the_missing_location_of_a_skipped_task_fails_for_good(serve: Serve, run: Run, nothing: Any) -> None:
    service = serve(ScriptedJobs({}))

    with pytest.raises(AirflowFailException, match="no job was submitted"):
        run(nothing)

    assert service.seen == []


def test_a_job_that_has_ended_already_costs_one_look_and_no_deferral(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))

    AnalyzeJobSensor(
        task_id="wait", operation_location=job_location(service.endpoint), deferrable=True
    ).execute(context_of())

    assert len(service.seen) == 1


def test_a_job_that_ends_in_a_moment_is_waited_for_in_the_worker(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["running", "running", "succeeded"]}))
    sensor = AnalyzeJobSensor(
        task_id="wait",
        operation_location=job_location(service.endpoint),
        deferrable=True,
        defer_after=60.0,
        poll_interval=0.0,
    )

    hurried(sensor).execute(context_of())

    assert len(service.seen) == 3


def test_a_job_that_ends_badly_in_a_moment_fails_the_sensor_in_the_worker(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["running", refusal(404, "NotFound", "Job Not Found.")]}))
    sensor = AnalyzeJobSensor(
        task_id="wait",
        operation_location=job_location(service.endpoint),
        deferrable=True,
        defer_after=60.0,
        poll_interval=0.0,
    )

    with pytest.raises(AirflowFailException, match="24 hours"):
        hurried(sensor).execute(context_of())


def test_many_jobs_are_left_to_the_triggerer_without_a_look(serve: Serve) -> None:
    service = serve(ScriptedJobs({}))
    locations = [job_location(service.endpoint, f"job-{number}") for number in range(LOOKED_AT_FIRST + 1)]

    with pytest.raises(TaskDeferred):
        AnalyzeJobSensor(task_id="wait", operation_location=locations, deferrable=True).execute(context_of())

    assert service.seen == []


def test_poking_asks_only_for_jobs_that_still_run(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"], "job-2": ["running", "succeeded"]}))
    locations = [job_location(service.endpoint, job_id) for job_id in ("job-1", "job-2")]

    AnalyzeJobSensor(task_id="wait", operation_location=locations, poke_interval=0).execute(context_of())

    assert [seen.target.partition("?")[0][-5:] for seen in service.seen] == ["job-1", "job-2", "job-2"]


def deferred_by(serve: Serve, **options: Any) -> TaskDeferred:
    service = serve(ScriptedJobs({"job-1": ["running"]}))
    sensor = AnalyzeJobSensor(
        task_id="wait",
        operation_location=job_location(service.endpoint),
        deferrable=True,
        defer_after=0.0,
        **options,
    )
    with pytest.raises(TaskDeferred) as deferred:
        sensor.execute(context_of())
    return deferred.value


def test_airflows_own_timeout_comes_after_the_deadline_within_the_trigger(serve: Serve) -> None:
    deferred = deferred_by(serve, timeout=100)

    assert timedelta(seconds=100) < deferred.timeout <= timedelta(seconds=100 + BACKSTOP)


def test_the_trigger_gets_what_the_sensor_was_told(serve: Serve) -> None:
    _, arguments = deferred_by(serve, poll_interval=7.0, tolerance=60.0).trigger.serialize()

    assert (arguments["poll_interval"], arguments["tolerance"]) == (7.0, 60.0)
    assert arguments["first_look"] > 0


def test_a_deferral_holds_no_key_and_no_text(serve: Serve) -> None:
    document = {"id": "a", "keyPhrases": [CANARY], "warnings": []}
    running = job_body("running", items=[task_item([document])], total=2)
    service = serve(ScriptedJobs({"job-1": [running, running, {**running, "status": "succeeded"}]}))
    sensor = AnalyzeJobSensor(
        task_id="wait", operation_location=job_location(service.endpoint), deferrable=True, defer_after=0.0
    )
    with pytest.raises(TaskDeferred) as deferred:
        sensor.execute(context_of())

    stored = repr((deferred.value.trigger.serialize(), through_the_triggerer(deferred.value)))

    assert KEY not in stored
    assert CANARY not in stored


@pytest.mark.parametrize("told", ["Trigger timeout", "Trigger/execution timeout"])
@pytest.mark.parametrize(
    ("options", "raised"),
    [({}, AirflowSensorTimeout), ({"soft_fail": True}, AirflowSkipException)],
    ids=["hard", "soft"],
)
def test_a_deferral_that_airflow_ended_is_a_timeout_on_every_version(
    options: dict[str, Any], raised: type[Exception], told: str
) -> None:
    sensor = AnalyzeJobSensor(task_id="wait", operation_location="https://a", deferrable=True, **options)

    with pytest.raises(raised):
        sensor.resume_execution("__fail__", {"error": told}, context_of())


def test_a_service_that_is_away_at_the_first_look_is_waited_for_in_the_triggerer(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": [Answer(503, "", {"Retry-After": "0"}), "succeeded"]}))

    run_deferrable(
        lambda: AnalyzeJobSensor(
            task_id="wait", operation_location=job_location(service.endpoint), deferrable=True
        ),
        context_of(),
    )

    assert len(service.seen) == 2


@pytest.mark.parametrize(
    ("options", "interval"),
    [
        ({}, 5.0),
        ({"mode": "reschedule"}, 60.0),
        ({"mode": "reschedule", "poke_interval": timedelta(seconds=90)}, 90.0),
        ({"poke_interval": 1}, 1.0),
    ],
)
def test_pokes_are_rarer_where_each_starts_a_worker(options: dict[str, Any], interval: float) -> None:
    assert AnalyzeJobSensor(task_id="wait", operation_location="x", **options).poke_interval == interval


RARE: dict[str, Any] = {"default_args": {"mode": "reschedule"}}


# Airflow itself heeds no default_args of a mapped task.
@pytest.mark.parametrize(
    ("of_dag", "of_group", "of_task", "is_mapped"),
    [
        (RARE, {}, {}, False),
        ({}, RARE, {}, False),
        ({}, {}, RARE, False),
        (RARE, {}, {}, True),
        ({}, RARE, {}, True),
    ],
    ids=["dag", "group", "task", "dag of a mapped task", "group of a mapped task"],
)
def test_the_mode_that_default_args_give_counts_as_well(
    of_dag: dict[str, Any], of_group: dict[str, Any], of_task: dict[str, Any], *, is_mapped: bool
) -> None:
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    with DAG("waits", schedule=None, start_date=start, **of_dag), TaskGroup("group", **of_group):
        if is_mapped:
            mapped: Any = AnalyzeJobSensor.partial(task_id="wait").expand(operation_location=["x"])
            sensor = mapped.unmap({"operation_location": "x"})
        else:
            sensor = AnalyzeJobSensor(task_id="wait", operation_location="x", **of_task)

    assert (sensor.mode, sensor.poke_interval) == ("reschedule", 60.0)


def test_a_rescheduled_sensor_frees_its_worker_between_pokes(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["running"]}))
    sensor = AnalyzeJobSensor(
        task_id="wait", operation_location=job_location(service.endpoint), mode="reschedule"
    )

    with pytest.raises(AirflowRescheduleException):
        sensor.execute(context_of(TaskInstance()))

    assert len(service.seen) == 1
