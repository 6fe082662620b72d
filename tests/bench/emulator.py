"""Measures the emulator as a process of its own: ``python -m tests.bench.emulator [--short]``.

It is held on one core where the system can do that, and this program on the others. Documents times kinds per
second are told by the clock on the wall, which other programs slow down, and by the emulator's own CPU time,
which they hardly do. Ends with 1 if a cost grows faster than its text.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import psutil
import requests

from tests.bench import growth
from tests.bench.tables import Cell, Table
from tests.bench.workload import KINDS, SIZE, Job, jobs

_ENDED = {"succeeded", "partiallyCompleted", "failed", "cancelled"}
_MANY = 1_000


class Emulator:
    """The emulator as a process of its own, on one core.

    Args:
        process: The process.
        endpoint: Where it listens.
    """

    def __init__(self, process: psutil.Process, endpoint: str) -> None:
        self._process = process
        self._endpoint = endpoint
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Ocp-Apim-Subscription-Key"] = "any"

    def run(self, work: Sequence[Job]) -> None:
        """Submit all jobs, then fetch the results of each.

        Raises:
            RuntimeError: A job does not succeed, or does not have all results.
        """
        places = [self._submit(job) for job in work]
        for job, place in zip(work, places, strict=True):
            found = sum(_results(item) for item in self._finished(place)["tasks"]["items"])
            if found != job.results:
                raise RuntimeError(f"{found} results instead of {job.results}")

    def _submit(self, job: Job) -> str:
        response = self._session.post(self._endpoint + job.path, json=job.body, timeout=60)
        if response.status_code != requests.codes.accepted:
            raise RuntimeError(response.text)
        return response.headers["operation-location"]

    def _finished(self, place: str) -> dict[str, Any]:
        while True:
            # Texts come by pages of 20 unless more are asked for.
            state: dict[str, Any] = self._session.get(f"{place}&top=25", timeout=60).json()
            if state["status"] == "succeeded":
                return state
            if state["status"] in _ENDED:
                raise RuntimeError(str(state["errors"]))

    def cpu_seconds(self) -> float:
        """Return what all its threads have used so far."""
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def megabytes(self) -> float:
        """Return its resident memory."""
        return float(self._process.memory_info().rss) / 1e6


def _results(item: dict[str, Any]) -> int:
    results = item["results"]
    return len(results.get("documents") or results.get("conversations") or ())


@contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    """Run on some cores; what is started meanwhile stays there."""
    if not hasattr(os, "sched_setaffinity") or not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _cores() -> tuple[set[int], set[int]]:
    """Return the emulator's core and those of this program."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    first, *others = sorted(os.sched_getaffinity(0))
    return {first}, set(others) or {first}


@contextmanager
def _started(cores: set[int]) -> Iterator[Emulator]:
    command = [sys.executable, "-m", "airflow_provider_language.emulator", "--port", "0", "--duration", "0"]
    with _on(cores):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        told = process.stdout.readline() if process.stdout else ""
        if "http://" not in told:
            raise RuntimeError("the emulator did not start")
        yield Emulator(psutil.Process(process.pid), told.split()[-1])
    finally:
        process.terminate()
        process.communicate()


def measure(*, short: bool) -> Iterator[Table]:
    """Measure the emulator over HTTP.

    Args:
        short: Whether three documents of each kind have to do instead of 25, and a tenth of the results.
    """
    inputs, many, least = (3, _MANY // 10, 0.1) if short else (25, _MANY, 0.5)
    own, others = _cores()
    begun = time.monotonic()
    with _started(own) as emulator, _on(others):
        rows: list[tuple[Cell, ...]] = [("start", time.monotonic() - begun, "s")]
        rows.append(("memory, idle", emulator.megabytes(), "MB"))
        first = {kind: _spent(emulator, jobs([kind], 1))[0] for kind in KINDS}
        rows.append(("memory, all kinds loaded", emulator.megabytes(), "MB"))
        done = 0
        wall = cpu = 0.0
        seeds = count(1, inputs)
        while done < many:
            everything = jobs(KINDS, inputs, next(seeds))
            seconds = _spent(emulator, everything)
            wall, cpu = wall + seconds[0], cpu + seconds[1]
            done += sum(job.results for job in everything)
        rows.append((f"memory, {done} results later", emulator.megabytes(), "MB"))
        rows.append(("all kinds together", done / wall, "documents x kinds per second"))
        rows.append(("all kinds together", done / cpu, "documents x kinds per CPU second"))
        yield Table(f"The emulator on one core, documents of {SIZE} characters", ("", "", "unit"), rows)
        yield Table(
            "Each kind",
            ("kind", "first result, s", "documents per CPU second"),
            [(kind, first[kind], _rate(emulator, kind, inputs, least, seeds)) for kind in KINDS],
            ["The first result includes the loading of what the kind needs, unless another kind needed it."],
        )


def grown(*, short: bool) -> tuple[Table, bool]:
    """Measure how costs grow; also says whether all of them grow with their texts and no faster."""
    found = list(growth.measure(short=short))
    table = Table(
        "CPU time for twice the text",
        ("of", "times", "s"),
        [(each.name, each.ratio, each.seconds) for each in found],
        [f"2 is linear, 4 quadratic; {growth.MOST:g} is too much."],
    )
    return table, all(each.ratio < growth.MOST for each in found)


def _rate(emulator: Emulator, kind: str, inputs: int, least: float, seeds: Iterator[int]) -> float:
    """Return results per CPU second of the emulator, over so many of these at least: its clock has ticks."""
    done = 0
    cpu = 0.0
    while cpu < least:
        work = jobs([kind], inputs, next(seeds))
        cpu += _spent(emulator, work)[1]
        done += sum(job.results for job in work)
    return done / cpu


def _spent(emulator: Emulator, work: Sequence[Job]) -> tuple[float, float]:
    """Return the seconds of some jobs on the wall's clock and of the emulator's CPU time."""
    wall, cpu = time.monotonic(), emulator.cpu_seconds()
    emulator.run(work)
    return time.monotonic() - wall, emulator.cpu_seconds() - cpu


def main(arguments: Sequence[str] | None = None) -> int:
    """Print all tables; return 1 if a cost grows faster than its text, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.emulator", description=__doc__)
    parser.add_argument("--short", action="store_true", help="end in half a minute; the figures are rough")
    short = parser.parse_args(arguments).short
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}\n")
    for table in measure(short=short):
        print(table, flush=True)
    table, is_linear = grown(short=short)
    print(table)
    return 0 if is_linear else 1


if __name__ == "__main__":
    sys.exit(main())
