"""Fixtures for the floors that know Airflow: connections, the emulator, and servers that nobody may ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from airflow_provider_language._compat import AIRFLOW_3
from airflow_provider_language.emulator import Emulator
from tests import parallel
from tests.airflow_stands import KEY
from tests.emulator.fakes import fake_detect, fake_engines
from tests.scripted_service import ScriptedService

if TYPE_CHECKING:
    from tests.system.stack import AirflowStack

Connect = Callable[..., str]

# Property tests try the same examples on every run, and on a slow machine, too.
settings.register_profile(
    "deterministic", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("deterministic")


def pytest_configure(config: pytest.Config) -> None:
    """Add our way of running in parallel."""
    if config.pluginmanager.has_plugin("xdist"):
        config.pluginmanager.register(parallel)


@pytest.fixture(scope="session")
def shared_airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowStack]:
    """A running Airflow; `tests.parallel` has all that ask for it run in one process."""
    from tests.system import shared

    with shared.shared_airflow(tmp_path_factory.mktemp("airflow")) as stack:
        yield stack


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Define a connection in the environment, where Airflow looks first; returns its id."""

    def define(host: str, *, conn_id: str = "azure_language_default", key: str = KEY, **fields: Any) -> str:
        connection = {"conn_type": "azure_language", "host": host, "password": key, **fields}
        monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(connection))
        return conn_id

    return define


@pytest.fixture
def language(connect: Connect) -> Iterator[Emulator]:
    """The connection's endpoint: an emulator whose jobs end at once, and which wants the key."""
    engines = fake_engines()
    with Emulator(key=KEY, duration=0, engines=engines, detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


@pytest.fixture
def endless(connect: Connect) -> Iterator[Emulator]:
    """The connection's endpoint: an emulator whose jobs take a day."""
    engines = fake_engines()
    with Emulator(key=KEY, duration=86_400, engines=engines, detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


@pytest.fixture
def stranger() -> Iterator[ScriptedService]:
    """A server of somebody else; a test asks what it has seen."""
    with ScriptedService() as running:
        yield running


@pytest.fixture
def serve(connect: Connect) -> Iterator[Callable[..., ScriptedService]]:
    """Start a scripted service, and make it the connection's endpoint."""
    running: list[ScriptedService] = []

    def start(answer: Any, **fields: Any) -> ScriptedService:
        service = ScriptedService(answer).__enter__()
        running.append(service)
        connect(service.endpoint, **fields)
        return service

    yield start
    for service in running:
        service.__exit__(None, None, None)


@pytest.fixture
def memory_storage() -> None:
    """Let Airflow know of ``memory://``: object storage with no disk below it."""
    stores = import_module("airflow.sdk.io" if AIRFLOW_3 else "airflow.io.store")
    stores.attach("memory", fs=import_module("fsspec").filesystem("memory"))
