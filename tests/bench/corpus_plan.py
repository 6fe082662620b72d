"""The command ``plan`` over a corpus of a million documents: CPU time, and memory over the bare interpreter.

Each size runs in a process of its own, which imports what the command imports and nothing else.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.corpus import write
from tests.bench.tables import Cell, Table

MOST_CPU = 15.0
"""Seconds that a million documents of one KB may take."""
MOST_MEMORY = 100.0
"""MB over the interpreter that they may take."""

_PROGRAM = """
import pathlib, sys, time
def peak():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
before = peak()
from airflow_provider_language.__main__ import main
code = main(sys.argv[1:])
print(code, time.process_time(), peak() - before)
"""


def planned(documents: int) -> tuple[float, float]:
    """Seconds of CPU, and MB over the interpreter, for the plan of a corpus with one task."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "corpus.jsonl"
        write(source, documents)
        command = [sys.executable, "-c", _PROGRAM, "plan", str(source), "--tasks", "SentimentAnalysis"]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    code, seconds, grown = told.split()
    if code != "0":
        raise RuntimeError(f"the plan of {documents} documents ended with {code}")
    return float(seconds), float(grown)


def measured(*sizes: int) -> Table:
    """Measure plans of corpora of these sizes."""
    rows: list[list[Cell]] = [[f"{size} documents", *planned(size)] for size in sizes]
    return Table(
        "The command plan over JSON lines of 1 KB",
        ("corpus", "CPU, s", "MB over the interpreter"),
        rows,
        (f"A million documents are to keep within {MOST_CPU:.0f} s and {MOST_MEMORY:.0f} MB.",),
    )
