"""Memory of a corpus of a million documents: what the worker's process grows by, and the triggerer's.

The source is a file, and the stub of the service answers at once. Each size runs in a process of its own,
which has imported Airflow and the operator and run a corpus of one job before; its growth is its peak over
what it held then.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from tests.bench import canned_service
from tests.bench.canned_service import DOCUMENTS, JOB
from tests.bench.corpus import ROWS, analyze, write
from tests.bench.tables import Cell, Table

MOST_IN_WORKER = 80.0
MOST_WITH_TABLES = 180.0
MOST_IN_TRIGGERER = 15.0
"""MB that a million documents may take."""
WAITED_FOR = 300
"""Jobs that the trigger of a corpus waits for: as many as the operator hands it."""


def grown(documents: int, format_: str) -> float:
    """MB that the process of a worker grows by while it works through a corpus, with such tables or none."""
    with canned_service.running(1) as endpoint, tempfile.TemporaryDirectory() as name:
        source = Path(name) / "corpus.jsonl"
        write(source, documents)
        return _told_by("worker", name, endpoint, str(documents), format_)


def grown_by_trigger(jobs: int) -> float:
    """MB that a process grows by that runs the trigger of a corpus."""
    with canned_service.running(1) as endpoint:
        return _told_by("triggerer", endpoint, str(jobs))


def _told_by(*arguments: str) -> float:
    command = [sys.executable, "-m", "tests.bench.corpus_memory", *arguments]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(told.split()[-1])


def measured(*sizes: int) -> Table:
    """Measure corpora of these sizes, and a trigger."""
    rows: list[list[Cell]] = [["worker", f"{size} documents", grown(size, "")] for size in sizes]
    rows.extend(["worker", f"{size} documents, tables in Parquet", grown(size, "parquet")] for size in sizes)
    rows.append(["triggerer", f"{WAITED_FOR} jobs that are waited for", grown_by_trigger(WAITED_FOR)])
    return Table(
        "Peak memory of a corpus over the process before it",
        ("process", "with", "MB"),
        rows,
        (
            f"A million documents are to keep within {MOST_IN_WORKER:.0f} MB in the worker, "
            f"{MOST_WITH_TABLES:.0f} with tables in Parquet, and {MOST_IN_TRIGGERER:.0f} in the triggerer.",
        ),
    )


def peak() -> float:
    """MB that this process has held at most."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _work(folder: str, endpoint: str, documents: str, format_: str = "") -> float:
    few = Path(folder) / "few.jsonl"
    write(few, DOCUMENTS)
    analyze(Path(folder), few, endpoint, 1, ROWS)
    reset_peak()
    before = peak()
    manifest = analyze(Path(folder), Path(folder) / "corpus.jsonl", endpoint, 1, {} if format_ else ROWS)
    if manifest["ok"] != int(documents):
        raise RuntimeError(f"{manifest} of {documents} documents")
    return peak() - before


def _wait(endpoint: str, jobs: str) -> float:
    from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger

    extra = json.dumps({"requests_per_minute": 10**9})
    connection = {"conn_type": "azure_language", "host": endpoint, "password": "any", "extra": extra}

    async def events(count: int) -> None:
        locations = [
            f"{endpoint}{canned_service.PATH}/{JOB[:-6]}{number:06}?api-version=2026-05-01"
            for number in range(count)
        ]
        trigger = AnalyzeJobTrigger(locations, "memory")
        async for _ in trigger.run():
            return

    with patch.dict(os.environ, {"AIRFLOW_CONN_MEMORY": json.dumps(connection)}):
        asyncio.run(events(1))
        reset_peak()
        before = peak()
        asyncio.run(events(int(jobs)))
    return peak() - before


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(_work(*sys.argv[2:]) if sys.argv[1] == "worker" else _wait(*sys.argv[2:]))
