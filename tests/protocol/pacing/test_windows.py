"""What counts in a span of time, whatever way the service counts, and by whichever clock it is asked."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.pacing.windows import Window

NOW = 1_000_000.0
SPAN = 60.0


def window_of(*answered: float) -> Window:
    window = Window(SPAN)
    for at in answered:
        window.add(at)
    return window


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
        while wait := window.wait(limit, now):
            now += wait
        counted.append(now + latency / 2)
        now += latency
        window.add(now)
        assert sum(counted[-1] - 2.0 < one for one in counted) <= limit


def test_there_is_room_again_when_enough_of_the_answered_ones_are_over() -> None:
    window = window_of(NOW, NOW + 10, NOW + 20)
    assert window.wait(4, NOW + 30) == 0
    assert window.wait(3, NOW + 30) == 30
    assert window.wait(1, NOW + 30) == 50
    assert window.wait(0, NOW + 30) is None
    assert window.wait(3, NOW + 60) == 0


@pytest.mark.parametrize("behind", [0.0, 0.001, 1.0, 59.0])
def test_who_asks_by_a_clock_that_is_a_little_behind_finds_what_was_counted(behind: float) -> None:
    window = window_of(NOW, NOW)
    assert window.used(NOW - behind) == 2
    assert window.used(NOW) == 2


def test_what_lies_far_ahead_was_counted_before_the_clock_was_set_back_and_is_forgotten() -> None:
    window = window_of(NOW, NOW)
    assert window.used(NOW - 3600) == 0
    window.add(NOW - 3600)
    assert window.used(NOW - 3600) == 1
    assert window.used(NOW) == 0


@given(st.lists(seconds(200.0), max_size=40), seconds(200.0))
def test_however_the_clock_jumps_a_request_of_the_last_span_counts_and_none_of_long_ago(
    times: list[float], now: float
) -> None:
    window = window_of(*times)
    used = window.used(now)
    assert used <= sum(now - SPAN < max(times[: place + 1]) for place in range(len(times)))
    if times and now - SPAN < times[-1] <= now:
        assert used >= 1


def test_no_more_is_kept_than_counts() -> None:
    window = window_of(*(NOW + second for second in range(1000)))
    assert len(window._answered) == 60
