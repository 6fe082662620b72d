"""A corpus that was analyzed before: CPU and memory of the next run over it, and how many jobs it takes.

The second run is in a process of its own, which has imported Airflow and the operator and run a corpus of one
job before; its CPU time and its growth in memory are told from there on. The documents of one job have
changed, since the stub of the service knows jobs of one size.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import canned_service
from tests.bench.canned_service import DOCUMENTS
from tests.bench.corpus import ROWS, analyze, write
from tests.bench.corpus_memory import peak, reset_peak
from tests.bench.tables import Cell, Table

MOST_SECONDS = {"new": 15.0, "complete": 60.0}
"""Of CPU that a second run over a million documents may take, by which rows it has."""
MOST_MEMORY = 150.0
"""MB that it may take, where it has rows of new documents alone."""
LEDGER: dict[str, Any] = {**ROWS, "ledger": True}


def measured(documents: int) -> Table:
    """Measure a first run over so many documents of one KB, and the runs after it."""
    rows: list[list[Cell]] = []
    with canned_service.running(1) as endpoint, tempfile.TemporaryDirectory() as name:
        source = Path(name) / "corpus.jsonl"
        write(source, documents)
        rows.append(["first", *_told_by(name, endpoint, "new")])
        for asked in MOST_SECONDS:
            write(source, documents, changed=range(DOCUMENTS))
            rows.append([f"second, rows={asked!r}", *_told_by(name, endpoint, asked)])
    return Table(
        f"{documents} documents of 1 KB, again",
        ("run", "jobs", "rows", "CPU s", "MB"),
        rows,
        (
            f"A second run over a million is to keep within {MOST_SECONDS['new']:.0f} CPU seconds and "
            f"{MOST_MEMORY:.0f} MB with rows of new documents, and within {MOST_SECONDS['complete']:.0f} CPU "
            "seconds with all rows.",
        ),
    )


def _told_by(*arguments: str) -> list[Cell]:
    command = [sys.executable, "-m", "tests.bench.corpus_again", *arguments]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    jobs, rows, seconds, megabytes = told.split()[-4:]
    return [int(jobs), int(rows), float(seconds), float(megabytes)]


def _work(folder: str, endpoint: str, rows: str) -> str:
    few = Path(folder) / "few.jsonl"
    write(few, DOCUMENTS)
    analyze(Path(folder, "few"), few, endpoint, 1, ROWS)
    reset_peak()
    before, began = peak(), time.process_time()
    asked = {**LEDGER, "rows": rows}
    manifest = analyze(Path(folder), Path(folder) / "corpus.jsonl", endpoint, 1, asked)
    seconds = time.process_time() - began
    return f"{manifest['jobs']} {manifest['rows']} {seconds:.2f} {peak() - before:.1f}"


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(_work(*sys.argv[1:]))
