from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from airflow_provider_language.emulator.instruments.fault_orders import fault_from_json, parse_fault
from airflow_provider_language.emulator.instruments.faults import Fault
from airflow_provider_language.emulator.instruments.ordered_faults import Faults
from airflow_provider_language.emulator.protocol.operations import Operation
from tests.emulator.fakes import START

Request = tuple[str, str, Operation | None]
SUBMIT: Request = ("POST", "/language/analyze-text/jobs", "submit")
STATUS: Request = ("GET", "/language/analyze-text/jobs/1", "status")


def struck(
    faults: Faults, requests: int, request: Request = SUBMIT, now: datetime = START
) -> list[str | None]:
    taken = [faults.take(*request, now) for _ in range(requests)]
    return [None if fault is None else fault.effect for fault in taken]


def ordered(*fault: Fault) -> Faults:
    faults = Faults()
    for each in fault:
        faults.add(each)
    return faults


def test_a_fault_strikes_once_unless_told_otherwise() -> None:
    assert struck(ordered(Fault("lost")), 3) == ["lost", None, None]


def test_a_fault_strikes_so_many_times_from_the_nth_request_on() -> None:
    faults = ordered(Fault("lost", nth=2, times=2))
    assert struck(faults, 5) == [None, "lost", "lost", None, None]
    [state] = faults
    assert (state.met, state.struck) == (5, 2)


def test_a_fault_without_end_strikes_every_request() -> None:
    assert struck(ordered(Fault("lost", times=None)), 50) == ["lost"] * 50


def test_a_fault_lasts_from_the_first_request_that_it_strikes() -> None:
    faults = ordered(Fault("lost", nth=2, times=None, lasts=60))
    times = [0, 10, 40, 69.9, 70, 500]
    found = [struck(faults, 1, now=START + timedelta(seconds=at))[0] for at in times]
    assert found == [None, "lost", "lost", "lost", None, None]


def test_a_fault_that_lasts_still_strikes_no_more_often_than_it_should() -> None:
    assert struck(ordered(Fault("lost", times=2, lasts=60)), 4) == ["lost", "lost", None, None]


def test_a_fault_strikes_only_what_it_is_meant_for() -> None:
    faults = ordered(Fault("lost", operation="status"), Fault("page", method="POST", path="*/analyze-text/*"))
    assert struck(faults, 1, ("POST", "/text/analytics/v3.1/analyze", "submit")) == [None]
    assert struck(faults, 1, SUBMIT) == ["page"]
    assert struck(faults, 1, STATUS) == ["lost"]


@pytest.mark.parametrize("effect", ["fail-tasks", "fail-job", "endless"])
def test_faults_of_new_jobs_strike_nothing_but_submissions(effect: Any) -> None:
    faults = ordered(Fault(effect))
    assert struck(faults, 1, STATUS) == [None]
    assert struck(faults, 1, ("GET", "/", None)) == [None]
    assert struck(faults, 1, SUBMIT) == [effect]


@pytest.mark.parametrize("effect", ["expired", "cancelled"])
def test_faults_of_known_jobs_strike_nothing_but_what_asks_for_them(effect: Any) -> None:
    faults = ordered(Fault(effect))
    assert struck(faults, 1, SUBMIT) == [None]
    assert struck(faults, 1, STATUS) == [effect]


def test_of_two_faults_the_first_strikes_and_the_other_is_not_used_up() -> None:
    faults = ordered(Fault("lost"), Fault("page"))
    assert struck(faults, 3) == ["lost", "page", None]


def test_every_fault_counts_what_it_is_meant_for_whichever_strikes() -> None:
    faults = ordered(Fault("lost"), Fault("page", nth=3))
    assert struck(faults, 4) == ["lost", None, "page", None]


def test_chance_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    def drawn(seed: int) -> list[str | None]:
        return struck(ordered(Fault("lost", times=None, probability=0.3, seed=seed)), 1000)

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert 250 < drawn(1).count("lost") < 350


@pytest.mark.parametrize(("probability", "expected"), [(0.0, 0), (1.0, 20)])
def test_chance_at_its_ends_is_certain(probability: float, expected: int) -> None:
    faults = ordered(Fault("lost", times=None, probability=probability))
    assert struck(faults, 20).count("lost") == expected


def test_a_fault_is_called_off_by_its_number_or_with_all_others() -> None:
    faults = Faults()
    first, second = faults.add(Fault("lost")), faults.add(Fault("page"))
    assert faults.remove(first)
    assert not faults.remove(first)
    assert [each.id for each in faults] == [second]
    faults.clear()
    assert len(faults) == 0
    assert faults.add(Fault("lost")) > second


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"effect": "flood"}, "'effect'"),
        ({"effect": "lost", "operation": "list"}, "'operation'"),
        ({"effect": "endless", "operation": "status"}, "'operation' must be one of submit"),
        ({"effect": "expired", "operation": "submit"}, "'operation' must be one of status, cancel"),
        ({"effect": "throttled", "after": True}, "'after'"),
        ({"effect": "lost", "nth": 0}, "'nth'"),
        ({"effect": "lost", "times": 0}, "'times'"),
        ({"effect": "lost", "lasts": 0}, "'lasts'"),
        ({"effect": "lost", "lasts": float("nan")}, "'lasts'"),
        ({"effect": "lost", "lasts": float("inf")}, "'lasts'"),
        ({"effect": "lost", "probability": 1.1}, "'probability'"),
        ({"effect": "lost", "probability": float("nan")}, "'probability'"),
        ({"effect": "error", "status": 404}, "'status'"),
        ({"effect": "throttled", "retry_after": -1}, "'retry_after'"),
        ({"effect": "slow", "seconds": 3601}, "'seconds'"),
        ({"effect": "slow", "seconds": float("nan")}, "'seconds'"),
        ({"effect": "fail-tasks", "tasks": (-1,)}, "'tasks'"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Fault(**fields)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, "'effect' is missing"),
        ({"effect": 1}, "'effect' has a wrong type"),
        ({"effect": "lost", "often": 1}, "unknown fields: often"),
        ({"effect": "lost", "times": True}, "'times' has a wrong type"),
        ({"effect": "lost", "nth": 1.5}, "'nth' has a wrong type"),
        ({"effect": "lost", "after": 1}, "'after' has a wrong type"),
        ({"effect": "fail-tasks", "tasks": [True]}, "'tasks' must hold integers"),
        ({"effect": "fail-tasks", "tasks": 0}, "'tasks' has a wrong type"),
    ],
)
def test_json_that_is_no_fault_is_refused(body: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        fault_from_json(body)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("fail-tasks", tasks=(0, 2), targets=False, times=None),
        Fault("error", operation="submit", status=503, retry_after=3, after=True, seconds=0.5),
        Fault("reset", times=None, lasts=1.5),
        Fault("lost", method="GET", path="*/jobs/*", nth=4, probability=0.25, seed=9),
    ],
)
def test_a_fault_is_the_same_after_its_way_through_json(fault: Fault) -> None:
    assert fault_from_json(fault.to_json()) == fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("lost", Fault("lost")),
        (
            "throttled,operation=status,retry_after=2,times=all",
            Fault("throttled", operation="status", retry_after=2, times=None),
        ),
        ("lost,probability=0.1,seed=7,after=true", Fault("lost", probability=0.1, seed=7, after=True)),
        ("fail-tasks,tasks=0+2,targets=false", Fault("fail-tasks", tasks=(0, 2), targets=False)),
        ("page,method=GET,path=*/jobs/1", Fault("page", method="GET", path="*/jobs/1")),
    ],
)
def test_a_fault_can_be_said_in_a_word(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lost,times",
        "lost,times=often",
        "lost,when=now",
        "lost,nth=null",
        "lost,lasts=Infinity",
        "lost,nth=" + "[" * 100_000 + "]" * 100_000,
    ],
    ids=lambda text: text[:30],
)
def test_a_word_that_says_no_fault_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_fault(text)


def test_faults_are_bounded() -> None:
    faults = Faults()
    for _ in range(1000):
        faults.add(Fault("lost"))
    with pytest.raises(ValueError, match="no more than 1000"):
        faults.add(Fault("lost"))
