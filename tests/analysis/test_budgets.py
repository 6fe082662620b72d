"""Budgets of requests: counted, and learned from refusals."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.analysis.budgets import (
    MINUTE,
    TIERS,
    Limits,
    Operation,
    RequestBudget,
    Window,
    learn,
    operation_of,
)
from airflow_provider_language.analysis.wire import NoReply, Request, Response

NOW = 1_000_000.0
LOOK = "GET /language/analyze-text/jobs"
SUBMIT = "POST /language/analyze-text/jobs"


def used(operation: Operation, count: int, now: float = NOW) -> Operation:
    """The budget after so many requests that were answered at once."""
    for _ in range(count):
        operation.begin(now)
        operation.end(now)
    return operation


def refused(retry_after: str | None = None) -> Response:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Response(429, headers, b"", NOW)


def test_looks_at_all_jobs_are_one_operation_and_submissions_another() -> None:
    path = "/language/analyze-text/jobs"
    assert operation_of(Request("GET", f"{path}/a-1")) == operation_of(Request("GET", f"{path}/b-2")) == LOOK
    assert operation_of(Request("POST", path)) == SUBMIT
    assert operation_of(Request("POST", f"{path}/a-1:cancel")) == f"{SUBMIT}:cancel"


def test_the_tiers_are_those_of_the_documentation() -> None:
    assert (TIERS["S"], TIERS["F0"]) == (Limits(1000, 1000), Limits(100, 300))


def test_a_share_is_a_part_of_the_limits_and_never_nothing() -> None:
    assert TIERS["F0"].share(0.5) == Limits(50, 150)
    assert TIERS["F0"].share(0.001) == Limits(1, 1)


@pytest.mark.parametrize("part", [0.0, -0.5, 1.1])
def test_a_share_that_is_none_is_refused(part: float) -> None:
    with pytest.raises(ValueError, match="share"):
        TIERS["S"].share(part)


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limits(0, 10)


def test_requests_go_at_once_up_to_the_limit_of_a_minute_and_then_a_minute_after_the_first() -> None:
    operation = used(Operation(Limits(1000, 5)), 5)
    assert operation.wait(NOW + 10) == pytest.approx(50)
    assert operation.wait(NOW + 60) == 0


def test_requests_of_a_second_are_limited_too() -> None:
    operation = used(Operation(TIERS["F0"]), 100)
    assert operation.wait(NOW) == pytest.approx(1.0)
    assert operation.wait(NOW + 1) == 0


def test_a_request_counts_until_a_window_after_its_answer() -> None:
    operation = Operation(Limits(1, 1))
    operation.begin(NOW)
    assert 0 < operation.wait(NOW) < 1
    assert 0 < operation.wait(NOW + 500) < 1
    operation.end(NOW + 500)
    assert operation.wait(NOW + 501) == pytest.approx(59)


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    operation = used(Operation(Limits(5, 5)), 5)
    assert operation.wait(NOW - 3600) == 0


def seconds(most: float) -> st.SearchStrategy[float]:
    """Up to so many seconds, in steps of which sums and halves are exact."""
    return st.integers(0, int(most * 1024)).map(lambda number: number / 1024)


@given(
    steps=st.lists(st.tuples(seconds(0.5), seconds(0.4)), min_size=1, max_size=60),
    limit=st.integers(1, 8),
)
def test_whatever_the_service_counts_by_it_counts_no_more_than_the_limit(
    steps: list[tuple[float, float]], limit: int
) -> None:
    """The service counts a request at some time between when it is let go and its answer."""
    window, now, counted = Window(2.0), 0.0, deque[float]()
    for pause, latency in steps:
        now += pause
        while (wait := window.wait(limit, now)) > 0:
            now += wait
        window.begin()
        counted.append(now + latency / 2)
        now += latency
        window.end(now)
        assert sum(counted[-1] - 2.0 < one for one in counted) <= limit


def test_a_refusal_stops_the_operation_for_as_long_as_the_service_asks() -> None:
    operation = used(Operation(TIERS["S"]), 10)
    operation.begin(NOW)
    learn(operation, refused("7"), NOW)
    assert operation.wait(NOW) == pytest.approx(7)
    assert operation.pressure(NOW + 6.9) == 1.0
    assert operation.wait(NOW + 7) == 0


def test_a_refusal_without_a_time_and_one_with_days_stop_it_for_a_while() -> None:
    for asked, pause in ((None, 1.0), ("186688", 300.0)):
        operation = Operation(TIERS["S"])
        operation.begin(NOW)
        learn(operation, refused(asked), NOW)
        assert operation.wait(NOW) == pause


def test_a_refusal_teaches_a_lower_limit_which_grows_back() -> None:
    operation = used(Operation(TIERS["S"]), 700)
    operation.refuse(1.0, NOW)
    assert operation.limit(NOW) == 630
    used(operation, 1, NOW + 1)
    assert operation.wait(NOW + 1) == pytest.approx(60 / 630, rel=0.01)
    assert operation.limit(NOW + 2 * MINUTE) == 730
    assert operation.limit(NOW + 60 * MINUTE) == 1000


def test_who_has_used_little_is_left_half_and_after_each_further_refusal_half_of_that() -> None:
    operation = used(Operation(TIERS["S"]), 50)
    limits = []
    for second in range(6):
        operation.refuse(1.0, NOW + second)
        limits.append(operation.limit(NOW + second))
    assert limits == [500, 250, 125, 62, 50, 50]


def test_who_has_used_next_to_nothing_learns_when_to_come_and_no_limit() -> None:
    operation = used(Operation(TIERS["S"]), 49)
    operation.refuse(24.0, NOW)
    assert operation.wait(NOW) == 24
    assert operation.limit(NOW) == 1000
    assert operation.wait(NOW + 24) == 0


def test_refusals_of_requests_that_were_under_way_teach_nothing_more() -> None:
    operation = used(Operation(TIERS["S"]), 700)
    for _ in range(20):
        operation.refuse(10.0, NOW)
    assert operation.limit(NOW) == 630


def test_any_other_end_of_a_request_teaches_nothing() -> None:
    operation = Operation(TIERS["S"])
    for reply in (Response(200, {}, b"", NOW), Response(503, {}, b"", NOW), NoReply("lost", True, NOW)):
        operation.begin(NOW)
        learn(operation, reply, NOW)
    assert (operation.wait(NOW), operation.limit(NOW)) == (0.0, 1000)
    assert operation.pressure(NOW) == pytest.approx(0.003)


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
    assert RequestBudget(Limits(1000, 1000)).interval(10_000) == pytest.approx(600)
