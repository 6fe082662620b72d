"""Makes the site of the documentation: ``python -m tests.site.building``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.foreign.packages import PACKAGES, PROJECT

GENERATOR = next(package for package in PACKAGES if package.name == "zensical")
SITE = PROJECT / "build" / "site"


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site strictly, in ``build/site`` below a folder: a broken link or anchor fails it.

    Args:
        folder: an empty one, since the generator takes ``.cache`` beside ``mkdocs.yml`` for its own.
    """
    # Links would lead the generator back to the project.
    shutil.copy(PROJECT / "mkdocs.yml", folder)
    shutil.copytree(PROJECT / "docs", folder / "docs")
    # The page of the examples shows them.
    shutil.copytree(PROJECT / "dags", folder / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "airflow_provider_language").symlink_to(PROJECT / "airflow_provider_language")
    (folder / "build").mkdir()
    # Of its own folder and the standard library alone: nothing of the environment that runs this.
    program = (
        f"import runpy, sys; sys.path.insert(0, {str(GENERATOR.folder)!r});"
        "sys.argv = ['zensical', 'build', '--strict']; runpy.run_module('zensical', run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-S", "-c", program],
        check=False,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        capture_output=True,
        text=True,
        timeout=300,
    )


def main() -> int:
    """Build it, and show what the generator says."""
    with tempfile.TemporaryDirectory() as temporary:
        built = build(Path(temporary))
        sys.stdout.write(built.stdout)
        sys.stderr.write(built.stderr)
        if built.returncode == 0:
            shutil.rmtree(SITE, ignore_errors=True)
            shutil.copytree(Path(temporary) / "build" / "site", SITE)
    return built.returncode


if __name__ == "__main__":
    sys.exit(main())
