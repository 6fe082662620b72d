"""The virtual environments with the Airflows that suffer."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.matrix.__main__ import PROJECT, Row, Tools, run
from tests.system.generations import Installation


def installation_of(airflow: str) -> Installation:
    """Return where this version of Airflow is: in this interpreter's environment, or in one beside it."""
    here = Installation(Path(sys.prefix))
    return here if here.version == airflow else Installation(PROJECT / f".venv-chaos-{airflow}")


def install(tools: Tools, row: Row) -> Installation:
    """Make or renew the environment of one Airflow, with the provider as it stands in this folder."""
    installation = installation_of(row.airflow)
    if installation.folder == Path(sys.prefix):
        return installation
    python = installation.folder / "bin" / "python"
    if not python.exists():
        run([tools.uv, "venv", "--quiet", "--python", tools.python, installation.folder])
    command: list[str | Path] = [tools.uv, "pip", "install", "--quiet", "--compile-bytecode", "--upgrade"]
    command += ["--python", python, *tools.dated(row), f"apache-airflow=={row.airflow}"]
    run([*command, "--editable", f"{PROJECT}[corpus]", "--group", f"{PROJECT / 'pyproject.toml'}:postgres"])
    return installation
