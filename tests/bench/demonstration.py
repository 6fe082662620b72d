"""The demonstration on a few thousand texts: how long its DAG run takes, and what CPU all processes take.

A real Airflow with SQLite and the emulator, whose jobs take 14 s each, as `make demo` starts them.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.bench.tables import Table
from tests.system.demo import JOB_SECONDS, demonstrate

TEXTS = (
    "The room was clean, and Maria at the desk was very friendly.",
    "We waited an hour for breakfast, and the coffee was cold.",
    "A short walk to the Louvre; we would come again.",
)


def measured(documents: int) -> Table:
    """Run the demonstration once.

    Raises:
        DemoError: it failed.
        RuntimeError: documents are missing.
    """
    with tempfile.TemporaryDirectory(prefix="airflow-bench-") as name:
        folder = Path(name)
        source = folder / "texts.jsonl"
        with source.open("w") as file:
            for number in range(documents):
                file.write(json.dumps({"id": f"review-{number}", "text": TEXTS[number % len(TEXTS)]}) + "\n")
        seen = demonstrate(
            home=folder / "airflow", output=folder / "out", documents=source, say=lambda _: None
        )
    if len(seen.findings.documents) != documents:
        raise RuntimeError(f"{len(seen.findings.documents)} of {documents} documents came out")
    return Table(
        f"The demonstration with {documents} short texts and jobs of {JOB_SECONDS} s, from the start of its "
        "DAG run to its end",
        ("documents", "jobs", "seconds", "CPU seconds of all processes"),
        [[documents, seen.manifest["jobs"], seen.changes[-1].seconds, seen.cpu]],
    )
