"""Many jobs through one resource: requests per job, and time against what the rate limit allows.

The emulator is a process of its own, with the S tier's limits and the recorded durations. Each way submits
the same jobs, waits for them and reads their results; its requests are counted by the emulator.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from azure.ai.textanalytics import ExtractKeyPhrasesAction, TextAnalyticsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

from airflow_provider_language.emulator.instruments.durations import quantile
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.jobs.origins import Origin
from tests.bench.tables import Cell, Table

TEXTS = ["The coffee was great.", "The grinder is loud.", "The courier was late."]
PER_MINUTE = 1000
SEED = 0
MINUTE = 60.0
THREADS = 64
"""Of the pool that drives Microsoft's client."""


_REFUSED = 429
_FIRST = timedelta(seconds=5)


@dataclass(frozen=True)
class Run:
    """What one way of running jobs came to.

    Args:
        seconds: from the first submission to the last result, by the emulator's clock.
        submissions, looks, refusals: how many requests of each kind the emulator counted; refusals are 429.
        late_refusals: those that came later than five seconds after the begin.
        given_up: jobs whose results were not read.
    """

    seconds: float
    submissions: int
    looks: int
    refusals: int
    late_refusals: int
    given_up: int


@contextmanager
def emulator() -> Iterator[str]:
    """An emulator on a free port; yields its endpoint."""
    command = [sys.executable, "-m", "airflow_provider_language.emulator", "--port", "0"]
    options = ["--duration", "recorded", "--tier", "S", "--seed", str(SEED), "--journal", "1000000"]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        told = process.stdout.readline() if process.stdout else ""
        if "http://" not in told:
            raise RuntimeError("the emulator did not start")
        yield told.split()[-1]
    finally:
        process.terminate()
        process.communicate()


def bound(jobs: int, duration: Callable[[int], float] | None = None) -> float:
    """The least seconds in which the limits let so many jobs be submitted and be seen ended.

    Each job takes one submission and one look, and neither takes time; a request that is one too many for a
    minute waits for the one that is a whole minute's worth before it.

    Args:
        jobs: how many.
        duration: how long the how manyth job takes; as :func:`duration_of` by default.
    """
    lasts = duration or duration_of
    ends = sorted(MINUTE * (number // PER_MINUTE) + lasts(number) for number in range(jobs))
    looks: deque[float] = deque(maxlen=PER_MINUTE)
    for end in ends:
        room = looks[0] + MINUTE if len(looks) == PER_MINUTE else 0.0
        looks.append(max(end, room))
    return looks[-1]


def duration_of(number: int) -> float:
    """How long the emulator's how manyth job takes, by its seed."""
    share = random.Random(f"{SEED}:{number}").random()  # noqa: S311 - as the emulator draws
    return quantile(share)


def ours(endpoint: str, jobs: int) -> int:
    """Submit, wait for and collect all jobs in one event loop, with everything decided by the provider.

    Returns:
        How many jobs it gave up: none, or it raises.
    """
    os.environ["AIRFLOW_CONN_BENCH"] = json.dumps(
        {"conn_type": "azure_language", "host": endpoint, "password": "any"}
    )
    asyncio.run(_ours("bench", jobs))
    return 0


async def _ours(conn_id: str, jobs: int) -> None:
    async with LanguageHook(conn_id).player() as player:
        settings = Settings(resource=player.resource)
        submission = LanguageHook(conn_id).submission(TEXTS, ["KeyPhraseExtraction"], language="en")

        async def one() -> None:
            handle = await player.play(flows.submit(submission, settings))
            origin = Origin(time.time(), len(TEXTS))
            rows = await player.play(flows.collect(handle, settings, origin=origin))
            _require(len(rows))

        await asyncio.gather(*(one() for _ in range(jobs)))


def microsofts(endpoint: str, jobs: int) -> int:
    """Run all jobs with Microsoft's client for Python, as its documentation does, in a pool of threads.

    Returns:
        How many jobs it gave up: it repeats a request three times, and then raises.
    """
    with (
        TextAnalyticsClient(endpoint, AzureKeyCredential("any")) as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):

        def is_given_up(_: int) -> bool:
            try:
                poller = client.begin_analyze_actions(TEXTS, [ExtractKeyPhrasesAction()], language="en")
                _require(len(list(poller.result())))
            except HttpResponseError:
                return True
            return False

        return sum(pool.map(is_given_up, range(jobs)))


def _require(found: int) -> None:
    if found != len(TEXTS):
        raise RuntimeError(f"{found} results instead of {len(TEXTS)}")


def run(way: Callable[[str, int], int], jobs: int) -> Run:
    """Run jobs in one way, against an emulator of its own."""
    with emulator() as endpoint:
        return _counted(endpoint, way(endpoint, jobs))


def _counted(endpoint: str, given_up: int) -> Run:
    answer = requests.get(f"{endpoint}/_emulator/journal", timeout=60).json()
    if answer["forgotten"]:
        raise RuntimeError("the emulator's journal is too short")
    operations = answer["summary"]["operations"]
    times = [datetime.fromisoformat(one["at"]) for one in answer["entries"]]
    refused = [
        at - times[0] for at, one in zip(times, answer["entries"], strict=True) if one["status"] == _REFUSED
    ]
    return Run(
        seconds=(times[-1] - times[0]).total_seconds(),
        submissions=operations["submit"]["requests"],
        looks=operations["status"]["requests"],
        refusals=len(refused),
        late_refusals=sum(since > _FIRST for since in refused),
        given_up=given_up,
    )


def measured(jobs: int) -> Table:
    """Measure all ways with so many jobs."""
    least = bound(jobs)
    rows = [_row(name, run(way, jobs), jobs, least) for name, way in WAYS.items()]
    return Table(
        f"{jobs} jobs through one resource of the S tier (emulator, recorded durations)",
        ("way", "requests per job", "time / bound", "time (s)", "429", "429 after 5 s", "jobs given up"),
        rows,
        (
            f"The bound is {least:.1f} s and 2 requests per job; both take the limits of each operation "
            "for all that there is.",
        ),
    )


WAYS: dict[str, Callable[[str, int], int]] = {
    "ours, one event loop": ours,
    f"Microsoft's client for Python, {THREADS} threads": microsofts,
}


def _row(name: str, run: Run, jobs: int, least: float) -> list[Cell]:
    requests_per_job = (run.submissions + run.looks) / jobs
    return [
        name,
        round(requests_per_job, 3),
        round(run.seconds / least, 3),
        round(run.seconds, 1),
        run.refusals,
        run.late_refusals,
        run.given_up,
    ]
