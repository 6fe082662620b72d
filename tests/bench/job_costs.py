"""CPU of a job of 25 documents of one KB, submitted and collected, against bare requests with json both ways.

A stub in a process of its own answers at once that the job has ended, so that each job takes one look. The
time that a flow wants to sleep is not slept, and only the client's own CPU time counts. Both ways are
measured in turns.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median

import aiohttp

from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.inputs.documents import documents_from
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.expected import ExpectedResults
from airflow_provider_language.protocol.jobs.origins import Origin
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.transports.event_loop import SessionWire, play
from tests.bench import canned_service
from tests.bench.canned_service import DOCUMENTS, FINDINGS
from tests.bench.tables import Cell, Table
from tests.bench.workload import text

TASKS = (1, 4)
_KEY = {"Ocp-Apim-Subscription-Key": "any"}
Way = Callable[[aiohttp.ClientSession, str, Submission, int], Awaitable[None]]


def submission_of(tasks: int) -> Submission:
    """A job with so many tasks."""
    documents = documents_from([text(seed) for seed in range(DOCUMENTS)], "en")
    return Submission(documents, tasks_from(list(FINDINGS)[:tasks]))


class Ours:
    """Submits jobs and collects their rows, by the flows that operators and triggers play."""

    def __init__(self) -> None:
        # A process knows its resource for as long as it lives.
        self._settings = Settings(resource=Resource())

    async def __call__(
        self, session: aiohttp.ClientSession, endpoint: str, submission: Submission, jobs: int
    ) -> None:
        """Run jobs one after another; their sleeps take no time."""
        expected = ExpectedResults.of(submission, at=0.0, lost_submissions=0)
        send = SessionWire(session, endpoint, (10.0, 60.0), {}, headers=_KEY).send
        for _ in range(jobs):
            handle = await play(flows.submit(submission, self._settings), send)
            origin = Origin(time.time(), DOCUMENTS * len(submission.tasks))
            flow = flows.collect(handle, self._settings, expected, origin=origin)
            rows = await play(flow, send, sleep=lambda _: asyncio.sleep(0))
            _require(len(rows), submission)


async def bare(session: aiohttp.ClientSession, endpoint: str, submission: Submission, jobs: int) -> None:
    """Post the same JSON and read the same answer, by aiohttp and the standard library: the peer."""
    request = submission.to_request()
    look = {"api-version": submission.version, "top": str(DOCUMENTS), "showStats": "true"}
    for _ in range(jobs):
        submit = session.post(endpoint + request.path, params=request.query, json=request.body, headers=_KEY)
        async with submit as answer:
            location = answer.headers["operation-location"].partition("?")[0]
        async with session.get(location, params=look, headers=_KEY) as answer:
            job = await answer.json()
        _require(sum(len(item["results"]["documents"]) for item in job["tasks"]["items"]), submission)


def _require(found: int, submission: Submission) -> None:
    if found != len(submission.documents) * len(submission.tasks):
        raise RuntimeError(f"{found} results of {len(submission.documents)} documents")


async def _turns(
    ways: Sequence[Way], endpoint: str, submission: Submission, jobs: int, turns: int
) -> list[list[float]]:
    """Seconds of CPU per job of each way, turn by turn, after a first turn that warms up."""
    spent: list[list[float]] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(turns + 1):
            costs = []
            for way in ways:
                begun = time.process_time()
                await way(session, endpoint, submission, jobs)
                costs.append((time.process_time() - begun) / jobs)
            spent.append(costs)
    return spent[1:]


def measured(jobs: int, turns: int) -> Table:
    """Measure both ways with one task and with four.

    Args:
        jobs: in each turn.
        turns: of each way, after one that is not counted.
    """
    rows: list[list[Cell]] = []
    for tasks in TASKS:
        with canned_service.running(tasks) as endpoint:
            spent = asyncio.run(_turns((bare, Ours()), endpoint, submission_of(tasks), jobs, turns))
        for place, name in enumerate(("bare aiohttp, json both ways", "ours, submit and collect")):
            # Turn against turn: how fast the machine is may change from one to the next.
            ratio = median(costs[place] / costs[0] for costs in spent)
            rows.append([tasks, name, 1000 * median(costs[place] for costs in spent), ratio])
    return Table(
        f"CPU of a job of {DOCUMENTS} documents of one KB (one look; median of {turns} times {jobs} jobs)",
        ("tasks", "way", "CPU per job (ms)", "over the bare requests"),
        rows,
    )
