"""Users end tasks that own a job, or wait for one, in the triggerer and in the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_language.emulator.instruments.faults import Fault
from tests.chaos.scenarios import scenario

if TYPE_CHECKING:
    from tests.chaos.stand import Stand

PLACES = {"triggerer": "deferred", "worker": "running"}


@scenario(each=PLACES, quick=True)
def marking_the_owner_failed_cancels_its_job(stand: Stand, place: str) -> None:
    with stand.scene(f"owner_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        scene.mark("submit", "failed")
        scene.wait_for_cancellation()
        scene.end("failed")
        scene.require(accepted=1, cancelled=1)


@scenario(each=PLACES)
def marking_the_owner_success_cancels_its_job(stand: Stand, place: str) -> None:
    with stand.scene(f"owner_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        scene.mark("submit", "success")
        scene.wait_for_cancellation()
        scene.require_state("submit", "success")
        scene.require(accepted=1, cancelled=1)


@scenario(each=PLACES)
def failing_the_run_of_the_owner_cancels_its_job(stand: Stand, place: str) -> None:
    with stand.scene(f"owner_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        scene.stack.api.mark_run(scene.run, "failed")
        scene.wait_for_cancellation()
        scene.end("failed")
        scene.require(accepted=1, cancelled=1)


@scenario(each=PLACES)
def clearing_the_owner_cancels_its_job_and_submits_another_one(stand: Stand, place: str) -> None:
    with stand.scene(f"owner_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        scene.clear("submit")
        scene.wait_for_cancellation()
        scene.wait_for_jobs(2)
        scene.wait_for_looks(10)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=2, cancelled=1)
        scene.require_live_jobs(1)
        scene.require_results()


@scenario(each=PLACES)
def clearing_the_owner_cancels_its_job_though_airflow_forgets_it(stand: Stand, place: str) -> None:
    with stand.scene(f"owner_in_{place}") as scene:
        scene.wait_until_watched("submit", PLACES[place])
        scene.clear_and_forget("submit")
        scene.wait_for_jobs(2)
        scene.wait_for_cancellation()
        scene.wait_for_looks(10)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=2, cancelled=1)
        scene.require_live_jobs(1)
        scene.require_results()


@scenario()
def marking_the_owner_failed_while_it_submits_cancels_its_job(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as scene:
        # Airflow waits for five seconds before it kills what it has asked to end.
        scene.emulator.faults.add(Fault("slow", operation="submit", seconds=4))
        scene.wait_for_jobs(1)
        scene.mark("submit", "failed")
        scene.wait_for_cancellation()
        scene.end("failed")
        scene.require(accepted=1, cancelled=1)


@scenario(each=PLACES)
def marking_the_sensor_failed_cancels_nothing(stand: Stand, place: str) -> None:
    with stand.scene(f"sensor_in_{place}") as scene:
        scene.wait_until_watched("wait", PLACES[place])
        scene.mark("wait", "failed")
        scene.end("failed")
        scene.wait_until_unwatched()
        scene.require(accepted=1, cancelled=0)


@scenario(each=PLACES)
def clearing_the_sensor_cancels_nothing(stand: Stand, place: str) -> None:
    with stand.scene(f"sensor_in_{place}") as scene:
        scene.wait_until_watched("wait", PLACES[place])
        scene.clear("wait")
        scene.wait_until_watched("wait", PLACES[place], try_number=2)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=1, cancelled=0)
        scene.require_results()
