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


def test_the_branch_that_was_skipped_has_nothing_to_cancel(endless: Emulator) -> None:
    assert cancel([None, LanguageHook().submit(["hello"], TASKS)]) == {"requested": 1}


def test_no_jobs_are_nothing_that_could_be_cancelled(language: Emulator) -> None:
    with pytest.raises(AirflowFailException, match="no job was submitted"):
        cancel([])


def test_an_unknown_job_fails_for_good(language: Emulator) -> None:
    with pytest.raises(AirflowFailException, match="24 hours"):
        cancel(job_location(language.endpoint))


def test_a_job_that_cannot_be_cancelled_keeps_none_of_the_others_from_it(endless: Emulator) -> None:
    id_ = f"{'0' * 8}-0000-4000-8000-{'0' * 12}"
    unknown = f"{endless.endpoint}/language/analyze-text/jobs/{id_}?api-version=2026-05-01"
    jobs = [unknown, *(LanguageHook().submit(["a"], ["KeyPhraseExtraction"]) for _ in range(2))]

    with pytest.raises(AirflowFailException, match="404"):
        CancelAnalyzeJobOperator(task_id="cancel", operation_location=jobs).execute(context_of())

    assert endless.journal.count("POST", ":cancel") == 3


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
