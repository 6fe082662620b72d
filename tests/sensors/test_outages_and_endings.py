"""An outage is ridden out, and a job out of time cancelled or left, alike in every way of waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from airflow_provider_language._compat import AirflowSensorTimeout, AirflowSkipException
from airflow_provider_language.exceptions import ServiceUnavailableError
from tests.scripted_service import Answer, ScriptedJobs, ScriptedService, Seen, job_location
from tests.sensors.modes import Run, in_each_mode, reschedule, without_the_database_of_airflow_2
from tests.time_travel import Time, time_travel

Serve = Callable[..., ScriptedService]
AWAY = [Answer(503, ""), Answer(500, ""), Answer(429, "", {"Retry-After": "5"})]


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    without_the_database_of_airflow_2(monkeypatch)


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    with time_travel(monkeypatch) as running:
        yield running


def cancellable(*states: Any) -> Callable[[Seen], Answer]:
    """Jobs that can be cancelled."""
    look = ScriptedJobs({"job-1": states})
    return lambda seen: Answer(202) if seen.method == "POST" else look(seen)


def cancels(service: ScriptedService) -> int:
    return sum(":cancel" in seen.target for seen in service.seen)


@in_each_mode
@pytest.mark.parametrize("states", [["running", *AWAY, "succeeded"], [*AWAY, "running", "succeeded"]])
def test_an_outage_within_the_tolerance_is_ridden_out(serve: Serve, run: Run, states: list[Any]) -> None:
    service = serve(cancellable(*states))

    run(job_location(service.endpoint), tolerance=600.0, cancel_on_kill=True)

    assert sum(seen.method == "GET" for seen in service.seen) >= len(states)
    assert cancels(service) == 0


@in_each_mode
def test_an_outage_is_ridden_out_for_the_whole_timeout_if_failures_are_silent(serve: Serve, run: Run) -> None:
    service = serve(cancellable("running", *AWAY, "succeeded"))

    run(job_location(service.endpoint), tolerance=0.0, silent_fail=True)

    assert sum(seen.method == "GET" for seen in service.seen) >= 5


@in_each_mode
def test_an_outage_beyond_the_tolerance_is_told_as_it_is_and_cancels_nothing(serve: Serve, run: Run) -> None:
    service = serve(cancellable("running", Answer(503, "")))

    with pytest.raises(ServiceUnavailableError, match="HTTP 503"):
        run(job_location(service.endpoint), tolerance=0.0, cancel_on_kill=True)

    assert cancels(service) == 0


@in_each_mode
@pytest.mark.parametrize("cancel_on_kill", [False, True])
@pytest.mark.parametrize(
    ("options", "raised"),
    [
        ({}, AirflowSensorTimeout),
        ({"soft_fail": True}, AirflowSkipException),
        ({"never_fail": True}, AirflowSkipException),
    ],
    ids=["fail", "soft_fail", "never_fail"],
)
def test_a_job_that_ran_out_of_time_is_cancelled_only_if_that_was_asked_for(
    serve: Serve, run: Run, *, cancel_on_kill: bool, options: dict[str, Any], raised: type[Exception]
) -> None:
    service = serve(cancellable("running"))

    with pytest.raises(raised) as ended:
        run(job_location(service.endpoint), timeout=0, cancel_on_kill=cancel_on_kill, **options)

    assert (cancels(service) > 0) is cancel_on_kill
    assert not (cancel_on_kill and "goes on" in str(ended.value))


@in_each_mode
@pytest.mark.parametrize("state", ["failed", "cancelled", "partiallyCompleted"])
def test_a_job_that_has_ended_is_not_cancelled(serve: Serve, run: Run, state: str) -> None:
    service = serve(cancellable("running", state))

    with pytest.raises(AirflowSkipException):
        run(job_location(service.endpoint), cancel_on_kill=True, soft_fail=True)

    assert cancels(service) == 0


def test_a_rescheduled_sensor_looks_at_the_others_after_one_that_the_service_does_not_tell_of(
    serve: Serve,
) -> None:
    states: dict[str, list[Any]] = {
        "job-1": [*AWAY, "succeeded"],
        "job-2": ["succeeded"],
        "job-3": ["running", "succeeded"],
    }
    service = serve(ScriptedJobs(states))

    reschedule([job_location(service.endpoint, job_id) for job_id in states], tolerance=0.0)

    assert [seen.target.partition("?")[0][-1] for seen in service.seen] == ["1", "2", "3", "3", "1", "1", "1"]
