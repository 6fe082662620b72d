"""A look at a job over each of the two transports, as an operator and as a trigger take it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.retries import RetryPolicy

if TYPE_CHECKING:
    from airflow_provider_language.protocol.jobs.status import Job

Look = Callable[[str], "Job"]
IMPATIENT = Settings(retries=RetryPolicy(tolerance=0))


def in_worker(location: str) -> Job:
    return LanguageHook(settings=IMPATIENT).get(location)


def in_triggerer(location: str) -> Job:
    async def look() -> Job:
        async with LanguageHook().player() as player:
            return await player.play(flows.get(player.handle(location), IMPATIENT))

    return asyncio.run(look())


in_both_transports = pytest.mark.parametrize("look", [in_worker, in_triggerer])
