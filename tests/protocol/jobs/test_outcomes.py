"""How a wait for many jobs ended, told in an event that is small and has no text in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language import exceptions
from airflow_provider_language.exceptions import (
    JobCancelledError,
    JobError,
    JobFailedError,
    JobPartiallyCompletedError,
    JobTimeoutError,
    LanguageError,
    QuotaExceededError,
)
from airflow_provider_language.protocol.jobs.outcomes import (
    Outcome,
    Trouble,
    ended_event,
    error_event,
    error_of,
    event_error,
    event_of,
)
from airflow_provider_language.protocol.jobs.status import Job, State
from tests.protocol.answers import item, job_body, read

STATUSES = {
    "succeeded": None,
    "partiallyCompleted": JobPartiallyCompletedError,
    "running": JobTimeoutError,
    "cancelled": JobCancelledError,
    "failed": JobFailedError,
}


def job(status: str, job_id: str = "j", **more: Any) -> Job:
    return read({**job_body(status, [item("a", ["1"])], **more), "jobId": job_id})


def through_json(event: dict[str, Any]) -> dict[str, Any]:
    """As Airflow stores an event between triggerer and worker."""
    stored: dict[str, Any] = json.loads(json.dumps(event))
    return stored


@pytest.mark.parametrize(("status", "error"), STATUSES.items())
def test_a_job_s_end_is_success_or_an_error_of_its_kind(status: str, error: type[JobError] | None) -> None:
    raised = event_error(through_json(ended_event([job(status)])), allow_partial=False)
    assert type(raised) is (type(None) if error is None else error)
    if raised is not None:
        assert raised.job_id == "j"


def test_the_gravest_end_is_the_one_that_is_raised() -> None:
    left = list(STATUSES)
    while len(left) > 1:
        raised = event_error(ended_event([job(status) for status in left]), allow_partial=False)
        assert type(raised) is STATUSES[left.pop()]


def test_what_is_allowed_is_no_error_and_hides_none() -> None:
    partials = [job("partiallyCompleted", str(number)) for number in range(10)]
    assert event_error(ended_event(partials), allow_partial=True) is None
    raised = event_error(ended_event([*partials, job("running", "late")]), allow_partial=True)
    assert isinstance(raised, JobTimeoutError)
    assert raised.job_id == "late"


def test_the_end_of_no_job_is_no_success() -> None:
    assert isinstance(event_error(ended_event([]), allow_partial=False), LanguageError)


def test_an_error_says_how_many_jobs_ended_so_and_why_the_first_did() -> None:
    errors = [{"code": "InternalServerError", "message": "1 of 1 tasks failed"}]
    jobs = [job("failed", "f", errors=errors), job("succeeded"), job("failed", "g")]
    raised = event_error(through_json(ended_event(jobs)), allow_partial=False)
    assert raised is not None
    assert raised.message == "2 of 3 jobs failed: 1 of 1 tasks failed."
    assert (raised.code, raised.job_id) == ("InternalServerError", "f")


def test_of_several_errors_each_is_told_with_its_task() -> None:
    errors = [
        {"code": "A", "message": "No such model.", "target": "#/tasks/items/1"},
        {"code": "B", "message": "No region.", "target": "#/tasks/items/0"},
        {"code": "C", "message": "Of all."},
        {"code": "", "message": ""},
        {"code": "D", "message": "Left out."},
    ]
    failed = [item(name, status="failed") for name in ("mood", "phrases", "c", "d", "e", "f")]
    raised = event_error(ended_event([read(job_body("failed", failed, errors=errors))]), allow_partial=False)
    assert raised is not None
    assert raised.message == (
        "1 of 1 jobs failed: phrases: No such model; mood: No region; c, d, e and 1 more: Of all "
        "(and 1 more errors)."
    )


def test_long_errors_leave_room_for_one_another() -> None:
    errors = [{"code": "A", "message": letter * 1000} for letter in "xyz"]
    raised = event_error(ended_event([job("failed", errors=errors)]), allow_partial=False)
    assert raised is not None
    assert all(letter * 50 in raised.message for letter in "xyz")


def test_a_job_out_of_time_is_told_as_that() -> None:
    raised = event_error(ended_event([job("running")]), allow_partial=False)
    assert raised is not None
    assert raised.message == "1 of 1 jobs did not end in time."


def test_an_outcome_survives_as_json() -> None:
    outcome = Outcome.of([job("succeeded"), job("failed", "f"), job("cancelled", "c")])
    assert outcome.troubles == (Trouble("f", "FAILED", None, None), Trouble("c", "CANCELLED", None, None))
    assert Outcome.from_dict(through_json(outcome.to_dict())) == outcome


def test_outcomes_of_several_lots_are_one_and_the_gravest_is_told_first() -> None:
    lots = [[job("cancelled", "c")], [job("succeeded"), job("failed", "f")], [job("failed", "g")], []]
    together = Outcome.together([Outcome.of(lot) for lot in lots])
    assert together == Outcome.of([one for lot in lots for one in lot])
    assert [trouble.job_id for trouble in together.troubles] == ["f", "g", "c"]


@pytest.mark.parametrize("character", ["x", "é", "資", "😀", '"', "\x00"])
def test_an_event_of_many_jobs_stays_under_two_kilobytes(character: str) -> None:
    errors = [{"code": character * 1000, "message": character * 10_000}]
    event = ended_event([job("failed", "b89699e5-70da-4fc8-86ec-44aeb7d37ee7", errors=errors)] * 10_000)
    assert event["outcome"]["counts"] == {"FAILED": 10_000}
    assert len(json.dumps(event)) < 2048


def test_an_error_met_in_the_triggerer_is_raised_as_what_it_was() -> None:
    met = QuotaExceededError("Out of quota.", status=403, code="403", request_id="r", job_id="j")
    raised = event_error(through_json(error_event(met)), allow_partial=False)
    assert type(raised) is QuotaExceededError
    assert str(raised) == str(met)


@pytest.mark.parametrize(
    "class_",
    [
        value
        for value in vars(exceptions).values()
        if isinstance(value, type) and issubclass(value, LanguageError)
    ],
)
def test_every_error_survives_an_event(class_: type[LanguageError]) -> None:
    raised = event_error(through_json(error_event(class_("Why."))), allow_partial=False)
    assert type(raised) is class_


def test_an_error_of_another_version_of_the_provider_is_a_plain_one() -> None:
    event = {**error_event(LanguageError("Why.")), "error": "ErrorOfTheFuture"}
    raised = event_error(event, allow_partial=True)
    assert type(raised) is LanguageError


def test_a_wait_that_was_given_up_ends_with_its_error() -> None:
    met = QuotaExceededError("Out of quota.")
    assert error_of(met, allow_partial=True) is met
    assert event_of(met) == error_event(met)


def test_a_wait_that_came_to_its_end_ends_with_its_outcome() -> None:
    jobs = [job("succeeded"), job("partiallyCompleted")]
    assert error_of(Outcome.of(jobs), allow_partial=True) is None
    assert isinstance(error_of(Outcome.of(jobs), allow_partial=False), JobPartiallyCompletedError)
    assert event_of(Outcome.of(jobs)) == ended_event(jobs)


def test_a_long_message_is_cut() -> None:
    assert len(json.dumps(error_event(LanguageError("x" * 10_000)))) < 1000


def test_what_a_later_release_tells_beside_is_left_out() -> None:
    event = through_json(ended_event([job("failed", "f"), job("succeeded")]))
    event["of_the_future"] = event["outcome"]["of_the_future"] = {"a": 1}
    for trouble in event["outcome"]["troubles"]:
        trouble["of_the_future"] = 1
    raised = event_error(event, allow_partial=False)
    assert isinstance(raised, JobFailedError)
    assert raised.job_id == "f"

    met = through_json(error_event(QuotaExceededError("Out of quota.", status=403)))
    met["facts"]["of_the_future"] = 1
    raised = event_error(met, allow_partial=False)
    assert isinstance(raised, QuotaExceededError)
    assert raised.status == 403


def test_what_an_earlier_release_does_not_tell_is_not_told() -> None:
    raised = event_error({"status": "ended", "outcome": {"counts": {"FAILED": 2}}}, allow_partial=False)
    assert isinstance(raised, JobFailedError)
    assert raised.message == "2 of 2 jobs failed."
    assert raised.job_id is None

    raised = event_error({"status": "error"}, allow_partial=False)
    assert type(raised) is LanguageError
    assert raised.message


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"status": "ended", "outcome": {"counts": {"SUCCEEDED": 1, "ARCHIVED": 1}}}, "'ARCHIVED'"),
        ({"status": "ended", "outcome": {"counts": {"ARCHIVED": 1}, "troubles": []}}, "'ARCHIVED'"),
        ({"status": "paused", "outcome": {"counts": {"SUCCEEDED": 1}}}, "'paused'"),
        ({"status": "ended", "outcome": {}}, "'ended'"),
        ({"status": "ended", "outcome": {"counts": {"SUCCEEDED": "1"}}}, "'ended'"),
        ({"status": "ended", "outcome": {"counts": {"SUCCEEDED": True}}}, "'ended'"),
        ({"status": "ended", "outcome": {"counts": {"SUCCEEDED": -1}}}, "'ended'"),
        ({"status": "ended"}, "'ended'"),
        ({}, "None"),
        (None, "None"),
        ("ended", "None"),
    ],
)
@pytest.mark.parametrize("allow_partial", [True, False])
def test_what_is_not_understood_is_an_error_that_says_so(
    event: object, words: str, allow_partial: bool
) -> None:
    raised = event_error(event, allow_partial=allow_partial)
    assert type(raised) is LanguageError
    assert f"{words}, which this release of the provider does not know" in raised.message


def test_a_name_that_is_no_error_s_makes_none_of_it() -> None:
    for name in ("ClassVar", "annotations", "__doc__", 7, None):
        raised = event_error({"status": "error", "error": name, "message": "Why."}, allow_partial=False)
        assert type(raised) is LanguageError


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([*State.__members__, "ended", "error", "status", "counts", "outcome"]) | st.text(
    max_size=8
)


def places(value: object) -> list[tuple[Any, Any]]:
    """Every place within a JSON value where something stands: its container, and its key or number."""
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    else:
        return []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


@st.composite
def mutated_events(draw: st.DrawFn) -> dict[str, Any]:
    """Events as a release of another day, or a fault, may write them."""
    jobs = [
        job(status, str(number)) for number, status in enumerate(draw(st.lists(st.sampled_from([*STATUSES]))))
    ]
    error = QuotaExceededError("Out of quota.", status=403, job_id="j")
    event = {"event": through_json(draw(st.sampled_from([ended_event(jobs), error_event(error)])))}
    for _ in range(draw(st.integers(0, 4))):
        container, key = draw(st.sampled_from(places(event)))
        change = draw(st.sampled_from(["value", "name", "loss", "more"]))
        if change == "value":
            container[key] = draw(JSON | NAMES)
        elif isinstance(container, dict) and container is not event:
            if change == "more":
                container[draw(NAMES)] = draw(JSON)
            else:
                value = container.pop(key)
                if change == "name":
                    container[draw(NAMES)] = value
    return event


def says_that_all_succeeded(event: Any) -> bool:
    match event:
        case {"status": "ended", "outcome": {"counts": dict(counts)}}:
            return all(name == "SUCCEEDED" or number == 0 for name, number in counts.items())
    return False


@settings(max_examples=300)
@given(mutated_events())
def test_no_event_passes_for_success_unless_it_says_that_all_jobs_succeeded(event: dict[str, Any]) -> None:
    raised = event_error(event["event"], allow_partial=False)
    assert raised is None or isinstance(raised, LanguageError)
    if raised is None:
        assert says_that_all_succeeded(event["event"])
