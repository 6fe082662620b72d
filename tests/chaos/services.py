"""The service is ill, refuses, or has forgotten a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_language.emulator.instruments.faults import Fault
from tests.chaos.endings import PLACES
from tests.chaos.scenarios import scenario

if TYPE_CHECKING:
    from airflow_provider_language.emulator.instruments.fault_effects import Effect
    from tests.chaos.scene import Scene
    from tests.chaos.stand import Stand

DAY = 24 * 3600
EFFECTS: tuple[Effect, ...] = ("throttled", "error", "reset", "truncated", "page", "lost", "hang")
SECONDS_OF_EACH = 8.0


@scenario(each=PLACES)
def an_owner_outlives_an_ill_service(stand: Stand, place: str) -> None:
    with stand.scene(f"impatient_owner_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        fall_ill(scene)
        scene.wait_until_well()
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=1, cancelled=0)
        scene.require_results()


@scenario(each=PLACES)
def a_sensor_outlives_an_ill_service(stand: Stand, place: str) -> None:
    with stand.scene(f"impatient_sensor_in_{place}") as scene:
        scene.wait_until_watched("wait", PLACES[place])
        fall_ill(scene)
        scene.wait_until_well()
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=1, cancelled=0)
        scene.require_results()


@scenario()
def a_fetch_outlives_an_ill_service(stand: Stand) -> None:
    with stand.scene("impatient_fetch") as scene:
        scene.wait_until_watched("submit", "running")
        scene.finish_jobs()
        scene.wait_for("submit", "success")
        fall_ill(scene)
        scene.end("success")
        scene.wait_until_well()
        scene.require(accepted=1, cancelled=0)
        scene.require_results()


@scenario()
def a_wrong_key_fails_at_once(stand: Stand) -> None:
    with stand.scene("owner_in_triggerer", key="a-wrong-key") as scene:
        scene.end("failed")
        scene.require_state("submit", "failed")
        scene.require_tries("submit", 1)
        scene.require(accepted=0, cancelled=0)


@scenario()
def fetching_a_job_of_yesterday_fails_at_once_says_why_and_leaves_the_file(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as scene:
        scene.wait_until_watched("submit", "running")
        scene.finish_jobs()
        scene.end("success")
        scene.emulator.clock.advance(DAY)
        scene.clear("fetch")
        scene.wait_for("fetch", "failed", try_number=2)
        scene.require_tries("fetch", 2)
        scene.require(accepted=1, cancelled=0)
        scene.require_results()
        assert "24 hours" in scene.stack.api.task_log(scene.run, "fetch", try_number=2)


def fall_ill(scene: Scene) -> None:
    """Have the service answer looks in each wrong way, one after another, for longer than is tolerated."""
    for effect in EFFECTS:
        retry_after = 1 if effect == "throttled" else None
        scene.emulator.faults.add(
            Fault(effect, operation="status", times=None, lasts=SECONDS_OF_EACH, retry_after=retry_after)
        )
