"""A token that ends amid a wait of hours is renewed once for all; trouble meanwhile costs no job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.exceptions import SignInError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.tokens import EARLY, Tokens
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.jobs.status import Job, State
from airflow_provider_language.protocol.pacing.pauses import Pace
from tests.hooks.token_endpoint import HOUR, Resource, TokenEndpoint
from tests.scripted_service import Answer, ScriptedService, Seen, job_body, job_location
from tests.time_travel import BEGINNING, Time, time_travel

if TYPE_CHECKING:
    from tests.conftest import Connect

LONG = 3.5 * HOUR
JOBS = 20


class World:
    """Jobs that take hours, at a resource that lets in who has the newest token of the machine."""

    def __init__(self, time: Time, metadata: TokenEndpoint) -> None:
        self.time = time
        self.metadata = metadata
        self.troubles: list[tuple[float, float, Answer]] = []
        time.on_sleep = self._go_on

    @property
    def seconds(self) -> float:
        return self.time.now() - BEGINNING

    def trouble(self, since: float, until: float, answer: Answer) -> None:
        """Have the token endpoint answer so from one second to another."""
        self.troubles.append((since, until, answer))

    def _go_on(self) -> None:
        now = self.seconds
        self.metadata.refusal = next(
            (one for since, until, one in self.troubles if since <= now < until), None
        )

    def __call__(self, seen: Seen) -> Answer:
        job_id = seen.target.partition("?")[0].rpartition("/")[2]
        return Answer(200, job_body("running" if self.seconds < LONG else "succeeded", job_id))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with time_travel(monkeypatch) as time, TokenEndpoint() as metadata:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", metadata.endpoint)
        monkeypatch.setattr("airflow_provider_language.hooks.tokens._tokens", Tokens())
        yield World(time, metadata)


@pytest.fixture
def service(world: World, connect: Connect) -> Iterator[ScriptedService]:
    resource = Resource(world, world.metadata)
    resource.is_strict = False  # a token is good until it ends, whatever was given since
    with ScriptedService(resource) as running:
        connect(running.endpoint, key="", extra={"auth": "managed_identity"})
        yield running


def in_worker(service: ScriptedService) -> list[Job]:
    return [LanguageHook().wait(job_location(service.endpoint), poll_interval=120)]


def in_triggerer(service: ScriptedService, jobs: int = JOBS) -> list[Job]:
    settings = Settings(pace=Pace(first=0.0, interval=60.0))
    locations = [job_location(service.endpoint, f"job-{number}") for number in range(jobs)]

    async def wait() -> list[Job]:
        async with LanguageHook().player() as player:
            return await asyncio.gather(*(player.watch(each, settings, None) for each in locations))

    return asyncio.run(wait())


Wait = Callable[[ScriptedService], list[Job]]
in_both = pytest.mark.parametrize("wait", [in_worker, in_triggerer])


@in_both
def test_a_token_that_ends_is_renewed_once_however_many_jobs_wait(
    world: World, service: ScriptedService, wait: Wait
) -> None:
    jobs = wait(service)

    assert {job.state for job in jobs} == {State.SUCCEEDED}
    # With others, the time of this world flies while a token is under way, so that the wait may last longer.
    assert len(world.metadata.asked) - (1 + LONG // (HOUR - EARLY)) in {0, 1}


def one_in_triggerer(service: ScriptedService) -> list[Job]:
    """With others, the time of this world would fly while the one request for a token is under way."""
    return in_triggerer(service, 1)


@pytest.mark.parametrize("wait", [in_worker, one_in_triggerer])
def test_a_token_endpoint_that_is_down_for_ten_minutes_costs_no_task(
    world: World, service: ScriptedService, wait: Wait
) -> None:
    # From before the renewal until after the end of the token that there is.
    begin = HOUR - EARLY - 60
    world.trouble(begin, begin + 600, Answer(503, {"error": "busy"}))

    assert {job.state for job in wait(service)} == {State.SUCCEEDED}


@in_both
def test_an_identity_that_is_revoked_ends_the_wait_with_what_entra_id_says(
    world: World, service: ScriptedService, wait: Wait
) -> None:
    body = {"error": "invalid_request", "error_description": "AADSTS700016: Application not found."}
    world.trouble(HOUR, LONG, Answer(400, body))

    with pytest.raises(SignInError, match="AADSTS700016"):
        wait(service)
