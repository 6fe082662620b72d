"""A corpus in real time: one task of a real Airflow, and Microsoft's client in a pool of threads.

The emulator has the S tier's limits, and its jobs last as recorded ones do. The DAG of mapped tasks, which
takes an hour for as many jobs, is measured in pipelines.py.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from azure.ai.textanalytics import ExtractKeyPhrasesAction, TextAnalyticsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

from airflow_provider_language.emulator.instruments.durations import Recorded
from tests.bench import throughput
from tests.bench.canned_service import DOCUMENTS
from tests.bench.tables import Cell, Table
from tests.bench.throughput import SEED, THREADS
from tests.bench.workers import Airflow

DAG_ID = "corpus_of_ours"
TEXTS = throughput.TEXTS
RUN_SECONDS = 3600.0


def _texts(documents: int) -> Iterator[str]:
    return (TEXTS[number % len(TEXTS)] for number in range(documents))


def ours(airflow: Airflow, endpoint: str, jobs: int) -> int:
    """Run a corpus as a task of a real Airflow.

    Returns:
        How many jobs' documents did not come out.
    """
    conn_id = f"corpus_{time.time_ns()}"
    airflow.connect(conn_id, endpoint, conn_type="azure_language")
    folder = airflow.folder / conn_id
    folder.mkdir()
    source = folder / "texts.jsonl"
    with source.open("w") as file:
        file.writelines(json.dumps(text) + "\n" for text in _texts(jobs * DOCUMENTS))
    conf = {"connection": conn_id, "source": str(source), "output": str(folder / "out")}
    finished = airflow.run(DAG_ID, conf, timeout=RUN_SECONDS)
    manifest = airflow.api.xcom(finished.run, "analyze")
    return jobs - int(manifest["ok"]) // DOCUMENTS


def microsofts(endpoint: str, jobs: int) -> int:
    """Run a corpus by Microsoft's client for Python, in jobs of 25 documents, in a pool of threads.

    Returns:
        How many jobs it gave up: it repeats a request three times, and then raises.
    """
    with (
        TextAnalyticsClient(endpoint, AzureKeyCredential("any")) as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        texts = _texts(jobs * DOCUMENTS)

        def is_given_up(some: list[str]) -> bool:
            try:
                poller = client.begin_analyze_actions(some, [ExtractKeyPhrasesAction()], language="en")
                return len(list(poller.result())) != len(some)
            except HttpResponseError:
                return True

        return sum(pool.map(is_given_up, (list(islice(texts, DOCUMENTS)) for _ in range(jobs))))


def measured(airflow: Airflow, documents: int) -> Table:
    """Measure both ways, one after the other, each against an emulator of its own."""
    jobs = documents // DOCUMENTS
    model = Recorded(SEED)
    least = throughput.bound(jobs, lambda number: model.of_job(number, DOCUMENTS, 1).total_seconds())
    airflow.wait_for_dag(DAG_ID)
    ways = {
        "ours, one task of a real Airflow": lambda endpoint, jobs: ours(airflow, endpoint, jobs),
        f"Microsoft's client for Python, {THREADS} threads": microsofts,
    }
    rows: list[list[Cell]] = []
    for name, way in ways.items():
        run = throughput.run(way, jobs)
        requests = (run.submissions + run.looks) / jobs
        rows.append([name, requests, run.seconds / least, run.seconds, run.refusals, run.given_up])
    return Table(
        f"{documents} documents, {jobs} jobs (S tier, recorded durations, real time)",
        ("way", "requests per job", "time / bound", "time (s)", "429", "jobs given up"),
        rows,
        (f"The bound is {least:.1f} s and 2 requests per job; the time is from first to last request.",),
    )
