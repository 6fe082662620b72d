"""Peak memory of FetchAnalyzeResultsOperator over that of one job: a process for each number of jobs.

A stub answers from memory; its jobs have the results of four tasks on 25 documents, 161 KB of JSON each.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import canned_service
from tests.bench.canned_service import PATH
from tests.bench.tables import Table

TASKS = 4


def measured(*jobs: int) -> Table:
    """Fetch so many jobs into one file, each time in a process of its own.

    Args:
        jobs: how many; the first number is what the others are held against.
    """
    with canned_service.running(TASKS) as endpoint, TemporaryDirectory() as folder:
        found = [(number, *_fetched(endpoint, number, folder)) for number in jobs]
    least = found[0][2]
    return Table(
        "Memory of fetching (peak of the process, one file for all jobs)",
        ("jobs", "file (MB)", "peak (MB)", "over one job (MB)"),
        [[number, size, peak, peak - least] for number, size, peak in found],
    )


def _fetched(endpoint: str, jobs: int, folder: str) -> tuple[float, float]:
    connection = {
        "conn_type": "azure_language",
        "host": endpoint,
        "password": "any",
        # The stub has no limit, and time is not what is measured.
        "extra": {"requests_per_minute": 10_000_000},
    }
    done = subprocess.run(
        [sys.executable, "-m", __name__, endpoint, str(jobs), folder],
        env={**os.environ, "AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT": json.dumps(connection)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    size, peak = map(float, done.stdout.split()[-2:])
    return size, peak


def _fetch(endpoint: str, jobs: int, folder: str) -> None:
    from airflow_provider_language.operators.analyze import FetchAnalyzeResultsOperator
    from tests.airflow_stands import context_of

    locations = [f"{endpoint}{PATH}/job-{number}?api-version=2026-05-01" for number in range(jobs)]
    output = Path(folder) / f"{jobs}.jsonl"
    operator = FetchAnalyzeResultsOperator(
        task_id="fetch", operation_location=locations, output_path=str(output)
    )
    operator.execute(context_of())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(output.stat().st_size / 1e6, peak)


if __name__ == "__main__":
    _fetch(sys.argv[1], int(sys.argv[2]), sys.argv[3])
