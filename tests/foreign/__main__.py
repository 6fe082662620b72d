"""Installs the foreign packages that are not there yet; those of npm only where npm is."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.foreign.packages import CACHE, PACKAGES, Package, Registry


def command(package: Package, target: Path, uv: str, as_of: str) -> list[str]:
    """Return what installs a package with all that it needs into an empty folder."""
    if package.registry is Registry.NPM:
        dated = ["--before", as_of] if as_of else []
        quiet = ["--silent", "--no-audit", "--no-fund"]
        return [
            "npm",
            "install",
            *quiet,
            *dated,
            "--prefix",
            str(target),
            f"{package.name}@{package.version}",
        ]
    dated = ["--exclude-newer", as_of] if as_of else []
    interpreter = ["--python", sys.executable, "--target", str(target)]
    wanted = [f"{package.name}=={package.version}", *package.along]
    alone = [] if package.has_needs else ["--no-deps"]
    return [uv, "pip", "install", "--quiet", *interpreter, *dated, *alone, *wanted]


def install(package: Package, uv: str, as_of: str) -> None:
    """Install a package whole or not at all.

    Raises:
        subprocess.CalledProcessError: it cannot be had.
    """
    print(f"Installing {package.name} {package.version}", flush=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        target = Path(temporary) / "new"
        target.mkdir()
        subprocess.run(command(package, target, uv, as_of), check=True)
        target.rename(CACHE / package.title)


def main() -> None:
    """Install what is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.foreign", description=__doc__)
    parser.add_argument("--uv", default="uv", help="the uv program (default: %(default)s)")
    parser.add_argument("--as-of", default="", help="packages published after this day are not seen")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        possible = package.registry is not Registry.NPM or shutil.which("npm")
        if possible and not package.folder.exists():
            install(package, options.uv, options.as_of)


if __name__ == "__main__":
    main()
