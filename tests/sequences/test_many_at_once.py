"""Thousands at once, cancelled, failed or forked at bad moments: nothing counts on, and nobody hangs."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys

import pytest

from airflow_provider_language.hooks.connections import ConnectionSettings
from airflow_provider_language.hooks.resources import known
from airflow_provider_language.protocol.jobs.handles import Endpoint
from airflow_provider_language.protocol.pacing.budgets import RequestBudget
from airflow_provider_language.protocol.pacing.limits import Limits
from airflow_provider_language.protocol.pacing.operations import Operation
from airflow_provider_language.protocol.wire import Request, Response
from airflow_provider_language.transports.gates import AsyncGate
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger
from tests import virtual_time
from tests.conftest import Connect
from tests.draws import draws
from tests.scripted_service import job_location

HOST = "https://one.cognitiveservices.azure.com"
LOOK = Request("GET", "/language/analyze-text/jobs/job-1")
REQUESTS = draws(10_000)
ALL = draws(4) == 4
TRIGGERS = 16_000 if ALL else 1_000
FORKS = 1_500 if ALL else 50
PATIENCE = 300
"""Seconds for all of them."""

pytestmark = pytest.mark.draws


def test_requests_that_were_cancelled_or_failed_in_the_gate_count_no_more() -> None:
    chance = random.Random(5)  # noqa: S311 - repeatable, no secret

    async def send(_: Request) -> Response:
        await asyncio.sleep(chance.uniform(0.0, 0.2))
        if chance.random() < 0.3:
            raise ConnectionResetError
        return Response(200, {}, b"{}", asyncio.get_running_loop().time())

    async def main() -> None:
        clock = asyncio.get_running_loop().time
        budget = RequestBudget(Limits(1_000_000, 1_000_000))
        gate = AsyncGate(budget, clock=clock)
        line = [asyncio.ensure_future(gate.send(LOOK, send)) for _ in range(REQUESTS)]
        while waiting := [one for one in line if not one.done()]:
            for one in chance.sample(waiting, min(len(waiting), 100)):
                one.cancel()
            await asyncio.sleep(0.01)
        await asyncio.gather(*line, return_exceptions=True)
        operation = budget.of(Operation.of(LOOK))
        assert not operation.queued
        assert not operation.under_way
        assert await gate.send(Request("GET", f"{LOOK.path}-again"), _answered)

    virtual_time.run(main())


async def _answered(_: Request) -> Response:
    return Response(200, {}, b"{}", 0.0)


async def test_triggers_that_were_cancelled_together_wait_for_nothing_any_more(connect: Connect) -> None:
    connect(HOST)
    resource = known(ConnectionSettings(Endpoint.parse(HOST))).resource

    async def consume(number: int) -> None:
        location = job_location(HOST, f"job-{number}")
        async for event in AnalyzeJobTrigger([location], "azure_language_default", first_look=3600.0).run():
            raise AssertionError(event)

    running = [asyncio.create_task(consume(number)) for number in range(TRIGGERS)]
    while resource.waiting < TRIGGERS:  # noqa: ASYNC110 - nobody tells of the last one
        await asyncio.sleep(0.01)
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)

    assert all(one.cancelled() for one in running)
    assert resource.waiting == 0


def test_forks_while_other_threads_ask_hang_in_no_child() -> None:
    # In a process without coverage, which has a lock of its own that another thread may hold amid the fork.
    command = [sys.executable, "-m", "tests.sequences.forks", str(FORKS)]

    assert subprocess.run(command, check=False, timeout=PATIENCE).returncode == 0
