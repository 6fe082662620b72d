"""CPU and memory of a corpus in one task: files read, packed, submitted, collected, landed, with a digest.

The stub of the service answers at once, and looks come as fast as the answers do. Only the client's own CPU
time counts, that of its threads among it; nothing is subtracted, so the begin and the end of a run count,
too. The peer, bare requests with json both ways, takes turns with ours in the same process and against the
same stub, and the median of the turns' ratios is told: how fast the machine is may change from one to the
next.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import tempfile
import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import aiohttp

from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from tests.airflow_stands import HURRIED, TaskInstance, context_of
from tests.bench import canned_service
from tests.bench.canned_service import DOCUMENTS, FINDINGS
from tests.bench.job_costs import TASKS, bare, submission_of
from tests.bench.tables import Cell, Table
from tests.bench.workload import text

if TYPE_CHECKING:
    from airflow_provider_language.hooks.language import LanguageHook

KEY = "c0ffee" * 8
AT_ONCE = 200
"""Jobs that are under way, and submissions, so that the client works and does not wait for its journal."""


ROWS: dict[str, Any] = {"tables_format": None, "report": False}
"""What is asked of the operator where its rows alone are measured."""
WAYS: dict[str, dict[str, Any]] = {
    "ours, from file to part": ROWS,
    "ours, with tables in Parquet": {"report": False},
    "ours, with tables and report": {},
}


class Hurried(AnalyzeCorpusOperator):
    """Looks as fast as the answers come."""

    def _hooks(self) -> list[LanguageHook]:
        hooks = super()._hooks()
        for hook in hooks:
            hook.settings = replace(hook.settings, pace=HURRIED)
        return hooks


def write(path: Path, documents: int, changed: Collection[int] = ()) -> None:
    """Write a corpus of texts of one KB, no two of them equal; some may be others than before."""
    texts = [text(seed) for seed in range(DOCUMENTS)]
    with path.open("w") as file:
        for number in range(documents):
            told = f"{number + documents * (number in changed):08}{texts[number % DOCUMENTS][8:]}"
            file.write(json.dumps({"id": f"review-{number}", "text": told}) + "\n")


def analyze(folder: Path, source: Path, endpoint: str, tasks: int, asked: dict[str, Any]) -> dict[str, Any]:
    """Run the operator once, in a folder of its own; what is asked of it stands beside the rest."""
    extra = json.dumps({"requests_per_minute": 10**9})
    connection = {"conn_type": "azure_language", "host": endpoint, "password": "any", "extra": extra}
    said = {
        "AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT": json.dumps(connection),
        "AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY": KEY,
    }
    with patch.dict(os.environ, said):
        operator = Hurried(
            task_id="corpus",
            source=str(source),
            tasks=list(FINDINGS)[:tasks],
            destination=str(folder / "out"),
            language="en",
            **{"ledger": False, **asked},
            max_active_jobs=AT_ONCE,
            max_unknown=AT_ONCE,
        )
        return operator.execute(context_of(TaskInstance(run_id=str(time.time_ns()))))


async def _bare(endpoint: str, tasks: int, jobs: int) -> None:
    async with aiohttp.ClientSession() as session:
        await bare(session, endpoint, submission_of(tasks), jobs)


def _turn(folder: Path, source: Path, endpoint: str, tasks: int, documents: int) -> list[float]:
    """Seconds of CPU of each way: the bare requests first."""
    begun = time.process_time()
    asyncio.run(_bare(endpoint, tasks, documents // DOCUMENTS))
    took = [time.process_time() - begun]
    for asked in WAYS.values():
        begun = time.process_time()
        manifest = analyze(folder, source, endpoint, tasks, asked)
        took.append(time.process_time() - begun)
        if manifest["ok"] != documents * tasks:
            raise RuntimeError(f"{manifest} of {documents} documents")
    return took


def measured(documents: int, turns: int) -> Table:
    """Measure a corpus with one task and with four.

    Args:
        documents: of one KB, in each turn.
        turns: of each way, after one that is not counted.
    """
    jobs = documents // DOCUMENTS
    rows: list[list[Cell]] = []
    for tasks in TASKS:
        with canned_service.running(tasks) as endpoint, tempfile.TemporaryDirectory() as name:
            source = Path(name) / "corpus.jsonl"
            write(source, documents)
            spent = [_turn(Path(name), source, endpoint, tasks, documents) for _ in range(turns + 1)][1:]
        for place, way in enumerate(["bare aiohttp, json both ways", *WAYS]):
            of_job = 1000 * median(took[place] for took in spent) / jobs
            rows.append([tasks, way, of_job, median(took[place] / took[0] for took in spent)])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Table(
        f"CPU of a job of {DOCUMENTS} documents within a corpus of {documents} (median of {turns}); "
        f"peak memory of the process {peak:.0f} MB",
        ("tasks", "way", "CPU per job (ms)", "over the bare requests"),
        rows,
    )
