"""Waits and gate together, in virtual time: jobs that do not end keep to the limit, and use it."""

from __future__ import annotations

import asyncio

import pytest

from tests import virtual_time
from tests.bench import long
from tests.bench.simulation import START
from tests.draws import draws

MINUTES = 8


@pytest.mark.draws
@pytest.mark.parametrize(("waits", "limit"), [(900, 300), (1200, 100), (3000, 1000)][: draws(8)])
def test_waits_for_jobs_that_do_not_end_keep_to_the_limit_and_use_it(waits: int, limit: int) -> None:
    service = long.service_of(waits, limit, MINUTES)
    assert service.refused == []
    assert service.worst_minute() <= limit
    assert service.share_used(MINUTES) >= 0.95


def test_a_service_that_takes_fewer_is_asked_for_what_it_takes() -> None:
    """Others use the resource, too: the refusals teach it, and the turns become longer."""
    service = long.service_of(900, 300, MINUTES, taken=200)
    minutes, learned = MINUTES - long.RAMP_UP, START + 60 * long.RAMP_UP
    assert sum(at > learned for at in service.refused) <= minutes
    assert sum(at > learned for at in service.answered) >= 0.9 * 200 * minutes


def test_virtual_time_passes_only_where_everybody_sleeps() -> None:
    async def main() -> list[float]:
        loop = asyncio.get_running_loop()

        async def after(seconds: float) -> float:
            await asyncio.sleep(seconds)
            return loop.time()

        return list(await asyncio.gather(after(3600), after(1), after(0)))

    assert virtual_time.run(main()) == pytest.approx([3600, 1, 0])
