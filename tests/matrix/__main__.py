"""Builds the wheel, and runs the tests against it on the oldest and the newest supported Airflow."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROJECT = Path(__file__).resolve().parents[2]
# Tests of the repository rather than of the package, and what Python leaves behind.
NOT_COPIED = ("test_compose.py", "test_readme.py", "foreign", "__pycache__")
DISTRIBUTION = "airflow-provider-language"


@dataclass(frozen=True)
class Row:
    """One Airflow of the matrix.

    Attributes:
        airflow: its version.
        as_of: packages published after this day are not seen. None for the day of the command line.
            An older Airflow does not run with all that its loose requirements admit today, and nobody
            who uses it has today's packages.
    """

    airflow: str
    as_of: str | None = None


ROWS = (Row("2.11.2", as_of="2026-03-20"), Row("3.3.2"))


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

    def dated(self, as_of: str | None) -> list[str]:
        """Return the arguments of uv that hide what was published later."""
        day = as_of or self.as_of
        return ["--exclude-newer", day] if day else []


def build_wheel(tools: Tools, folder: Path) -> Path:
    """Build the source distribution and, from that alone, the wheel."""
    run([tools.uv, "build", "--quiet", "--out-dir", folder, *tools.dated(None), PROJECT])
    [wheel] = folder.glob("*.whl")
    return wheel


def install(tools: Tools, row: Row, wheel: Path) -> Path:
    """Make or renew the row's environment.

    Returns:
        Its interpreter.
    """
    environment = PROJECT / f".venv-{row.airflow}"
    python = environment / "bin" / "python"
    if not python.exists():
        run([tools.uv, "venv", "--quiet", "--python", tools.python, environment])
    command: list[str | Path] = [tools.uv, "pip", "install", "--quiet", "--compile-bytecode", "--upgrade"]
    command += ["--python", python, *tools.dated(row.as_of), "--reinstall-package", DISTRIBUTION]
    command += [f"apache-airflow=={row.airflow}", f"{wheel}[emulator,entra]"]
    run([*command, "--group", f"{PROJECT / 'pyproject.toml'}:test"])
    return python


def copy_tests(folder: Path) -> Path:
    """Copy what the tests need to where no source of the package can be imported instead of the wheel."""
    copy = folder / "project"
    for name in ("tests", "dags"):
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
    shutil.copy(PROJECT / "pyproject.toml", copy)
    recorded = PROJECT.parent / "shared"
    if recorded.exists():
        (folder / "shared").symlink_to(recorded)
    return copy


def check(row: Row, python: Path, copy: Path) -> None:
    """Run the unit tests and the tests of the installed package in the row's environment."""
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
    run([python, "-m", "pytest", "-m", "not system"], cwd=copy, environment=environment)
    run([python, "-m", "pytest", "tests/matrix"], cwd=copy, environment=environment)


def run(
    command: Sequence[str | Path], *, cwd: Path = PROJECT, environment: dict[str, str] | None = None
) -> None:
    """Run a program and show what it writes.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    print("+", *command, flush=True)
    subprocess.run(command, check=True, cwd=cwd, env=environment)


def verdict(row: Row, tools: Tools, wheel: Path, folder: Path) -> str | None:
    """Test one row.

    Returns:
        What failed, or None.
    """
    start = time.monotonic()
    try:
        python = install(tools, row, wheel)
        print(f"Airflow {row.airflow}: environment ready after {time.monotonic() - start:.0f} s", flush=True)
        check(row, python, copy_tests(folder / row.airflow))
    except subprocess.CalledProcessError as error:
        return f"Airflow {row.airflow}: failed with exit code {error.returncode}: {error.cmd}"
    print(f"Airflow {row.airflow}: passed in {time.monotonic() - start:.0f} s", flush=True)
    return None


def rows_named(versions: Iterable[str]) -> tuple[Row, ...]:
    """Return the rows of these Airflow versions, or all if there are none."""
    wanted = set(versions)
    return tuple(row for row in ROWS if not wanted or row.airflow in wanted)


def main(arguments: Sequence[str] | None = None) -> int:
    """Test every row, also after one has failed.

    Returns:
        The exit code: 0 if all passed.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("versions", nargs="*", metavar="AIRFLOW", help="test only these rows")
    parser.add_argument("--uv", default="uv", help="the uv program (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the environments")
    parser.add_argument(
        "--as-of", default="", help="the day of packages where a row has none (default: today)"
    )
    options = parser.parse_args(arguments)
    rows = rows_named(options.versions)
    if not rows:
        parser.error(f"no such row; there are {', '.join(row.airflow for row in ROWS)}")
    tools = Tools(options.uv, options.python, options.as_of)
    with tempfile.TemporaryDirectory(prefix="matrix-") as temporary:
        folder = Path(temporary)
        wheel = build_wheel(tools, folder / "dist")
        failures = [failure for row in rows if (failure := verdict(row, tools, wheel, folder))]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
