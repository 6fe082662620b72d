"""Workers die, and fall silent and come back, in each moment of a task's life."""

from __future__ import annotations

import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psutil

from airflow_provider_language.emulator.instruments.faults import Fault
from tests.chaos.scenarios import scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.scene import Scene
    from tests.chaos.stand import Stand

OLD_ROWS = '{"document_id": "of yesterday"}\n'


@scenario()
def a_worker_killed_before_the_submission_costs_nothing(stand: Stand) -> None:
    with stand.gate() as gate, stand.scene("gated_owner", gate=str(gate.path)) as scene:
        scene.wait_until_held("submit", gate)
        scene.kill("submit")
        gate.open_for_others()
        scene.wait_until_watched("submit", "running", try_number=2)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=1, cancelled=0)
        scene.require_results()


@scenario()
def a_worker_killed_while_a_submission_is_under_way_submits_again(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as scene:
        killed_while_submitting(scene)
        scene.wait_for_jobs(2)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=2, cancelled=0)
        scene.require_results()


@scenario()
def a_worker_killed_while_a_submission_is_under_way_fails_where_that_is_wanted(stand: Stand) -> None:
    with stand.scene("careful_owner") as scene:
        killed_while_submitting(scene)
        scene.end("failed")
        scene.require_state("submit", "failed")
        scene.require(accepted=1, cancelled=0)


@scenario(quick=True)
def a_retry_goes_on_with_the_job_of_a_killed_worker(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as scene:
        scene.wait_until_watched("submit", "running")
        scene.kill("submit")
        is_cleared = scene.try_again("submit")
        scene.wait_until_watched("submit", "running", try_number=2)
        scene.finish_jobs()
        scene.end("success")
        # By the clear, the first job is cancelled, unless its run had ended before that.
        scene.require(accepted=1 + is_cleared, cancelled=scene.requests.cancelled if is_cleared else 0)
        scene.require_results()


@scenario()
def a_retry_goes_on_with_the_job_of_a_machine_that_is_gone(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as scene:
        scene.wait_until_watched("submit", "running")
        scene.kill_with_supervisor("submit")
        scene.wait_until_watched("submit", "running", try_number=2)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=1, cancelled=0)
        scene.require_results()


@scenario()
def a_worker_killed_while_fetching_leaves_the_old_file_whole(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as scene:
        scene.output.write_text(OLD_ROWS)
        scene.wait_until_watched("submit", "running")
        scene.finish_jobs()
        scene.wait_for("submit", "success")
        held = scene.wait_for_fault(Fault("slow", operation="status", seconds=600, times=None))
        scene.kill("fetch")
        assert scene.output.read_text() == OLD_ROWS
        scene.emulator.faults.remove(held)
        scene.end("success")
        scene.require(accepted=1, cancelled=0)
        scene.require_results()


@scenario()
def a_worker_that_comes_back_from_silence_does_not_submit_beside_its_successor(stand: Stand) -> None:
    with stand.gate() as gate, stand.scene("gated_owner", gate=str(gate.path)) as scene:
        scene.wait_until_held("submit", gate)
        with silent(scene, "submit"):
            gate.open_for_others()
            scene.wait_until_watched("submit", "running", try_number=2)
            gate.release()
        scene.wait_for_looks(15)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=1, cancelled=0)
        scene.require_results()


@scenario()
def a_worker_that_comes_back_from_silence_leaves_its_successor_a_job(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as scene:
        scene.wait_until_watched("submit", "running")
        with silent(scene, "submit"):
            scene.wait_until_watched("submit", "running", try_number=2)
        scene.wait_for_looks(15)
        scene.finish_jobs()
        scene.end("success")
        scene.require_results()
        scene.require_live_jobs(1)


@scenario()
def a_submission_that_was_repeated_in_its_silence_is_cancelled(stand: Stand) -> None:
    with stand.scene("owner_in_worker") as scene:
        # Long enough to silence the worker before the answer comes, which it then finds when it wakes up.
        scene.emulator.faults.add(Fault("slow", operation="submit", seconds=10))
        scene.wait_for_jobs(1)
        with silent(scene, "submit"):
            scene.wait_for_jobs(2)
            scene.wait_for_looks()
        scene.wait_for_cancellation()
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=2, cancelled=1)
        scene.require_results()


def killed_while_submitting(scene: Scene) -> None:
    """Kill the worker when the service has accepted the job, and the worker has not been told yet."""
    held = scene.emulator.faults.add(Fault("hang", operation="submit", after=True, seconds=600))
    scene.wait_for_jobs(1)
    scene.kill("submit")
    scene.emulator.faults.remove(held)


@contextmanager
def silent(scene: Scene, task_id: str) -> Iterator[None]:
    """Stop the worker of a task, and whoever looks after it, as a machine does that is short of memory."""
    processes = scene.processes(task_id)
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
