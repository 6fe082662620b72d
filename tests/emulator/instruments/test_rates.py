from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.instruments.rates import TIERS, RateLimit, Tier
from tests.emulator.fakes import START, Client, ManualClock, documents, fake_engines, task

if TYPE_CHECKING:
    from collections.abc import Sequence


def admitted(limit: RateLimit, seconds: Sequence[float], operation: str = "submit") -> list[int]:
    return [limit.admit(operation, START + timedelta(seconds=at)) for at in seconds]


@pytest.mark.parametrize(("name", "per_second", "per_minute"), [("S", 1000, 1000), ("F0", 100, 300)])
def test_the_tiers_are_the_published_ones(name: str, per_second: int, per_minute: int) -> None:
    assert TIERS[name] == Tier(name, per_second, per_minute)
    limit = RateLimit(TIERS[name])
    assert admitted(limit, [0.0] * per_second) == [0] * per_second
    assert admitted(limit, [0.0]) != [0]


def test_a_request_beyond_the_second_is_to_come_again_after_it() -> None:
    limit = RateLimit(Tier("x", 2, 100))
    assert admitted(limit, [0.0, 0.4, 0.5, 0.999, 1.0, 1.1, 1.4]) == [0, 0, 1, 1, 0, 1, 0]


def test_a_request_beyond_the_minute_is_told_how_long_to_wait() -> None:
    limit = RateLimit(Tier("x", 100, 2))
    assert admitted(limit, [0.0, 10.0, 15.5, 59.5, 60.0, 60.1, 70.0]) == [0, 0, 45, 1, 0, 10, 0]


def test_whoever_waits_as_told_is_let_in() -> None:
    limit = RateLimit(TIERS["F0"])
    now = 0.0
    for _ in range(1000):
        wait = limit.admit("submit", START + timedelta(seconds=now))
        if wait:
            now += wait
            assert limit.admit("submit", START + timedelta(seconds=now)) == 0
    assert now <= 60 * 1000 / 300


def test_operations_are_counted_on_their_own() -> None:
    limit = RateLimit(Tier("x", 1, 1))
    assert admitted(limit, [0.0, 0.0]) == [0, 60]
    assert admitted(limit, [0.0], "status") == [0]


def test_refused_requests_are_not_counted() -> None:
    limit = RateLimit(Tier("x", 1, 100))
    assert admitted(limit, [0.0, *[0.5] * 500, 1.0])[-1] == 0


def test_a_tier_is_kept_over_http_and_none_is_by_default() -> None:
    clock = ManualClock()
    with Emulator(duration=0, clock=clock, engines=fake_engines(), tier="F0") as emulator:
        client = Client(emulator.endpoint)
        job = client.submitted(documents(1), [task()])
        statuses = [client.send("GET", job).status_code for _ in range(101)]
        assert statuses == [200] * 100 + [429]
        refused = client.send("GET", job)
        assert refused.headers["Retry-After"] == "1"
        assert client.refusal(refused)[3] == (
            "Requests to the Get analysis status and results Operation under Language API (2023-04-01) "
            "have exceeded rate limit of your current TextAnalytics F0 pricing tier. "
            "Please retry after 1 second. To increase your rate limit switch to a paid tier."
        )
        assert client.submit(documents(1), [task()]).status_code == 202
        clock.advance(seconds=1)
        assert client.send("GET", job).status_code == 200
    with Emulator(duration=0, clock=clock, engines=fake_engines()) as emulator:
        client = Client(emulator.endpoint)
        job = client.submitted(documents(1), [task()])
        assert {client.send("GET", job).status_code for _ in range(101)} == {200}
