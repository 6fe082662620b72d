"""Cancelling one job or many; those that have ended are no error, and no stranger is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.operators.analyze import CancelAnalyzeJobOperator
from tests.airflow_stands import context_of
from tests.hostile_locations import each_hostile_kind, hostile_location
from tests.scripted_service import ScriptedJobs, ScriptedService, job_location

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator
    from tests.conftest import Connect

TASKS = ["KeyPhraseExtraction"]


def cancel(location: Any) -> dict[str, int]:
    return CancelAnalyzeJobOperator(task_id="task", operation_location=location).execute(context_of())


def test_a_running_job_is_cancelled(endless: Emulator) -> None:
    hook = LanguageHook()
    location = hook.submit(["hello"], TASKS)

    assert cancel(location) == {"requested": 1}
    assert hook.get(location).status in {"cancelling", "cancelled"}


def test_many_jobs_are_cancelled_and_those_that_had_ended_are_counted(endless: Emulator) -> None:
    hook = LanguageHook()
    locations = [hook.submit(["hello"], TASKS) for _ in range(3)]
    hook.cancel(locations[1])

    assert cancel(locations) == {"requested": 2, "already ended": 1}


def test_a_job_that_has_ended_is_no_error(language: Emulator) -> None:
    assert cancel(LanguageHook().submit(["hello"], TASKS)) == {"already ended": 1}


def test_no_jobs_are_no_error(language: Emulator) -> None:
    assert cancel([]) == {}


def test_an_unknown_job_fails_for_good(language: Emulator) -> None:
    with pytest.raises(AirflowFailException, match="24 hours"):
        cancel(job_location(language.endpoint))


def test_a_family_that_cannot_cancel_says_so_and_sends_nothing(language: Emulator, connect: Connect) -> None:
    with pytest.raises(AirflowFailException, match="cannot cancel"):
        cancel(f"{language.endpoint}/text/analytics/v3.1/analyze/jobs/job-1")

    assert len(language.journal) == 0


@each_hostile_kind
def test_a_made_up_location_fails_for_good_and_nobody_is_asked(
    serve: Callable[..., ScriptedService], stranger: ScriptedService, kind: str
) -> None:
    service = serve(ScriptedJobs({"job-1": ["running"]}))

    with pytest.raises(AirflowFailException):
        cancel(hostile_location(kind, service.endpoint, stranger.endpoint))

    assert (service.seen, stranger.seen) == ([], [])
