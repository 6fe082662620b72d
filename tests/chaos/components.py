"""Triggerers and schedulers die, fall silent and come back while jobs are waited for."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.chaos.scenarios import scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.stand import Stand

SECOND = "second-triggerer"


@scenario(alone=True)
def a_job_outlives_the_triggerer_that_waits_for_it(stand: Stand) -> None:
    with stand.scene("owner_in_triggerer") as owner, stand.scene("sensor_in_triggerer") as sensor:
        owner.wait_until_watched("submit", "deferred")
        sensor.wait_until_watched("wait", "deferred")

        stand.stack.kill("triggerer")
        stand.stack.start("triggerer")

        for scene in (owner, sensor):
            scene.wait_for_looks()
            scene.finish_jobs()
        for scene in (owner, sensor):
            scene.end("success")
            scene.require(accepted=1, cancelled=0)
            scene.require_results()


@scenario(alone=True)
def a_triggerer_that_is_asked_to_end_cancels_no_job(stand: Stand) -> None:
    with stand.scene("owner_in_triggerer") as scene:
        scene.wait_until_watched("submit", "deferred")

        stand.stack.end("triggerer")
        stand.stack.start("triggerer")

        scene.wait_for_looks()
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=1, cancelled=0)


@scenario(alone=True)
def a_triggerer_that_comes_back_after_its_triggers_were_taken_over_cancels_no_job(stand: Stand) -> None:
    with stand.scene("owner_in_triggerer") as scene:
        scene.wait_until_watched("submit", "deferred")
        with second_triggerer(stand):
            with silent_triggerer(stand):
                # The first cannot look any more: it is the second that does.
                scene.wait_for_looks(3)
            # By then the first has told that it lives, and been told that it has lost its triggers.
            scene.wait_for_looks(15)
            scene.require(accepted=1, cancelled=0)
            scene.finish_jobs()
            scene.end("success")
            scene.require(accepted=1, cancelled=0)


@scenario(alone=True)
def jobs_outlive_the_scheduler_and_its_workers(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as in_worker, stand.scene("owner_in_triggerer") as in_triggerer:
        in_worker.wait_until_watched("submit", "running")
        in_triggerer.wait_until_watched("submit", "deferred")

        stand.stack.kill("scheduler")
        stand.stack.start("scheduler")

        in_worker.wait_until_watched("submit", "running", try_number=2)
        for scene in (in_worker, in_triggerer):
            scene.finish_jobs()
        for scene in (in_worker, in_triggerer):
            scene.end("success")
            scene.require(accepted=1, cancelled=0)
            scene.require_results()


@contextmanager
def second_triggerer(stand: Stand) -> Iterator[None]:
    """Have a second triggerer ready to take over."""
    stand.stack.start("triggerer", SECOND)
    try:
        yield
    finally:
        stand.stack.end(SECOND)


@contextmanager
def silent_triggerer(stand: Stand) -> Iterator[None]:
    """Stop the first triggerer, as a machine does that is short of memory."""
    first = stand.stack.process("triggerer")
    first.send_to_all(signal.SIGSTOP)
    try:
        yield
    finally:
        first.send_to_all(signal.SIGCONT)
