"""A corpus of a million documents in simulated time: the loop of the worker, against the S tier's limits.

The loop, its journal, its files and its pacing are the real ones; what it computes takes no simulated time,
and jobs last as the emulator's do. The answers to submissions come after the recorded median.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

from airflow_provider_language.emulator.instruments.durations import Recorded
from airflow_provider_language.protocol.corpus.items import Item, segments
from airflow_provider_language.protocol.corpus.journal import Journal
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.handles import Endpoint, JobHandle, handle_from
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from airflow_provider_language.protocol.wire import Flow, NoReply, Request, Response
from airflow_provider_language.running.corpus.journaling import Journaling
from airflow_provider_language.running.corpus.landing import Landing
from airflow_provider_language.running.corpus.lanes import JobOptions, Lane, Limits
from airflow_provider_language.running.corpus.loop import CorpusLoop
from airflow_provider_language.running.corpus.manifests import manifest_of
from airflow_provider_language.running.corpus.open_segments import OpenSegment
from airflow_provider_language.running.corpus.places import RunPlaces
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.storage.runs.journals import JournalFolder
from airflow_provider_language.storage.runs.spools import Spool
from airflow_provider_language.transports import event_loop
from airflow_provider_language.transports.deeds import AsyncDeeds
from airflow_provider_language.transports.gates import AsyncGate
from tests import virtual_time
from tests.bench import canned_service
from tests.bench.canned_service import DOCUMENTS, FINDINGS
from tests.bench.job_costs import TASKS
from tests.bench.simulation import START
from tests.bench.tables import Cell, Table
from tests.bench.throughput import MINUTE, PER_MINUTE
from tests.bench.workload import text

T = TypeVar("T")
SUBMITTED_IN = 0.35
"""Seconds in which a submission is answered: the median of 18 recorded ones."""
LOOKED_IN = 0.15
"""Seconds in which a look is answered."""
MOST_TIME = 1.10
MOST_REQUESTS = 2.1
"""What a million documents may take: times the bound, and requests per job."""
_ENDPOINT = Endpoint.parse("https://simulated.example")
_JOB_ID = re.compile("/jobs/([0-9a-f-]+)")


@dataclass
class Service:
    """The service of the simulation.

    Args:
        tasks: of each job.
        clock: seconds since the epoch.

    Attributes:
        requests: that were made, by method.
        refused: requests that came over the limit of a minute.
    """

    tasks: int
    clock: Callable[[], float]
    requests: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    _jobs: dict[str, tuple[float, float]] = field(default_factory=dict)
    _made: dict[str, deque[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._durations = Recorded()
        self._ended = canned_service.answer(canned_service.JOB, self.tasks)

    async def send(self, request: Request) -> Response | NoReply:
        """Answer a request, or refuse it as one too many."""
        self.requests[request.method] += 1
        if self._is_too_much(request.method):
            self.refused += 1
            return Response(429, {"retry-after": "10"}, b"", self.clock())
        if request.method == "POST":
            return await self._submit()
        return await self._look(request)

    def _is_too_much(self, method: str) -> bool:
        now, made = self.clock(), self._made.setdefault(method, deque())
        while made and made[0] <= now - MINUTE:
            made.popleft()
        made.append(now)
        return len(made) > PER_MINUTE

    async def _submit(self) -> Response:
        number, begun = self.requests["POST"], self.clock()
        job_id = f"00000000-0000-4000-8000-{number:012}"
        duration = self._durations.of_job(number, DOCUMENTS, self.tasks).total_seconds()
        self._jobs[job_id] = begun, begun + duration
        await asyncio.sleep(SUBMITTED_IN)
        location = f"https://simulated.example{canned_service.PATH}/{job_id}?api-version={DEFAULT_VERSION}"
        return Response(202, {"operation-location": location}, b"", self.clock())

    async def _look(self, request: Request) -> Response:
        found = _JOB_ID.search(request.path)
        if found is None:
            raise AssertionError(f"{request.path} is no path of a job")
        job_id, now = found[1], self.clock()
        begun, end = self._jobs[job_id]
        await asyncio.sleep(LOOKED_IN)
        if now < end:
            return Response(200, {}, _running(job_id, begun, self.tasks), self.clock())
        del self._jobs[job_id]
        body = self._ended.replace(canned_service.JOB.encode(), job_id.encode(), 1)
        for name, at in (("createdDateTime", begun), ("lastUpdatedDateTime", end)):
            body = re.sub(
                rb'"%s":"[^"]*"' % name.encode(), b'"%s":"%s"' % (name.encode(), _told(at)), body, count=1
            )
        return Response(200, {}, body, self.clock())


def _running(job_id: str, begun: float, tasks: int) -> bytes:
    counts = b'{"completed":0,"failed":0,"inProgress":%d,"total":%d,"items":[]}' % (tasks, tasks)
    told = (job_id.encode(), _told(begun), _told(begun), counts)
    return (
        b'{"jobId":"%s","status":"running","createdDateTime":"%s","lastUpdatedDateTime":"%s","tasks":%s}'
        % told
    )


def _told(at: float) -> bytes:
    return datetime.fromtimestamp(int(at), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ").encode()


class Player:
    """Plays flows against the service of the simulation, through the gate of a resource."""

    endpoint = _ENDPOINT

    def __init__(self, service: Service, clock: Callable[[], float]) -> None:
        self.resource = Resource()
        self._clock = clock
        self._service = service
        self._gate = AsyncGate(self.resource.budget, clock=clock)

    def handle(self, location: str) -> JobHandle:
        """The handle of a job."""
        return handle_from(location, _ENDPOINT)

    async def _send(self, request: Request) -> Response | NoReply:
        return await self._gate.send(request, self._service.send)

    def _gated(self, send: Any) -> Any:
        return lambda request: self._gate.send(request, send)

    async def play(self, flow: Flow[T], notebook: Any = None) -> T:
        """Play a flow."""
        keep = AsyncDeeds(notebook, self._service.send, gate=self._gated, clock=self._clock)
        return await event_loop.play(flow, self._send, keep=keep, clock=self._clock)


@dataclass(frozen=True)
class Simulated:
    """What a corpus took.

    Args:
        minutes: of simulated time.
        jobs: that were submitted.
        requests: that they took.
        refused: requests that were one too many.
        rows: that have landed.
    """

    minutes: float
    jobs: int
    requests: int
    refused: int
    rows: int


def simulated(documents: int, tasks: int, folder: Path, resources: int = 1) -> Simulated:
    """Run a corpus of texts of one KB through the loop, in simulated time.

    Args:
        documents: of the corpus.
        tasks: that are asked of each of them.
        folder: where its journal and parts are written.
        resources: that share it.
    """
    texts = [text(seed) for seed in range(DOCUMENTS)]
    items = (Item(f"review-{number}", texts[number % DOCUMENTS], "en") for number in range(documents))
    return virtual_time.run(_run(items, tasks, folder, resources))


async def _run(items: Iterator[Item], tasks: int, folder: Path, resources: int) -> Simulated:
    loop = asyncio.get_running_loop()

    def clock() -> float:
        return START + loop.time()

    shape = Shape(tasks_from(list(FINDINGS)[:tasks]), *ANALYZE_TEXT.limits(frozenset()), "en")
    limits = Limits(2 * PER_MINUTE, 20, None, None, "resubmit")
    services, journal = [Service(tasks, clock) for _ in range(resources)], Journal()
    lanes = [
        Lane(f"simulated-{number}", Player(service, clock), Settings(), limits)  # type: ignore[arg-type] # as it is used
        for number, service in enumerate(services)
    ]
    places = RunPlaces.of(str(folder), "dag", "run", "task", -1)
    corpus = CorpusLoop(
        (OpenSegment(Spool(one, held, tasks), shape) for one, held in segments(items)),
        lanes,
        Journaling(JournalFolder(places.journal, 1), journal, clock),
        limits=limits,
        options=JobOptions(DEFAULT_VERSION, "simulated", "en", None, None),
        landing=Landing(places.part),
        stopping=asyncio.Event(),
        ended=threading.Event(),
        clock=clock,
    )
    await corpus.run()
    manifest = manifest_of(journal, places, complete=True)
    return Simulated(
        loop.time() / 60,
        manifest["jobs"],
        sum(service.requests.total() for service in services),
        sum(service.refused for service in services),
        manifest["ok"],
    )


def measured(documents: int) -> Table:
    """Simulate a corpus with one task and with four.

    Raises:
        RuntimeError: rows are missing.
    """
    rows: list[list[Cell]] = []
    for tasks in TASKS:
        with tempfile.TemporaryDirectory() as name:
            found = simulated(documents, tasks, Path(name))
        if found.rows != documents * tasks:
            raise RuntimeError(f"{found.rows} rows of {documents} documents")
        bound = documents / DOCUMENTS / PER_MINUTE
        rows.append(
            [
                tasks,
                found.jobs,
                found.minutes,
                found.minutes / bound,
                found.requests / found.jobs,
                found.refused,
            ]
        )
    return Table(
        f"{documents} documents of one KB in one task, simulated (one resource of the S tier)",
        ("tasks", "jobs", "minutes", "over the bound", "requests per job", "refused"),
        rows,
        (
            "The bound is the limit of submissions. A million documents are to keep within "
            f"{MOST_TIME} times that, and {MOST_REQUESTS} requests per job.",
        ),
    )
