"""A real Airflow signs in with Entra ID: in the worker that submits, and in the triggerer that waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timezone

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.protocol.bearer_tokens import token_for
from tests.hooks.certificates import Authority, make_authority
from tests.hooks.token_endpoint import CLIENT_ID, SECRET, TENANT, WRONG_SECRET, TokenEndpoint
from tests.scripted_service import Answer
from tests.system.processes import wait_until
from tests.system.rest import FINISHED, Run
from tests.system.stack import AirflowStack

pytestmark = pytest.mark.system

JOB_SECONDS = 4.0
RUN_SECONDS = 300
RESOURCE = "https://cognitiveservices.azure.com"


@dataclass(frozen=True)
class Play:
    """A run of a DAG with a service and an Entra ID of its own."""

    stack: AirflowStack
    emulator: Emulator
    entra: TokenEndpoint
    run: Run

    def states(self) -> dict[str, str]:
        return {one["task_id"]: one["state"] for one in self.stack.api.task_instances(self.run)}

    def is_run_by_a_worker(self, task_id: str) -> bool:
        return self.stack.api.task_instance(self.run, task_id)["pid"] is not None

    def told(self) -> str:
        """All that Airflow has written about the run."""
        folder = self.stack.logs / f"dag_id={self.run.dag_id}" / f"run_id={self.run.run_id}"
        return "".join(log.read_text() for log in folder.glob("**/*.log*") if log.is_file())

    def end(self) -> Play:
        """Wait for the end of the run."""
        wait_until(
            lambda: self.stack.api.run_state(self.run) in FINISHED or None,
            what=f"the end of {self.run.dag_id}",
            timeout=RUN_SECONDS,
        )
        return self


Begin = Callable[..., Play]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def begin(shared_airflow: AirflowStack, authority: Authority) -> Iterator[Begin]:
    """Start a run over a connection of a service principal."""
    shared_airflow.wait_for_dag("deferred")
    with ExitStack() as services:
        conn_ids = (f"principal_{number}" for number in range(100))

        def start(dag_id: str, refusal: Answer | None = None) -> Play:
            emulator = services.enter_context(Emulator(token_issuer=True, duration=JOB_SECONDS))
            entra = services.enter_context(TokenEndpoint(tls=authority.server_context(), make=_token))
            entra.refusal = refusal
            conn_id = next(conn_ids)
            shared_airflow.api.add_connection(
                conn_id,
                conn_type="azure_language",
                host=emulator.endpoint,
                login=CLIENT_ID,
                password=SECRET,
                extra={
                    "tenantId": TENANT,
                    "authority": entra.endpoint,
                    "verify": str(authority.bundle),
                },
            )
            run = shared_airflow.api.trigger(dag_id, {"connection": conn_id})
            return Play(shared_airflow, emulator, entra, run)

        yield start


def _token() -> str:
    """One that the emulator takes."""
    token: str = token_for(RESOURCE, datetime.now(timezone.utc))["access_token"]
    return token


@pytest.fixture(scope="module")
def plays(begin: Begin) -> dict[str, Play]:
    """Runs that all began at the same time."""
    return {
        "started": begin("started"),
        "deferred": begin("deferred"),
        "refused": begin("deferred", WRONG_SECRET),
    }


@pytest.mark.parametrize("name", ["started", "deferred"])
def test_worker_and_triggerer_each_sign_in_for_themselves(plays: dict[str, Play], name: str) -> None:
    play = plays[name].end()

    assert play.states() == {"submit": "success", "wait": "success"}
    assert play.is_run_by_a_worker("submit")
    assert play.is_run_by_a_worker("wait") == (name == "deferred")
    assert {one["client_id"] for one in play.entra.asked} == {CLIENT_ID}
    assert len(play.entra.asked) >= 2
    looks = play.emulator.journal.select(operation="status")
    assert looks
    assert {look.status for look in looks} == {200}


def test_a_wrong_secret_fails_the_task_for_good_with_the_code_of_entra_id(plays: dict[str, Play]) -> None:
    play = plays["refused"].end()

    assert play.states()["submit"] == "failed"
    assert play.stack.api.task_instance(play.run, "submit")["try_number"] == 1
    assert "AADSTS7000215" in play.told()
    assert not play.emulator.journal.select(operation="submit")


@pytest.mark.parametrize("name", ["started", "deferred", "refused"])
def test_neither_secret_nor_token_is_written(plays: dict[str, Play], name: str) -> None:
    told = plays[name].end().told()

    assert told
    assert SECRET not in told
    assert "Bearer ey" not in told
    assert _token().partition(".")[0] not in told
