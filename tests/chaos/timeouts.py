"""Time runs out for tasks that own a job, or wait for one, in the triggerer and in the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos.endings import PLACES
from tests.chaos.scenarios import scenario

if TYPE_CHECKING:
    from tests.chaos.stand import Stand


@scenario(each=PLACES)
def the_timeout_of_the_owner_fails_it_and_cancels_its_job(stand: Stand, place: str) -> None:
    with stand.scene(f"owner_with_a_timeout_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        scene.end("failed")
        scene.require_state("submit", "failed")
        scene.require(accepted=1, cancelled=1)


@scenario(each=PLACES)
def the_execution_timeout_of_the_owner_fails_it_and_cancels_its_job(stand: Stand, place: str) -> None:
    with stand.scene(f"owner_with_an_execution_timeout_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        scene.end("failed")
        scene.require_state("submit", "failed")
        scene.require(accepted=1, cancelled=1)


@scenario(each=PLACES)
def the_timeout_of_the_sensor_fails_it_and_cancels_nothing(stand: Stand, place: str) -> None:
    with stand.scene(f"sensor_with_a_timeout_in_{place}") as scene:
        scene.wait_until_watched("wait", PLACES[place])
        scene.end("failed")
        scene.require_state("wait", "failed")
        scene.require_tries("wait", 1)
        scene.require(accepted=1, cancelled=0)


@scenario(each=PLACES)
def the_execution_timeout_of_the_sensor_fails_it_and_cancels_nothing(stand: Stand, place: str) -> None:
    with stand.scene(f"sensor_with_an_execution_timeout_in_{place}") as scene:
        scene.wait_until_watched("wait", PLACES[place])
        scene.end("failed")
        scene.require_state("wait", "failed")
        scene.require(accepted=1, cancelled=0)


@scenario(each=PLACES)
def the_timeout_of_a_soft_sensor_skips_it_and_cancels_nothing(stand: Stand, place: str) -> None:
    with stand.scene(f"soft_sensor_with_a_timeout_in_{place}") as scene:
        scene.wait_until_watched("wait", PLACES[place])
        scene.end("success")
        scene.require_state("wait", "skipped")
        scene.require_state("fetch", "skipped")
        scene.require(accepted=1, cancelled=0)


@scenario(each=PLACES)
def the_timeout_of_the_run_cancels_the_job_of_the_owner(stand: Stand, place: str) -> None:
    with stand.scene(f"owner_in_a_short_run_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        scene.end("failed")
        scene.wait_for_cancellation()
        scene.require_state("submit", "skipped")
        scene.require(accepted=1, cancelled=1)


@scenario(each=PLACES)
def the_timeout_of_the_run_does_not_cancel_the_job_of_a_sensor(stand: Stand, place: str) -> None:
    with stand.scene(f"sensor_in_a_short_run_in_{place}") as scene:
        scene.wait_until_watched("wait", PLACES[place])
        scene.end("failed")
        scene.wait_until_unwatched()
        scene.require_state("wait", "skipped")
        scene.require(accepted=1, cancelled=0)
