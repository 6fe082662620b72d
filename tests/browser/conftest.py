"""An Airflow for all that is done on its pages, and the browser in front of it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.airflow_2 import Airflow2Pages
from tests.browser.airflow_3 import Airflow3Pages
from tests.browser.driver import browsing
from tests.browser.pictures import Pictures
from tests.browser.stage import Stage, staged
from tests.chaos.environments import installation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.pages import AirflowPages


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Browse each Airflow that the command line names."""
    if "airflow" in metafunc.fixturenames:
        metafunc.parametrize(
            "airflow", metafunc.config.getoption("--airflow"), indirect=True, scope="session"
        )


@pytest.fixture(scope="session")
def airflow(request: pytest.FixtureRequest) -> str:
    """The version that is browsed."""
    named: str = request.param
    return named


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest, airflow: str) -> Iterator[Stage]:
    """What is browsed; its folder stays if a test has failed, and has a short name, since pages show it."""
    folder = Path(tempfile.mkdtemp(prefix="airflow-"))
    with staged(installation_of(airflow), folder) as running:
        yield running
    if request.session.testsfailed:
        told = f"The logs of Airflow {airflow} and a picture of the last page are in {folder}"
        reporter: Any = request.config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line(f"\n{told}")
    else:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def pages(request: pytest.FixtureRequest, airflow: str, stage: Stage) -> Iterator[AirflowPages]:
    """The pages, where somebody has signed in."""
    made = Airflow2Pages if airflow.startswith("2.") else Airflow3Pages
    with browsing() as context:
        pages: AirflowPages = made(context.new_page(), stage.airflow.url)
        pages.sign_in()
        yield pages
        if request.session.testsfailed:
            pages.page.screenshot(path=stage.results.parent / "last-page.png")


@pytest.fixture(scope="session")
def pictures(request: pytest.FixtureRequest, airflow: str) -> Pictures:
    """The camera."""
    return Pictures(request.config.getoption("--pictures"), airflow)
