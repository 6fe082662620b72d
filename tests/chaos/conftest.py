"""Which scenarios are played where, a stand for each Airflow, and the table of what held."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest

from tests.chaos import stand as stands
from tests.chaos.cast import SCENARIOS
from tests.chaos.environments import installation_of
from tests.chaos.scenarios import PLAYED, TOLD, Performance
from tests.chaos.stand import Stand
from tests.system.postgres import PostgresServer
from tests.system.stack import AirflowStack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT_A_TIME = 6
"""Scenes that two cores bear: most of the time they wait."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play all scenarios on the Airflows that the command line names, else the quick ones on this one."""
    if "performance" not in metafunc.fixturenames:
        return
    versions = _versions(metafunc.config)
    is_whole = versions and not metafunc.config.getoption("--quick", default=False)
    chosen = SCENARIOS if is_whole else [one for one in SCENARIOS if one.quick]
    # Those that must be alone come when all others are over.
    ordered = sorted(chosen, key=lambda scenario: scenario.alone)
    tries = range(metafunc.config.getoption("--tries", default=1))
    performances = [Performance(scenario, attempt) for scenario in ordered for attempt in tries]
    metafunc.parametrize("airflow", versions or [_this_airflow()], indirect=True, scope="session")
    metafunc.parametrize("performance", performances, ids=lambda one: one.scenario.promise)


def _versions(config: pytest.Config) -> list[str]:
    """Return the Airflows that the command line names."""
    return config.getoption("--airflow", default=None) or []


def _this_airflow() -> str:
    return version("apache-airflow")


@pytest.fixture(scope="session")
def airflow(request: pytest.FixtureRequest) -> str:
    """The version of Airflow that is played with."""
    named: str = request.param
    return named


@pytest.fixture(scope="session")
def stand(
    request: pytest.FixtureRequest, airflow: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stand]:
    """An Airflow for all scenes of its version; the quick ones share theirs with other tests."""
    folder = tmp_path_factory.mktemp(f"chaos-{airflow}")
    if not _versions(request.config):
        yield Stand(request.getfixturevalue("shared_airflow"), folder)
        return
    with (
        PostgresServer(folder / "postgres.log") as postgres,
        AirflowStack(
            stands.DAGS,
            folder / "airflow",
            environment=stands.SETTINGS,
            database_url=postgres.url,
            installation=installation_of(airflow),
        ) as stack,
    ):
        yield Stand(stack, folder)


@pytest.fixture(scope="session")
def play(
    request: pytest.FixtureRequest, airflow: str, stand: Stand
) -> Iterator[Callable[[Performance], None]]:
    """What plays a performance: all that can share this Airflow begin at once, the others wait for them."""
    chosen = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    shared = [one["performance"] for one in chosen if one.get("airflow") == airflow]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        playing: dict[Performance, Future[None]] = {
            one: pool.submit(one.scenario.play, stand) for one in shared if not one.scenario.alone
        }

        def play_one(performance: Performance) -> None:
            if performance in playing:
                playing[performance].result()
            else:
                wait(playing.values())
                performance.scenario.play(stand)

        yield play_one
        for future in playing.values():
            future.cancel()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was promised, on which Airflow, how many times it was tried, and how many times it held."""
    tries: Counter[tuple[str, str]] = Counter()
    held: Counter[tuple[str, str]] = Counter()
    told: list[str] = []
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, line in getattr(report, "user_properties", ()):
                if name == PLAYED and report.when == "call":
                    tries[line] += 1
                    held[line] += outcome == "passed"
                if name == TOLD and report.when == "call":
                    told.append(line)
    if not tries:
        return
    terminalreporter.section("chaos")
    width = max(len(promise) for promise, _ in tries)
    terminalreporter.write_line(f"{'promise':{width}}  Airflow  tries  held")
    for promise, airflow in sorted(tries):
        line = f"{promise:{width}}  {airflow:7}  {tries[promise, airflow]:5}  {held[promise, airflow]:4}"
        terminalreporter.write_line(line)
    for line in told:
        terminalreporter.write_line(line)
