from __future__ import annotations

from datetime import timedelta

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.instruments.clock import AdvanceableClock
from tests.emulator.fakes import START, Client, ManualClock, documents, fake_engines, task


def test_it_tells_the_time_of_its_base_until_it_is_moved() -> None:
    base = ManualClock()
    clock = AdvanceableClock(base)
    base.advance(seconds=1)
    assert clock() == START + timedelta(seconds=1)
    assert clock.advance(86_400) == START + timedelta(days=1, seconds=1)
    base.advance(seconds=1)
    assert clock() == START + timedelta(days=1, seconds=2)
    assert clock.lead == timedelta(days=1)


@pytest.mark.parametrize("seconds", [-0.001, float("nan"), float("inf"), 1e12])
def test_it_goes_neither_back_nor_beyond_the_calendar(seconds: float) -> None:
    clock = AdvanceableClock(ManualClock())
    with pytest.raises(ValueError, match=r"."):
        clock.advance(seconds)
    assert clock() == START


def test_a_job_expires_in_no_time() -> None:
    with Emulator(duration=0, engines=fake_engines()) as emulator:
        client = Client(emulator.endpoint)
        url = client.submitted(documents(1), [task()])
        assert client.state(url)["status"] == "succeeded"
        emulator.clock.advance(24 * 60 * 60)
        assert client.send("GET", url).status_code == 404
