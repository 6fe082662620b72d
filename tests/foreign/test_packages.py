"""Each foreign package drives the emulator in a process of its own, where nothing else of its name is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from airflow_provider_language.emulator import Emulator
from tests.draws import draws
from tests.foreign.packages import HERE, PACKAGES, PROJECT, Package, Registry

DRIVING = [package for package in PACKAGES if package.tests]
# Seconds for all the tests of one package.
PATIENCE = 300


@pytest.mark.parametrize(
    "package",
    [pytest.param(one, marks=pytest.mark.draws) if one.is_long else one for one in DRIVING],
    ids=[package.title for package in DRIVING],
)
def test_every_operation_of_the_package_is_answered(package: Package) -> None:
    if package.is_long and draws(4) < 4:
        pytest.skip("its tests start a whole Airflow: `make chaos` runs them")
    if package.registry is Registry.NPM and shutil.which("node") is None:
        pytest.skip("Node is not installed, and this package runs under nothing else")
    if not package.folder.is_dir():
        pytest.fail(f"{package.name} {package.version} is not installed: run `make foreign`")
    if package.registry is Registry.NPM:
        with Emulator(duration=0.2) as emulator:
            run_tests(package, ["node", "--test"], NODE_PATH=str(package.folder), ENDPOINT=emulator.endpoint)
    else:
        # The fixtures of the folders above import Airflow, which needs other versions of other things.
        alone = ["-p", "no:cacheprovider", "--confcutdir", str(HERE)]
        run_tests(package, [sys.executable, "-m", "pytest", *alone], PYTHONPATH=str(package.folder))


def run_tests(package: Package, program: list[str], **environment: str) -> None:
    ended = subprocess.run(
        [*program, str(HERE / str(package.tests))],
        check=False,
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
