"""Budgets of requests: counted, and learned from refusals."""

from __future__ import annotations

import pytest

from airflow_provider_language.protocol.pacing.budgets import OperationBudget, RequestBudget
from airflow_provider_language.protocol.pacing.lessons import learn
from airflow_provider_language.protocol.pacing.limits import MINUTE, TIERS, Limits
from airflow_provider_language.protocol.pacing.operations import Operation
from airflow_provider_language.protocol.wire import NoReply, Response

NOW = 1_000_000.0
LOOK = Operation("GET", "/language/analyze-text/jobs")
SUBMIT = Operation("POST", "/language/analyze-text/jobs")


def used(budget: OperationBudget, count: int, now: float = NOW) -> OperationBudget:
    """The budget after so many requests that were answered at once."""
    for _ in range(count):
        budget.begin(ticket := object(), now)
        budget.end(ticket, now)
    return budget


def refused(retry_after: str | None = None) -> Response:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Response(429, headers, b"", NOW)


def test_requests_go_at_once_up_to_the_limit_of_a_minute_and_then_a_minute_after_the_first() -> None:
    budget = used(OperationBudget(Limits(1000, 5)), 5)
    assert budget.wait(NOW + 10) == pytest.approx(50)
    assert budget.wait(NOW + 60) == 0


def test_requests_of_a_second_are_limited_too() -> None:
    budget = used(OperationBudget(TIERS["F0"]), 100)
    assert budget.wait(NOW) == pytest.approx(1.0)
    assert budget.wait(NOW + 1) == 0


def test_a_request_counts_until_a_window_after_its_answer() -> None:
    budget = OperationBudget(Limits(1, 1))
    budget.begin("a ticket", NOW)
    assert 0 < budget.wait(NOW) < 1
    assert 0 < budget.wait(NOW + 500) < 1
    budget.end("a ticket", NOW + 500)
    assert budget.wait(NOW + 501) == pytest.approx(59)


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    budget = used(OperationBudget(Limits(5, 5)), 5)
    assert budget.wait(NOW - 3600) == 0
    budget.refuse(300.0, NOW)
    assert budget.wait(NOW) == 300
    assert budget.wait(NOW - 3600) == 0
    assert budget.pressure(NOW - 3600) == 0
    assert budget.limit(NOW - 3600) == 5


@pytest.mark.parametrize("back", [0.0, 30.0, 61.0, 299.0, 361.0, 3600.0])
@pytest.mark.parametrize("asked", [1.0, 7.0, 300.0])
def test_a_refusal_holds_for_what_was_asked_and_a_minute_however_far_the_clock_is_set_back(
    asked: float, back: float
) -> None:
    budget = used(OperationBudget(TIERS["S"]), 700)
    budget.refuse(asked, NOW)
    waited, now = 0.0, NOW - back
    while (pause := budget.wait(now)) > 0:
        now, waited = now + min(pause, 1.0), waited + min(pause, 1.0)
    assert waited <= asked + 61


@pytest.mark.parametrize("back", [0.0, 30.0, 100.0, 3600.0])
def test_a_distance_holds_for_a_minute_however_far_the_clock_is_set_back(back: float) -> None:
    budget = used(OperationBudget(TIERS["S"]), 700)
    budget.refuse(1.0, NOW)
    budget.begin("a ticket", NOW + 2)
    budget.under_way.clear()
    assert budget.wait(NOW + 2 - back) <= 1


def test_a_clock_that_is_a_little_behind_forgets_nothing() -> None:
    budget = used(OperationBudget(TIERS["S"]), 700)
    budget.refuse(300.0, NOW)
    assert budget.wait(NOW - 0.5) == 300
    assert budget.pressure(NOW - 0.5) == 1.0
    assert budget.limit(NOW - 0.5) == 630


def test_a_request_that_waits_or_is_under_way_makes_the_budget_tight() -> None:
    budget = OperationBudget(Limits(10, 10))
    budget.queued.update(["a", "b"])
    budget.begin("c", NOW)
    assert budget.pressure(NOW) == pytest.approx(0.3)
    assert budget.pressure(NOW + 3600) == pytest.approx(0.3)


def test_a_refusal_stops_the_operation_for_as_long_as_the_service_asks() -> None:
    budget = used(OperationBudget(TIERS["S"]), 10)
    learn(budget, refused("7"), NOW)
    assert budget.wait(NOW) == pytest.approx(7)
    assert budget.pressure(NOW + 6.9) == 1.0
    assert budget.wait(NOW + 7) == 0


def test_a_refusal_without_a_time_and_one_with_days_stop_it_for_a_while() -> None:
    for asked, pause in ((None, 1.0), ("186688", 300.0)):
        budget = OperationBudget(TIERS["S"])
        used(budget, 1)
        learn(budget, refused(asked), NOW)
        assert budget.wait(NOW) == pause


def test_a_refusal_teaches_a_lower_limit_which_grows_back() -> None:
    budget = used(OperationBudget(TIERS["S"]), 700)
    budget.refuse(1.0, NOW)
    assert budget.limit(NOW) == 630
    used(budget, 1, NOW + 1)
    assert budget.wait(NOW + 1) == pytest.approx(60 / 630, rel=0.01)
    assert budget.limit(NOW + 2 * MINUTE) == 730
    assert budget.limit(NOW + 60 * MINUTE) == 1000


def test_who_has_used_little_is_left_half_and_after_each_further_refusal_half_of_that() -> None:
    budget = used(OperationBudget(TIERS["S"]), 50)
    limits = []
    for second in range(6):
        budget.refuse(1.0, NOW + second)
        limits.append(budget.limit(NOW + second))
    assert limits == [500, 250, 125, 62, 50, 50]


def test_who_has_used_next_to_nothing_learns_when_to_come_and_no_limit() -> None:
    budget = used(OperationBudget(TIERS["S"]), 49)
    budget.refuse(24.0, NOW)
    assert budget.wait(NOW) == 24
    assert budget.limit(NOW) == 1000
    assert budget.wait(NOW + 24) == 0


def test_refusals_of_requests_that_were_under_way_teach_nothing_more() -> None:
    budget = used(OperationBudget(TIERS["S"]), 700)
    for _ in range(20):
        budget.refuse(10.0, NOW)
    assert budget.limit(NOW) == 630


def test_any_other_end_of_a_request_teaches_nothing() -> None:
    budget = OperationBudget(TIERS["S"])
    for reply in (Response(200, {}, b"", NOW), Response(503, {}, b"", NOW), NoReply("lost", True, NOW)):
        used(budget, 1)
        learn(budget, reply, NOW)
    assert (budget.wait(NOW), budget.limit(NOW)) == (0.0, 1000)
    assert budget.pressure(NOW) == pytest.approx(0.003)


def test_pressure_is_that_of_the_tightest_operation() -> None:
    budget = RequestBudget(Limits(1000, 100))
    assert budget.pressure(NOW, 0) == 0
    used(budget.of(LOOK), 20)
    used(budget.of(SUBMIT), 70)
    assert budget.pressure(NOW, 0) == pytest.approx(0.7)
    used(budget.of(SUBMIT), 500)
    assert budget.pressure(NOW, 0) == 1.0
    assert budget.pressure(NOW + MINUTE, 0) == 0


def test_each_waiting_job_speaks_for_one_look() -> None:
    budget = RequestBudget(Limits(1000, 100))
    assert budget.pressure(NOW, 50) == pytest.approx(0.5)
    used(budget.of(LOOK), 20)
    assert budget.pressure(NOW, 50) == pytest.approx(0.7)
    assert budget.pressure(NOW, 5000) == 1.0


def test_in_turns_each_waiting_job_is_looked_at_as_often_as_the_limit_allows() -> None:
    assert RequestBudget(Limits(1000, 1000)).interval(10_000, NOW) == pytest.approx(600)


def test_turns_are_as_long_as_what_refusals_have_left_of_the_limit() -> None:
    budget = RequestBudget(Limits(1000, 1000))
    used(budget.of(LOOK), 500).refuse(1.0, NOW)
    assert budget.interval(1000, NOW) == pytest.approx(120)
    used(budget.of(SUBMIT), 100).refuse(1.0, NOW)
    assert budget.interval(1000, NOW) == pytest.approx(120)
