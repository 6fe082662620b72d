"""A try that is held up at any step, while the next one runs to its end, leaves one job and no surprise."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import LanguageError
from airflow_provider_language.operators.analyze import SubmitAnalyzeJobOperator
from tests.airflow_stands import KEY, context_of
from tests.conftest import Connect
from tests.emulator.fakes import fake_detect, fake_engines
from tests.sequences.ledger import Ledger
from tests.sequences.weather import Armed
from tests.sequences.world import Instance, Store, World, strike_at_every_step
from tests.time_travel import time_travel

WITHIN_A_WRITE = ("store set", "file written")


@dataclass(frozen=True)
class Outcome:
    """What two tries came to.

    Args:
        point: where the first one was held up; None if it had fewer steps.
        running: the jobs that go on.
        second: the job that the second try returned.
        lost: how many submissions it told to be lost.
        recorded: what the record says in the end.
    """

    point: str | None
    running: list[str]
    second: str
    lost: int
    recorded: str


def job_of(location: str) -> str:
    return location.partition("?")[0].rpartition("/")[2]


def submitted(world: World, number: int) -> Instance:
    """Run one try, as far as it gets."""
    world.newest = number
    store = Store(world, number) if world.fences else None
    instance = Instance(task_id="submit", try_number=number, max_tries=3, store=store)  # type: ignore[arg-type]
    instance.world = world
    operator = SubmitAnalyzeJobOperator(
        task_id="submit", documents=["hello"], tasks=["KeyPhraseExtraction"], language="en"
    )
    # A zombie fails or succeeds; nobody hears of it.
    with suppress(AirflowFailException, LanguageError), world.process(operator):
        operator.execute(context_of(instance))
    return instance


def two_tries(step: int, patches: pytest.MonkeyPatch, connect: Connect, *, fences: bool) -> Outcome:
    """Hold the first try up at a step, run the second one, and let the first one go on."""
    engines = fake_engines()
    with (
        time_travel(patches) as time,
        Emulator(key=KEY, duration=3600, engines=engines, detect_language=fake_detect) as service,
    ):
        connect(service.endpoint)
        world = World(Random(0), time, service, Ledger(service))  # noqa: S311 - nothing is drawn
        world.fences = fences
        strike_at_every_step(world, patches)
        seconds: list[Instance] = []
        world.succeed = lambda: seconds.append(submitted(world, 2))
        world.arm(Armed("successor", step))

        submitted(world, 1)

        point = next((point for _, point in world.happened), None)
        second = seconds[0] if seconds else submitted(world, 2)
        return Outcome(
            point=point,
            running=[job.id for job in service.jobs() if job.status not in ("cancelled", "cancelling")],
            second=job_of(second.xcoms["operation_location"]),
            lost=second.xcoms["submitted"]["lost_submissions"],
            recorded=job_of(world.ledger.record["location"] or ""),
        )


def require_one_job(outcome: Outcome, *, fences: bool) -> None:
    assert outcome.second in outcome.running
    if outcome.point in WITHIN_A_WRITE and not fences:
        # Between comparing a file and replacing it: no storage compares for us, so both may be paid.
        assert len(outcome.running) <= 2
    else:
        assert outcome.running == [outcome.second]
        assert outcome.recorded == outcome.second


@pytest.mark.parametrize("fences", [True, False], ids=["Airflow 3.3", "files"])
def test_one_job_is_left_and_it_is_that_of_the_second_try(
    fences: bool, connect: Connect, tmp_path: Path
) -> None:
    held_up_at = set()
    for step in count():
        with pytest.MonkeyPatch.context() as patches:
            patches.setenv("AIRFLOW__AZURE_LANGUAGE__STATE_PATH", str(tmp_path / str(step)))
            outcome = two_tries(step, patches, connect, fences=fences)
        require_one_job(outcome, fences=fences)
        if outcome.point is None:
            break
        held_up_at.add(outcome.point)

    steps = {"store get", "store set", "stored", "request", "answered", "xcom push", "xcom pushed"}
    assert held_up_at == (steps if fences else {*steps, "file written"})
