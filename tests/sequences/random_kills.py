"""Tasks that are killed at random moments: none hangs, no owned job goes on, none of others is cancelled."""

from __future__ import annotations

import asyncio
import faulthandler
import random
import signal
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, cast

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.operators.analyze import SubmitAnalyzeJobOperator
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from airflow_provider_language.triggers import kills
from airflow_provider_language.triggers import waiting as waits
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger
from tests.airflow_stands import TaskInstance, context_of, hurried
from tests.draws import draws
from tests.scripted_service import Answer, ScriptedService, Seen, job_body, job_location
from tests.sensors.modes import without_the_database_of_airflow_2

Serve = Callable[..., ScriptedService]
KILLS = 1024 if draws(4) == 4 else 64
LONGEST = 0.08
"""Seconds after which a kill comes at the latest: by then a task waits for its jobs, if all is imported."""
PATIENCE = 4.0
"""Seconds after which a task that has not ended is killed for good; Airflow leaves it five, and one of them
may go by before the handler does what threads cannot that wait for a lock of the interrupted code."""
HANGING = 60.0
STEPS = 120
each_end = pytest.mark.parametrize("raises", [True, False], ids=["Airflow 2", "Airflow 3"])
each_number = pytest.mark.parametrize("jobs", [1, 12], ids=["one job", "many jobs"])

pytestmark = [
    pytest.mark.draws,
    # What a handler raises amid a finalizer, Python itself swallows.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class KilledError(BaseException):
    """What Airflow 2 raises after on_kill; Airflow 3 lets the task go on."""


class Service:
    """Jobs that go on until they are cancelled."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.states: dict[str, str] = {}
        self.looked_at: set[str] = set()

    def __call__(self, seen: Seen) -> Answer:
        path = seen.target.partition("?")[0]
        job_id = path.rpartition("/")[2].removesuffix(":cancel")
        if seen.method == "GET":
            self.looked_at.add(job_id)
            return Answer(200, job_body(self.states.get(job_id, "cancelled"), job_id))
        if path.endswith(":cancel"):
            self.states[job_id] = "cancelled"
            return Answer(202)
        job_id = self.begin()
        location = job_location(f"http://{seen.headers['host']}", job_id)
        return Answer(202, "", {"operation-location": location})

    def begin(self) -> str:
        """Begin a job of somebody, and return its id."""
        job_id = f"job-{next(self._numbers)}"
        self.states[job_id] = "running"
        return job_id

    def running(self) -> int:
        return list(self.states.values()).count("running")


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def endpoint(serve: Serve, service: Service) -> str:
    return serve(service).endpoint


@pytest.fixture(autouse=True)
def _no_hang(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End the process, and show where it stands, where a task hangs."""
    without_the_database_of_airflow_2(monkeypatch)
    before = signal.getsignal(signal.SIGALRM)
    yield
    faulthandler.cancel_dump_traceback_later()
    signal.signal(signal.SIGALRM, before)


def killed(task: Any, context: Any, after: float, *, raises: bool) -> None:
    """Run a task that ends by nothing but a kill, which comes after so many seconds."""

    def handle(*_: Any) -> None:
        signal.signal(signal.SIGALRM, kill_for_good)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        task.on_kill()
        if raises:
            raise KilledError

    def kill_for_good(*_: Any) -> None:
        raise KilledError

    signal.signal(signal.SIGALRM, handle)
    faulthandler.dump_traceback_later(HANGING, exit=True)
    try:
        signal.setitimer(signal.ITIMER_REAL, after)
        task.execute(context)
    except (KilledError, AirflowFailException):
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def owner() -> Any:
    """An operator that waits for a job of its own."""
    return hurried(
        SubmitAnalyzeJobOperator(
            task_id="task",
            documents=["a"],
            tasks=["KeyPhraseExtraction"],
            wait_for_completion=True,
            poll_interval=0.0,
        )
    )


@each_end
def test_no_job_of_an_owner_goes_on_when_its_worker_is_killed(
    service: Service, endpoint: str, *, raises: bool
) -> None:
    chance = random.Random(f"owner {raises}")  # noqa: S311 - repeatable, no secret
    killed(owner(), context_of(TaskInstance()), 1.0, raises=raises)  # in which all is imported
    for _ in range(KILLS // 4):
        killed(owner(), context_of(TaskInstance()), chance.uniform(0.0001, LONGEST), raises=raises)
        assert service.running() == 0

    assert len(service.states) > 1


@each_number
@pytest.mark.parametrize("cancels", [True, False], ids=["cancels", "leaves"])
def test_the_jobs_of_a_sensor_are_cancelled_all_or_none_as_it_was_told(
    service: Service, endpoint: str, jobs: int, *, cancels: bool
) -> None:
    chance, cancelled = random.Random(f"sensor {jobs} {cancels}"), 0  # noqa: S311 - as above
    for number in range(KILLS // 16):
        service.states.clear()
        ids = {service.begin() for _ in range(jobs)}
        locations = [job_location(endpoint, job_id) for job_id in ids]
        task = AnalyzeJobSensor(
            task_id="task", operation_location=locations, poke_interval=0, cancel_on_kill=cancels
        )
        raises = not cancels or number % 2 == 0
        killed(task, context_of(TaskInstance()), chance.uniform(0.0001, LONGEST), raises=raises)

        if not cancels:
            assert service.running() == jobs
        elif ids & service.looked_at:
            assert service.running() == 0
        else:
            assert service.running() in (0, jobs)
        cancelled += service.running() == 0

    assert cancelled == 0 or cancels


@each_number
@pytest.mark.parametrize("told", [True, False], ids=["told of kills", "only cancelled"])
async def test_the_jobs_of_a_deferred_task_are_cancelled_all_or_none_as_its_end_says(
    service: Service, endpoint: str, monkeypatch: pytest.MonkeyPatch, jobs: int, *, told: bool
) -> None:
    chance = random.Random(f"trigger {jobs} {told}")  # noqa: S311 - as above
    monkeypatch.setattr(waits, "TRIGGERS_ARE_TOLD_OF_KILLS", told)
    faulthandler.dump_traceback_later(HANGING * 5, exit=True)
    for _ in range(KILLS // 16):
        service.states.clear()
        state, cancels = chance.choice(["failed", "success", "deferred"]), chance.random() < 0.8
        monkeypatch.setattr(kills, "state_of_task", _answering(state))
        trigger = AnalyzeJobTrigger(
            [job_location(endpoint, service.begin()) for _ in range(jobs)],
            "azure_language_default",
            first_look=0.0,
            poll_interval=0.0,
            cancel_on_kill=cancels,
        )
        trigger.task_instance = cast("Any", TaskInstance())
        await _cancelled_after(trigger, chance.randrange(1, STEPS), told=told)

        assert service.running() == (0 if cancels and state != "deferred" else jobs)


def _answering(state: str) -> Any:
    async def state_of_task(_: Any) -> str:
        return state

    return state_of_task


async def _cancelled_after(trigger: AnalyzeJobTrigger, steps: int, *, told: bool) -> None:
    """Cancel a trigger after so many turns of the loop, as Airflow does it."""

    async def consume() -> None:
        async for event in trigger.run():
            raise AssertionError(event)

    run = asyncio.create_task(consume())
    for _ in range(steps):
        await asyncio.sleep(0)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    if told:
        await trigger.on_kill()
    await asyncio.gather(*kills._background)
