"""Plays all scenarios on the oldest and the newest supported Airflow, and prints what held."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import pytest

from tests.chaos.environments import install, install_celery
from tests.matrix.__main__ import BETWEEN, PROJECT, ROWS, Tools, rows_named

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Install, play, tell.

    Returns:
        The exit code of pytest: 0 if all promises held.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("versions", nargs="*", metavar="AIRFLOW", help="play only on these")
    parser.add_argument("--quick", action="store_true", help="play only what `make test` plays")
    parser.add_argument("--tries", type=int, default=1, help="of each scenario (default: %(default)s)")
    parser.add_argument("-k", dest="only", default="", metavar="WORDS", help="play only scenarios named so")
    parser.add_argument("--uv", default="uv", help="the uv program (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the environments")
    parser.add_argument("--as-of", default="", help="the day of packages where an Airflow has none")
    options = parser.parse_args(arguments)
    rows = rows_named(options.versions)
    if not rows:
        parser.error(f"no such Airflow; there are {', '.join(row.airflow for row in (*ROWS, *BETWEEN))}")
    tools = Tools(options.uv, options.python, options.as_of)
    for row in rows:
        install(tools, row)
    if ROWS[-1] in rows:
        install_celery(tools)
    played = [f"--airflow={row.airflow}" for row in rows]
    command = [
        "--durations=0",
        "-p",
        "tests.chaos.options",
        f"--tries={options.tries}",
        *(["--quick"] if options.quick else []),
        *played,
        str(PROJECT / "tests/chaos"),
    ]
    return pytest.main([*command, "-k", options.only] if options.only else command)


if __name__ == "__main__":
    sys.exit(main())
