"""A submitter that waits owns its job: it tells how the job ended, and cancels what it gives up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.exceptions import JobFailedError, ServiceUnavailableError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.operators.analyze import SubmitAnalyzeJobOperator
from airflow_provider_language.protocol.defaults import KEPT
from airflow_provider_language.running.limits import BACKSTOP
from tests.airflow_stands import (
    CANARY,
    KEY,
    TaskDeferred,
    TaskInstance,
    context_of,
    hurried,
    through_the_triggerer,
)
from tests.scripted_service import (
    Answer,
    ScriptedJobs,
    ScriptedService,
    Seen,
    job_body,
    job_location,
    refusal,
)

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

Serve = Callable[..., ScriptedService]
Run = Callable[..., str]
FAULT = {"code": "InternalServerError", "message": "The model is not available."}


def make(**options: Any) -> SubmitAnalyzeJobOperator:
    options = {"documents": [CANARY], "tasks": ["KeyPhraseExtraction"], "language": "en", **options}
    return SubmitAnalyzeJobOperator(
        task_id="task", wait_for_completion=True, **{"poll_interval": 0.0, "defer_after": 0.0, **options}
    )


def blocking(ti: TaskInstance, **options: Any) -> str:
    found: str = hurried(make(**options)).execute(context_of(ti))
    return found


def deferrable(ti: TaskInstance, **options: Any) -> str:
    with pytest.raises(TaskDeferred) as deferred:
        make(deferrable=True, **options).execute(context_of(ti))
    method, kwargs = through_the_triggerer(deferred.value)
    found: str = make(deferrable=True, **options).resume_execution(method, kwargs, context_of(ti))
    return found


in_both_ways = pytest.mark.parametrize("run", [blocking, deferrable])


def scripted(states: Sequence[Any]) -> Callable[[Seen], Answer]:
    """A service that accepts each job as job-1, and cancels it when asked to."""
    look = ScriptedJobs({"job-1": states})

    def answer(seen: Seen) -> Answer:
        if seen.method == "GET":
            return look(seen)
        location = job_location(f"http://{seen.headers['host']}")
        return Answer(202, "", {"operation-location": location})

    return answer


def cancels(service: ScriptedService) -> int:
    return sum(":cancel" in seen.target for seen in service.seen)


@in_both_ways
@pytest.mark.parametrize("map_index", [-1, 2])
def test_a_job_that_succeeds_is_returned_by_its_location(
    language: Emulator, run: Run, map_index: int
) -> None:
    ti = TaskInstance(map_index=map_index)

    assert run(ti) == ti.xcoms["operation_location"]
    assert language.journal.count("POST", "/jobs") == 1


@in_both_ways
@pytest.mark.parametrize(
    ("states", "options", "raised"),
    [
        (["running", "succeeded"], {}, None),
        (["running", job_body("partiallyCompleted", errors=[FAULT])], {}, AirflowFailException),
        (["running", job_body("partiallyCompleted", errors=[FAULT])], {"allow_partial": True}, None),
        (["running", job_body("failed", errors=[FAULT])], {"allow_partial": True}, JobFailedError),
        (["running", "cancelled"], {}, AirflowFailException),
        ([refusal(404, "NotFound", "Job Not Found.")], {}, AirflowFailException),
        ([Answer(503, "")], {"tolerance": 0}, ServiceUnavailableError),
    ],
    ids=["succeeded", "partial", "partial allowed", "failed", "cancelled", "expired", "unavailable"],
)
def test_the_end_of_the_job_is_the_end_of_the_task(
    serve: Serve, run: Run, states: Sequence[Any], options: dict[str, Any], raised: type[Exception] | None
) -> None:
    service = serve(scripted(states))

    if raised is None:
        run(TaskInstance(), **options)
    else:
        with pytest.raises(raised):
            run(TaskInstance(), **options)

    assert cancels(service) == 0


@in_both_ways
def test_a_job_that_runs_out_of_time_is_cancelled_and_the_task_fails_for_good(
    endless: Emulator, run: Run
) -> None:
    with pytest.raises(AirflowFailException, match="did not end in time") as failed:
        run(TaskInstance(), timeout=0)

    assert "cancelled" in str(failed.value)
    assert "goes on" not in str(failed.value)
    assert [job.status for job in endless.jobs()] == ["cancelled"]


@pytest.mark.parametrize("told", ["Trigger timeout", "Trigger/execution timeout"])
def test_a_deferral_that_airflow_ended_cancels_the_job_too(endless: Emulator, told: str) -> None:
    ti = TaskInstance()
    with pytest.raises(TaskDeferred):
        make(deferrable=True).execute(context_of(ti))

    with pytest.raises(AirflowFailException, match="did not tell in time"):
        make(deferrable=True).resume_execution("__fail__", {"error": told}, context_of(ti))

    assert endless.journal.count("POST", ":cancel") == 1


def test_a_cancellation_that_fails_does_not_hide_the_timeout(serve: Serve) -> None:
    look = scripted(["running"])
    service = serve(lambda seen: Answer(500, "") if ":cancel" in seen.target else look(seen))

    with pytest.raises(AirflowFailException, match=r"did not end in time.*goes on at the service"):
        blocking(TaskInstance(), timeout=0, tolerance=0)

    assert cancels(service) == 1


class _BusyHook(LanguageHook):
    """Records how patiently it is asked to cancel."""

    patience: float | None = None

    def cancel(self, operation_location: str, *, tolerance: float | None = None) -> Any:
        self.patience = tolerance
        raise ServiceUnavailableError(f"{operation_location} cannot be cancelled now.")


def test_a_task_that_is_being_killed_does_not_try_for_longer_than_airflow_lets_it(endless: Emulator) -> None:
    operator = interrupted(TaskInstance(), tolerance=3600.0)
    operator.hook = hook = _BusyHook()

    operator.on_kill()

    assert hook.patience == 15.0


class _KilledError(Exception):
    """Stands for the signal with which Airflow interrupts a task; it calls on_kill as well."""


class _InterruptedHook(LanguageHook):
    def watch(self, operation_location: str, **_: Any) -> Any:
        raise _KilledError


def interrupted(ti: TaskInstance, **options: Any) -> SubmitAnalyzeJobOperator:
    """An operator that was interrupted in the middle of its wait."""
    operator = make(**options)
    operator.hook = _InterruptedHook()
    with pytest.raises(_KilledError):
        operator.execute(context_of(ti))
    return operator


def test_a_kill_while_waiting_cancels_the_owned_job_and_no_other(endless: Emulator) -> None:
    LanguageHook().submit(["of somebody else"], ["KeyPhraseExtraction"])
    ti = TaskInstance()

    interrupted(ti).on_kill()

    cancelled = [entry.path for entry in endless.journal if entry.path.endswith(":cancel")]
    assert cancelled == [f"/language/analyze-text/jobs/{ti.xcoms['job_id']}:cancel"]


def test_a_kill_cancels_nothing_where_that_is_not_wanted(endless: Emulator) -> None:
    interrupted(TaskInstance(), cancel_on_kill=False).on_kill()

    assert endless.journal.count("POST", ":cancel") == 0


def test_a_kill_before_the_submission_cancels_nothing(endless: Emulator) -> None:
    make().on_kill()

    assert len(endless.journal) == 0


def test_a_kill_after_the_end_cancels_nothing(language: Emulator) -> None:
    operator = hurried(make())
    operator.execute(context_of())

    operator.on_kill()

    assert language.journal.count("POST", ":cancel") == 0


def test_a_job_that_is_not_waited_for_is_not_owned(endless: Emulator) -> None:
    operator = SubmitAnalyzeJobOperator(task_id="task", documents=["a"], tasks=["KeyPhraseExtraction"])
    operator.execute(context_of())

    operator.on_kill()

    assert endless.journal.count("POST", ":cancel") == 0


def test_a_deferral_holds_handles_only_and_airflows_timeout_comes_last(endless: Emulator) -> None:
    ti = TaskInstance()
    with pytest.raises(TaskDeferred) as deferred:
        make(deferrable=True, poll_interval=7.0, tolerance=60.0).execute(context_of(ti))

    _, arguments = deferred.value.trigger.serialize()
    assert arguments["operation_locations"] == [ti.xcoms["operation_location"]]
    assert (arguments["poll_interval"], arguments["tolerance"]) == (7.0, 60.0)
    assert arguments["text_records"] == ti.xcoms["text_records"] > 0
    assert arguments["since"] == ti.xcoms["submitted"]["at"]
    assert timedelta(seconds=KEPT) < deferred.value.timeout <= timedelta(seconds=KEPT + BACKSTOP)
    stored = repr((arguments, deferred.value.kwargs, ti.xcoms))
    assert CANARY not in stored
    assert KEY not in stored


def test_the_handle_is_told_before_the_wait_begins(endless: Emulator) -> None:
    ti = TaskInstance()

    with pytest.raises(TaskDeferred):
        make(deferrable=True).execute(context_of(ti))

    assert set(ti.xcoms) == {"operation_location", "job_id", "text_records", "submitted"}


def test_a_job_that_ends_in_a_moment_costs_no_deferral(serve: Serve) -> None:
    service = serve(scripted(["running", "succeeded"]))
    ti = TaskInstance()

    location = hurried(make(deferrable=True, defer_after=60.0)).execute(context_of(ti))

    assert location == ti.xcoms["operation_location"]
    assert len(service.seen) == 3


def test_a_service_that_is_away_in_that_moment_is_left_to_the_triggerer(serve: Serve) -> None:
    serve(scripted([Answer(503, "", {"Retry-After": "0"})]))

    with pytest.raises(TaskDeferred):
        hurried(make(deferrable=True, defer_after=60.0, tolerance=0.0)).execute(context_of(TaskInstance()))
