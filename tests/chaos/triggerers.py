"""Triggerers die, fall silent and come back while jobs are waited for."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.chaos.scenarios import scenario

if TYPE_CHECKING:
    from tests.chaos.stand import Stand


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

        first = stand.stack.process("triggerer")
        stand.stack.start("triggerer", "successor")
        first.send_to_all(signal.SIGSTOP)
        try:
            # The first cannot look any more: it is the successor that does.
            scene.wait_for_looks(3)
        finally:
            first.send_to_all(signal.SIGCONT)
        # By then the first has told that it lives, and been told that it has lost its triggers.
        scene.wait_for_looks(15)
        scene.require(accepted=1, cancelled=0)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=1, cancelled=0)
        stand.stack.end("successor")
