"""A key that is rotated amid a wait is looked up once more, in a worker and in a triggerer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import get_connection_async
from airflow_provider_language.exceptions import AuthenticationError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.jobs.status import State
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.retries import RetryPolicy
from tests.hooks.looks import IMPATIENT, Look, in_both_transports
from tests.scripted_service import Answer, ScriptedJobs, ScriptedService, Seen, job_location, refusal

if TYPE_CHECKING:
    from tests.conftest import Connect

Serve = Callable[..., ScriptedService]
CONN_ID = "azure_language_default"


class Resource:
    """Lets the right key in; `rotate` makes another one the right key, and the connection's."""

    def __init__(self, connect: Connect) -> None:
        self.key = "first-key"
        self._connect = connect
        self._jobs = ScriptedJobs({f"job-{number}": ["running", "succeeded"] for number in range(100)})

    def __call__(self, seen: Seen) -> Answer:
        if seen.headers["ocp-apim-subscription-key"] != self.key:
            return refusal(401, "401", "Access denied due to invalid subscription key.")
        return self._jobs(seen)

    def rotate(self, endpoint: str, *, connection: bool = True) -> None:
        self.key = "second-key"
        if connection:
            self._connect(endpoint, key=self.key)


@pytest.fixture
def resource(connect: Connect) -> Resource:
    return Resource(connect)


def keys(service: ScriptedService) -> list[str]:
    return [seen.headers["ocp-apim-subscription-key"] for seen in service.seen]


def test_a_worker_goes_on_with_the_key_that_the_connection_has_by_now(
    serve: Serve, resource: Resource
) -> None:
    service = serve(resource, key="first-key")
    hook = LanguageHook(settings=IMPATIENT)
    hook.get(job_location(service.endpoint))

    resource.rotate(service.endpoint)

    assert hook.get(job_location(service.endpoint)).state is State.SUCCEEDED
    hook.get(job_location(service.endpoint))
    assert keys(service) == ["first-key", "first-key", "second-key", "second-key"]


async def test_waits_of_a_triggerer_go_on_with_it_and_share_the_look_up(
    serve: Serve, resource: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    async def counted(conn_id: str) -> Any:
        looked_up.append(conn_id)
        return await get_connection_async(conn_id)

    # How often Airflow is asked shows nowhere else.
    monkeypatch.setattr("airflow_provider_language.hooks.lookups.get_connection_async", counted)
    service = serve(resource, key="first-key")
    settings = Settings(retries=RetryPolicy(tolerance=0), pace=Pace(first=0.0, interval=0.01))
    locations = [job_location(service.endpoint, f"job-{number}") for number in range(100)]
    async with LanguageHook().player() as player:
        looks = [player.play(flows.get(player.handle(location), IMPATIENT)) for location in locations]
        await asyncio.gather(*looks)
        resource.rotate(service.endpoint)
        jobs = await asyncio.gather(*(player.watch(location, settings, None) for location in locations))

    assert {job.state for job in jobs} == {State.SUCCEEDED}
    assert looked_up == [CONN_ID] * 2
    assert keys(service).count("second-key") == len(locations)


@in_both_transports
def test_a_key_that_is_refused_and_still_the_connections_ends_the_wait(
    serve: Serve, resource: Resource, look: Look
) -> None:
    service = serve(resource, key="first-key")
    resource.rotate(service.endpoint, connection=False)

    with pytest.raises(AuthenticationError):
        look(job_location(service.endpoint))
    assert keys(service) == ["first-key"]


@in_both_transports
def test_a_connection_that_has_moved_to_another_endpoint_gets_no_request_about_this_ones_jobs(
    serve: Serve, resource: Resource, stranger: ScriptedService, connect: Connect, look: Look
) -> None:
    def moving(seen: Seen) -> Answer:
        connect(stranger.endpoint, key="second-key")
        return resource(seen)

    resource.key = "second-key"
    service = serve(moving, key="first-key")

    with pytest.raises(AuthenticationError):
        look(job_location(service.endpoint))
    assert (keys(service), stranger.seen) == (["first-key"], [])


@in_both_transports
def test_a_connection_that_cannot_be_looked_up_any_more_leaves_the_services_own_answer(
    serve: Serve, resource: Resource, monkeypatch: pytest.MonkeyPatch, look: Look
) -> None:
    def gone(seen: Seen) -> Answer:
        monkeypatch.delenv(f"AIRFLOW_CONN_{CONN_ID.upper()}", raising=False)
        return resource(seen)

    resource.key = "second-key"
    service = serve(gone, key="first-key")

    with pytest.raises(AuthenticationError):
        look(job_location(service.endpoint))
