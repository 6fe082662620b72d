"""Emulators with fake engines and a clock that stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import Client, CountingEngine, ManualClock, fake_detect, fake_engines

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def engines() -> dict[str, CountingEngine]:
    return fake_engines()


@pytest.fixture
def emulator(clock: ManualClock, engines: dict[str, CountingEngine]) -> Iterator[Emulator]:
    """An emulator whose jobs take 12 seconds of its clock."""
    with Emulator(duration=12, clock=clock, engines=engines, detect_language=fake_detect) as running:
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return Client(emulator.endpoint)
