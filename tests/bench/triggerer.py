"""One event loop with many waiting jobs, as a triggerer has it: CPU, memory, looks, and stalls of the loop.

A server in a process of its own says of every job that it runs. Triggers run as a triggerer runs them, as
tasks of one loop, in a fresh process for each count; so do the bare requests that they are compared with.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module

import aiohttp
import psutil
from aiohttp import web

from airflow_provider_language.hooks.wires import AT_ONCE
from tests.bench.tables import Cell, Table

COUNTS = (100, 1_000, 10_000)
INTERVAL = 5.0
"""Seconds between looks where the CPU of a look is compared with that of a bare request."""

_GLANCE = 0.01  # Seconds between two questions of how late the loop is.
_WARM_UP = 5.0  # Seconds for imports, the first look-up, and the first looks.
_PATH = "/language/analyze-text/jobs"
_RUNNING = {
    "status": "running",
    "createdDateTime": "2026-11-21T12:00:00Z",
    "lastUpdatedDateTime": "2026-11-21T12:00:01Z",
    "tasks": {"completed": 0, "failed": 0, "inProgress": 1, "total": 1, "items": []},
}


@dataclass(frozen=True)
class Loop:
    """What a loop with waiting jobs came to.

    Args:
        cpu: share of one core.
        megabytes: resident memory more than before the first trigger, when all was imported.
        looks: per second.
        stall: the longest time by which the loop was late, in milliseconds.
    """

    cpu: float
    megabytes: float
    looks: float
    stall: float

    @property
    def cpu_per_look(self) -> float:
        """Milliseconds of CPU for each look."""
        return 1000 * self.cpu / self.looks if self.looks else float("nan")


@contextmanager
def server() -> Iterator[str]:
    """A server whose jobs never end; yields its endpoint."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.triggerer", "server"], stdout=subprocess.PIPE, text=True
    )
    try:
        told = process.stdout.readline() if process.stdout else ""
        if "http://" not in told:
            raise RuntimeError("the server did not start")
        yield told.strip()
    finally:
        process.terminate()
        process.communicate()


def measured(*, short: bool) -> list[Table]:
    """Measure waiting jobs as one trigger and as many, and the CPU of a look against that of a bare request.

    Args:
        short: whether few jobs and seconds have to do.
    """
    counts, seconds = (COUNTS[:1], 1.0) if short else (COUNTS, 30.0)
    with server() as endpoint:
        waiting = [
            _row(f"{jobs} jobs, {triggers} triggers", child(endpoint, jobs, triggers, seconds))
            for jobs in counts
            for triggers in ((jobs,) if short else (1, jobs))
        ]
        jobs = min(counts[-1], 1_000)
        bare = child(endpoint, jobs, 0, seconds, INTERVAL)
        ours = {
            triggers: child(endpoint, jobs, triggers, seconds, INTERVAL)
            for triggers in ((1,) if short else (1, jobs))
        }
    return [
        Table(
            f"Waiting in one event loop for {seconds:.0f} s (S tier, jobs that do not end)",
            ("waiting", "CPU (% of a core)", "memory (MB)", "looks per second", "longest stall (ms)"),
            waiting,
        ),
        Table(
            f"CPU of a look ({jobs} jobs, each every {INTERVAL:g} s, no limit)",
            ("way", "looks per second", "CPU per look (ms)", "over a bare request", "longest stall (ms)"),
            [
                _against("bare aiohttp GET, one session", bare, bare),
                *(_against(f"ours, triggers: {number}", found, bare) for number, found in ours.items()),
            ],
        ),
    ]


def _row(name: str, loop: Loop) -> list[Cell]:
    return [name, 100 * loop.cpu, loop.megabytes, loop.looks, loop.stall]


def _against(name: str, loop: Loop, bare: Loop) -> list[Cell]:
    return [name, loop.looks, loop.cpu_per_look, loop.cpu_per_look / bare.cpu_per_look, loop.stall]


def child(
    endpoint: str,
    jobs: int,
    triggers: int,
    seconds: float,
    interval: float | None = None,
    *,
    environment: Mapping[str, str] | None = None,
) -> Loop:
    """Measure in a fresh process; 0 triggers are bare requests.

    Args:
        endpoint: of the server.
        jobs: how many wait.
        triggers: how many wait for them.
        seconds: for how long it is measured.
        interval: seconds between looks; None for as many as the tier allows.
        environment: more variables of the process, another connection among them.
    """
    arguments = [endpoint, str(jobs), str(triggers), str(seconds), str(interval or 0)]
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.triggerer", "wait", *arguments],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env={
            **os.environ,
            "AIRFLOW_CONN_BENCH": connection(endpoint, limited=interval is None),
            **(environment or {}),
        },
    )
    return Loop(**json.loads(told.stdout.splitlines()[-1]))


def connection(endpoint: str, *, limited: bool, auth: str = "key") -> str:
    """The connection of the process that waits, as JSON; another ``auth`` than the key has none."""
    extra = {"auth": auth, **({} if limited else {"requests_per_minute": 10_000_000})}
    password = "any" if auth == "key" else ""
    return json.dumps({"conn_type": "azure_language", "host": endpoint, "password": password, "extra": extra})


async def _wait(endpoint: str, jobs: int, triggers: int, seconds: float, interval: float) -> Loop:
    process = psutil.Process()
    if triggers:
        import_module("airflow_provider_language.triggers.analyze")
        import_module("airflow_provider_language.hooks.language")
        import_module("airflow_provider_language.hooks.wires")
    locations = [f"{endpoint}{_PATH}/job-{number}?api-version=2026-05-01" for number in range(jobs)]
    before = process.memory_info().rss
    if triggers:
        tasks = _triggers(locations, triggers, interval or None)
    else:
        tasks = [asyncio.create_task(_bare(locations, interval))]
    await asyncio.sleep(_WARM_UP)
    lateness = asyncio.create_task(lateness_of(seconds))
    looks, cpu, begun = await _looks(endpoint), _cpu(process), time.monotonic()
    await asyncio.sleep(seconds)
    spent, passed = _cpu(process) - cpu, time.monotonic() - begun
    looks = await _looks(endpoint) - looks
    memory = process.memory_info().rss - before
    stall = await lateness
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return Loop(spent / passed, memory / 1e6, looks / passed, 1000 * stall)


def _triggers(locations: Sequence[str], triggers: int, interval: float | None) -> list[asyncio.Task[None]]:
    from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger

    async def consume(trigger: AnalyzeJobTrigger) -> None:
        async for event in trigger.run():
            raise RuntimeError(f"a job ended: {event}")

    each = len(locations) // triggers
    return [
        asyncio.create_task(
            consume(
                AnalyzeJobTrigger(
                    locations[number * each : (number + 1) * each], "bench", poll_interval=interval
                )
            )
        )
        for number in range(triggers)
    ]


async def _bare(locations: Sequence[str], interval: float) -> None:
    """Get each location every so often over one session, and read the answers as JSON: the peer."""

    async def again(session: aiohttp.ClientSession, location: str) -> None:
        while True:
            async with session.get(location) as answer:
                await answer.json()
            await asyncio.sleep(interval)

    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(again(session, location) for location in locations))


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def lateness_of(seconds: float) -> float:
    """The longest time by which the loop is late within so many seconds, in seconds."""
    worst, end = 0.0, time.monotonic() + seconds
    while (begun := time.monotonic()) < end:
        await asyncio.sleep(_GLANCE)
        worst = max(worst, time.monotonic() - begun - _GLANCE)
    return worst


async def _looks(endpoint: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{endpoint}/looks") as answer:
        return int(await answer.text())


async def _serve() -> None:
    looks = 0

    async def look(request: web.Request) -> web.Response:
        nonlocal looks
        looks += 1
        return web.json_response({"jobId": request.match_info["job_id"], **_RUNNING})

    async def told(_: web.Request) -> web.Response:
        return web.Response(text=str(looks))

    app = web.Application()
    app.add_routes([web.get(f"{_PATH}/{{job_id}}", look), web.get("/looks", told)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


def main(arguments: Sequence[str]) -> None:
    """Be the server, or the process that waits."""
    logging.disable(logging.WARNING)
    if arguments[0] == "server":
        asyncio.run(_serve())
        return
    endpoint, jobs, triggers, seconds, interval = arguments[1:]
    print(
        json.dumps(
            asdict(asyncio.run(_wait(endpoint, int(jobs), int(triggers), float(seconds), float(interval))))
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
