"""All DAGs run once, in one process with a fresh Airflow database; the tests look at what came of it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.emulator import Emulator
from tests.airflow_stands import CANARY, KEY
from tests.dags import small_dags
from tests.dags.first_screen import detect, first_screens

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLES = PROJECT / "dags"
EXAMPLE = EXAMPLES / "analyze_reviews.py"
LOADER = "load_tables"
ASKER = "plan_approve_analyze"
SIGNER = "inspect_approve_redact"
"""These wait for a person, so that their tasks are tested one by one."""
OTHER_EXAMPLES = sorted(
    file.stem for file in EXAMPLES.glob("*.py") if file.stem not in (EXAMPLE.stem, LOADER, ASKER, SIGNER)
)
"""Run with their own data, as a visitor runs them."""
SIGNATURE = "SIGNATURE-that-nobody-else-may-see"
SAS = f"sv=2026-01-01&sp=rwl&sig={SIGNATURE}"
TABLES = "tables.db"
"""The database, in AIRFLOW_HOME, that tables are loaded into."""
STORES_FIRST = version("apache-airflow").startswith(("2.", "3.0."))
"""Whether an asset is to be stored with its DAG, as a scheduler does, before its event is told (2.11), or a
task runs that gives it out (3.0)."""
PATIENCE = 600
"""Seconds for all runs on a machine that others load."""
DOCUMENTS = 60
"""So many that the service needs three jobs for them."""


@dataclass(frozen=True)
class Finished:
    """What is left when all DAGs have run.

    Attributes:
        runs: the state of each run and its tasks, by the DAG's name.
        home: AIRFLOW_HOME.
        output: where the DAGs have written their results.
        log: what the process wrote.
        emulator: with its journal.
        blobs: what stands for the storage accounts of the cloud.
    """

    runs: dict[str, Any]
    home: Path
    output: Path
    log: str
    emulator: Emulator
    blobs: Path

    def rows(self, pattern: str) -> list[dict[str, Any]]:
        """The rows of the result files with such a name, file by file."""
        files = sorted(self.output.glob(pattern))
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    def tasks(self) -> list[tuple[str, str, int]]:
        """Every task of every run: the DAG, the task, and its place where it is mapped."""
        return [(dag, task, index) for dag, run in self.runs.items() for task, index, _ in run["tasks"]]

    def table(self, name: str, database: str = "airflow.db") -> list[dict[str, Any]]:
        """The content of a table of Airflow's database, or of another one."""
        with sqlite3.connect(self.home / database) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - the name is ours
        connection.close()
        return [dict(row) for row in found]


def _environment(home: Path, emulator: Emulator) -> dict[str, str]:
    connection = {"conn_type": "azure_language", "host": emulator.endpoint, "password": KEY}
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT": json.dumps(connection),
        "AIRFLOW_CONN_TABLES": json.dumps({"conn_type": "sqlite", "host": str(home / TABLES)}),
        "AIRFLOW_VAR_BLOB_SAS": SAS,
        "PYTHONPATH": str(PROJECT),
    }


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=PROJECT,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout[-8000:]
    return done.stdout


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    folder = tmp_path_factory.mktemp("my dags")
    home, output, documents = folder / "home", folder / "output", folder / "documents.jsonl"
    texts = ({"id": f"d{number}", "text": f"{CANARY} {number}."} for number in range(DOCUMENTS))
    documents.write_text("".join(json.dumps(text) + "\n" for text in texts))
    conf = {"output": output.as_uri()}
    shutil.copytree(EXAMPLES, home / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(small_dags.__file__, home / "dags")
    asked = {
        "folder": str(home / "dags"),
        "runs": [
            (EXAMPLE.stem, {**conf, "documents": str(documents)}),
            *((name, conf) for name in ("owned", "mapped", "from_tasks")),
            *((name, {}) for name in first_screens(home / "dags", folder)),
            *((name, {"output": f"{output.as_uri()}/{name}"}) for name in OTHER_EXAMPLES),
            # After the others, whose results it loads, and once more, as a clear would; it decodes no URL.
            *[(LOADER, {"analyzed": f"file://{output}/analyze_corpus"})] * 2,
        ],
    }
    blobs = shutil.copytree(EXAMPLES / "data" / "blobs", folder / "blobs")
    with Emulator(key=KEY, duration=1, detect_language=detect, blobs=blobs) as emulator:
        environment = _environment(home, emulator)
        _run([sys.executable, "-m", "airflow", "db", "migrate"], environment)
        if STORES_FIRST:
            _run([sys.executable, "-m", "airflow", "dags", "reserialize"], environment)
        log = _run([sys.executable, "-m", "tests.dags.run_dags", json.dumps(asked)], environment)
        runs = json.loads(log.splitlines()[-1])
        yield Finished(runs, home, output, log, emulator, blobs)
