"""On Celery, with all files on object storage: the loss of a worker and of a triggerer costs nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.emulator.instruments.faults import Fault
from tests.chaos.celery import STATE, TRIGGERERS, WORKERS, CeleryStand, celery_stand
from tests.chaos.corpora import (
    DOCUMENTS_OF_A_JOB,
    SOME,
    TASK,
    a_part,
    end_jobs,
    manifest_of,
    require_whole,
    rows_of,
)
from tests.chaos.scenarios import PLAYED, TOLD
from tests.matrix.__main__ import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.chaos.scene import Scene

NEWEST = ROWS[-1].airflow

SLOW = Fault("slow", operation="submit", seconds=1, times=None)
"""Leaves time for a worker to be killed while submissions are under way."""

pytestmark = pytest.mark.system


@pytest.fixture
def stand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CeleryStand]:
    if NEWEST not in (request.config.getoption("--airflow", default=None) or []):
        pytest.skip(f"played by `python -m tests.chaos {NEWEST} -k celery`, which installs Celery")
    with celery_stand(tmp_path_factory.mktemp("celery")) as stand:
        yield stand


def test_a_corpus_and_a_job_outlive_a_worker_and_a_triggerer_and_nothing_is_paid_twice(
    stand: CeleryStand, record_property: Callable[[str, object], None]
) -> None:
    record_property(PLAYED, ("on Celery, a corpus and a job outlive a worker and a triggerer", NEWEST))
    began = time.monotonic()
    with (
        a_part(stand, "corpus_in_triggerer", SOME, faults=[SLOW]) as corpus,
        stand.scene("owner_in_triggerer") as owner,
    ):
        corpus.wait_for_jobs(SOME // DOCUMENTS_OF_A_JOB // 2)
        killed = [stand.kill_who_asks(corpus, WORKERS)]
        for scene, task in ((corpus, TASK), (owner, "submit")):
            scene.wait_until_watched(task, "deferred")
        killed.append(stand.kill_who_asks(corpus, TRIGGERERS))
        corpus.wait_for_looks(5)
        for scene in (owner, corpus):
            end(scene)
            stand.fetch(scene)
        require_whole(corpus, SOME)
        owner.require(accepted=1, cancelled=0)
        owner.require_results()
        assert stand.names(STATE)
        record_property(TOLD, told(corpus, killed, time.monotonic() - began))


def end(scene: Scene) -> None:
    """Let jobs end whenever the task waits for some, until the run has succeeded."""

    def over() -> bool | None:
        end_jobs(scene)
        return scene.finished or None

    scene.wait(over, "the end of all jobs", while_running=False)
    scene.end("success")


def told(corpus: Scene, killed: list[str], seconds: float) -> str:
    """What happened, and what came of it."""
    manifest = manifest_of(corpus)
    figures = {
        "documents": manifest["documents"],
        "rows": len(rows_of(corpus)),
        "jobs": manifest["jobs"],
        "POSTs": len(corpus.emulator.journal.select(operation="submit")),
        "accepted": corpus.requests.accepted,
        "lost submissions": manifest["lost_submissions"],
        "tries": corpus.stack.api.task_instance(corpus.run, TASK)["try_number"],
        "seconds": round(seconds),
    }
    return f"killed {' and '.join(killed)}: {', '.join(f'{name} {one}' for name, one in figures.items())}"
