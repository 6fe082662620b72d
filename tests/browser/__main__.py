"""Shows the provider in a real browser, on one Airflow after the other: ``make browser``."""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from tests.browser.driver import PACKAGES, BrowserError, chromium, make_importable
from tests.chaos import environments
from tests.foreign.__main__ import install
from tests.foreign.packages import CACHE
from tests.matrix.__main__ import BETWEEN, PROJECT, ROWS, Tools, rows_named

if TYPE_CHECKING:
    from collections.abc import Sequence

IMAGES = PROJECT / "docs" / "images"


def main(arguments: Sequence[str] | None = None) -> int:
    """Install what is missing, and browse.

    Returns:
        The exit code: that of pytest, or 1 if there is no browser.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument("versions", nargs="*", metavar="AIRFLOW", help="instead of the one that is installed")
    parser.add_argument("--pictures", action="store_true", help=f"renew those of {IMAGES}")
    parser.add_argument("--uv", default="uv", help="the uv program (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the environments")
    parser.add_argument("--as-of", default="", help="the day of packages where an Airflow has none")
    options = parser.parse_args(arguments)
    rows = rows_named(options.versions or [version("apache-airflow")])
    if not rows:
        parser.error(f"no such Airflow; there are {', '.join(row.airflow for row in (*ROWS, *BETWEEN))}")
    try:
        chromium()
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 1
    CACHE.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if not package.folder.exists():
            install(package, options.uv, options.as_of)
    make_importable()
    for row in rows:
        environments.install(Tools(options.uv, options.python, options.as_of), row)
    command = ["-p", "tests.browser.options", "-p", "no:cacheprovider"]
    command += [f"--airflow={row.airflow}" for row in rows]
    command += [f"--pictures={IMAGES}"] if options.pictures else []
    return pytest.main([*command, str(PROJECT / "tests/browser/journey.py")])


if __name__ == "__main__":
    sys.exit(main())
