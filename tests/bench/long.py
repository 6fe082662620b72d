"""Many waits on jobs that do not end, in simulated time: what of the limit is used, and who is refused."""

from __future__ import annotations

import asyncio
import json
import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.jobs.handles import JobHandle
from airflow_provider_language.protocol.jobs.origins import Origin
from airflow_provider_language.protocol.jobs.status import Job
from airflow_provider_language.protocol.pacing.budgets import RequestBudget
from airflow_provider_language.protocol.pacing.limits import MINUTE, Limits
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from airflow_provider_language.protocol.wire import NoReply, Request, Response
from airflow_provider_language.transports import event_loop
from airflow_provider_language.transports.gates import AsyncGate
from tests import virtual_time
from tests.bench.simulation import START
from tests.bench.tables import Table

JOB_ID = "a-job"
"""Of every job: the service does not tell them apart."""
BODY = json.dumps(
    {"jobId": JOB_ID, "status": "running", "tasks": {"completed": 0, "failed": 0, "total": 1, "items": []}}
).encode()
RAMP_UP = 3
"""Minutes that are not judged, in which the first looks are spread."""


@dataclass
class Service:
    """Counts the looks of every minute, refuses those beyond its limit, and never ends a job.

    Args:
        limit: looks within any minute.
        clock: seconds since the epoch.
        chance: for how long an answer takes.
    """

    limit: int
    clock: Callable[[], float]
    chance: random.Random
    answered: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    async def send(self, _: Request) -> Response:
        """Answer a look; its caller is told a little after the answer came."""
        await asyncio.sleep(self.chance.uniform(0.01, 0.1))
        status = self._status(self.clock())
        await asyncio.sleep(self.chance.uniform(0.01, 0.1))
        arrived = self.clock()
        await asyncio.sleep(self.chance.uniform(0.0, 0.005))
        return Response(status, {"retry-after": "1"}, BODY, arrived)

    def _status(self, now: float) -> int:
        is_refused = len(self.answered) - bisect_right(self.answered, now - MINUTE) >= self.limit
        (self.refused if is_refused else self.answered).append(now)
        return 429 if is_refused else 200

    def worst_minute(self) -> int:
        """The most looks that came within any minute, answered or refused."""
        looks = sorted([*self.answered, *self.refused])
        return max(place + 1 - bisect_right(looks, at - MINUTE) for place, at in enumerate(looks))

    def share_used(self, minutes: int) -> float:
        """The part of the limit that was used after the ramp-up, in the least used minute."""
        begins = [START + MINUTE * number for number in range(RAMP_UP, minutes)]
        used = [bisect_right(self.answered, at + MINUTE) - bisect_right(self.answered, at) for at in begins]
        return min(used) / self.limit


def service_of(waits: int, limit: int, minutes: int, *, taken: int | None = None) -> Service:
    """Wait for jobs that do not end, and tell what the service saw.

    Args:
        waits: how many jobs are waited for.
        limit: looks within a minute, as the connection tells it.
        minutes: for how long.
        taken: looks within a minute that the service answers, if it takes fewer.
    """
    chance = random.Random(7)  # noqa: S311 - repeatable, no secret

    playing: list[asyncio.Future[Job]] = []

    async def main() -> Service:
        loop = asyncio.get_running_loop()

        def clock() -> float:
            return START + loop.time()

        budget = RequestBudget(Limits(max(limit, 100), limit))
        service = Service(taken or limit, clock, chance)
        gate = AsyncGate(budget, clock=clock)
        settings = Settings(pace=Pace(), random=chance.random, resource=Resource(budget))

        async def send(request: Request) -> Response | NoReply:
            return await gate.send(request, service.send)

        for _ in range(waits):
            handle = JobHandle(ANALYZE_TEXT, DEFAULT_VERSION, JOB_ID)
            flow = flows.watch(handle, settings, origin=Origin(START, 3))
            playing.append(asyncio.ensure_future(event_loop.play(flow, send, clock=clock)))
        await asyncio.sleep(minutes * MINUTE)
        return service

    return virtual_time.run(main())


def measured(waits: int, limit: int, minutes: int) -> Table:
    """Measure how the limit is kept and used."""
    service = service_of(waits, limit, minutes)
    return Table(
        f"Jobs that do not end ({waits} waits, {limit} requests a minute, {minutes} minutes, simulated time)",
        ("looks answered", "refused", "looks in the worst minute", "of the limit used (%)"),
        [
            [
                len(service.answered),
                len(service.refused),
                service.worst_minute(),
                100 * service.share_used(minutes),
            ]
        ],
        (f"The share used is that of the least used minute after the first {RAMP_UP}.",),
    )
