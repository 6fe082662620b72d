"""Workers and triggerers die, users and timeouts end tasks, and the service is ill, amid a corpus."""

from __future__ import annotations

import json
import random
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil

from airflow_provider_language.emulator.instruments.faults import Fault
from tests.chaos.scenarios import scenario
from tests.chaos.standard_library import NUMBER, engines, library
from tests.corpus_runs import lasting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.chaos.scene import Scene
    from tests.chaos.stand import Stand

TASK = "analyze"
TASKS = 2
DOCUMENTS_OF_A_JOB = 25
SOME = 3000
"""Documents all of whose jobs are under way at a time, and read again by each worker that goes on."""
FEW = 200
"""Documents where what matters is which jobs there are; all jobs are under way at a time."""
CALLS = 200
"""Each is a job of its own, as personal data is looked for in one at a time."""
KNOWN = 1000
"""Documents of which the ledger knows before two runs begin side by side (`KNOWN` of the DAGs)."""
KNOWN_JOBS = KNOWN // DOCUMENTS_OF_A_JOB
JOBS_OF_FEW = FEW // DOCUMENTS_OF_A_JOB
STRUCK = 0.2
"""The share of all requests that a fault strikes."""
KILLS = 5
# All kinds but a quota that is used up for days, and jobs that end by no other than their expiry.
FAULTS: tuple[Fault, ...] = (
    Fault("throttled", retry_after=1),
    Fault("error", status=500),
    Fault("error", status=503, after=True),
    Fault("lost"),
    Fault("lost", after=True),
    Fault("reset"),
    Fault("reset", after=True),
    Fault("truncated"),
    Fault("page"),
    Fault("page", after=True),
    Fault("slow", seconds=0.5),
    Fault("hang", seconds=0.5),
    Fault("hang", after=True, seconds=0.5),
    Fault("fail-tasks"),
    Fault("fail-job"),
    Fault("expired"),
    Fault("cancelled"),
)
OF_ONE_OPERATION = 2
"""Of the last four, a submission meets two, and a look meets two."""


def weather(seed: int, *, expiries: int | None = None) -> list[Fault]:
    """Faults of each kind, by which so many requests are struck.

    Args:
        seed: decides which.
        expiries: jobs that are gone at the most. All of a segment's jobs are read again by each worker that
            goes on; with expiries in each of these rounds, there would be another one after it.
    """
    each = 1 - (1 - STRUCK) ** (1 / (len(FAULTS) - OF_ONE_OPERATION))
    return [
        replace(
            fault,
            times=expiries if fault.effect == "expired" else None,
            probability=each,
            seed=100 * seed + number,
        )
        for number, fault in enumerate(FAULTS)
    ]


@scenario()
def a_corpus_in_bad_weather_whose_worker_is_killed_again_and_again_has_the_rows_of_a_calm_one(
    stand: Stand,
) -> None:
    with a_part(stand, "corpus", NUMBER, duration=1.5) as calm:
        calm.end("success")
        require_whole(calm, NUMBER)
        wanted = lasting(rows_of(calm))
    moments = random.Random(len(wanted))  # noqa: S311 - repeatable, no secret
    least = NUMBER // DOCUMENTS_OF_A_JOB
    with a_part(stand, "corpus", NUMBER, duration=1.5, faults=weather(1)) as scene:
        for jobs in sorted(moments.sample(range(1, least), KILLS)):
            kill_at(scene, jobs)
        scene.end("success")
        require_struck(scene)
        require_whole(scene, NUMBER)
        assert lasting(rows_of(scene)) == wanted
        assert scene.stack.api.task_instance(scene.run, TASK)["try_number"] > KILLS


@scenario()
def corpora_that_share_a_ledger_in_bad_weather_pay_once_for_what_is_known_and_lose_nothing(
    stand: Stand,
) -> None:
    with a_part(stand, "corpus", SOME, duration=1.5) as calm:
        calm.end("success")
        wanted = without_costs(rows_of(calm))
    moments = random.Random(SOME)  # noqa: S311 - repeatable, no secret
    with a_part(stand, "corpora_with_a_ledger", SOME, duration=1.5, faults=weather(5)) as scene:
        for number, jobs in enumerate(sorted(moments.sample(range(KNOWN_JOBS, 2 * KNOWN_JOBS), KILLS))):
            kill_at(scene, jobs, ("one", "other")[number % 2])
        scene.end("success")
        require_struck(scene)
        manifests = {name: manifest_of(scene, name) for name in ("first", "one", "other")}
        for name in ("one", "other"):
            assert without_costs(rows_of(scene, name)) == wanted
            assert manifests[name]["documents"] == SOME
            assert manifests[name]["rows"] == SOME * TASKS == manifests[name]["ok"]
            assert manifests[name]["reused"] >= KNOWN * TASKS
        jobs = sum(one["jobs"] for one in manifests.values())
        lost = sum(one["lost_submissions"] for one in manifests.values())
        assert jobs <= scene.requests.accepted <= jobs + lost
        for manifest in manifests.values():
            require_reckoned(manifest["text_records"])


@scenario()
def calls_in_bad_weather_whose_worker_is_killed_again_and_again_have_the_rows_of_calm_ones(
    stand: Stand,
) -> None:
    with stand.scene("corpus_of_calls", documents=calls(), duration=1.5) as calm:
        calm.end("success")
        require_whole(calm, CALLS, tasks=1)
        wanted = lasting(rows_of(calm))
    moments = random.Random(CALLS)  # noqa: S311 - repeatable, no secret
    with stand.scene("corpus_of_calls", documents=calls(), duration=1.5, faults=weather(3)) as scene:
        for jobs in sorted(moments.sample(range(1, CALLS), KILLS)):
            kill_at(scene, jobs)
        scene.end("success")
        require_whole(scene, CALLS, tasks=1)
        assert lasting(rows_of(scene)) == wanted


def calls() -> list[dict[str, str]]:
    """The turns of calls, each of them beside the others of its call."""
    said = (("agent", "May I have your name, please?"), ("customer", "John Doe, john@example.com."))
    return [
        {"conversation_id": f"call {number}", "speaker": speaker, "text": text}
        for number in range(CALLS)
        for speaker, text in said
    ]


@scenario(alone=True)
def a_corpus_in_bad_weather_outlives_worker_and_triggerer(stand: Stand) -> None:
    with a_part(stand, "corpus", SOME, duration=1.5) as calm:
        calm.end("success")
        wanted = lasting(rows_of(calm))
    with a_part(stand, "corpus_in_triggerer", SOME, faults=weather(2, expiries=5)) as scene:
        kill_at(scene, SOME // DOCUMENTS_OF_A_JOB // 2)
        for _ in range(2):
            scene.wait_until_watched(TASK, "deferred")
            stand.stack.kill("triggerer")
            stand.stack.start("triggerer")
            scene.wait_for_looks(5)
            end_jobs(scene)

        def over() -> bool | None:
            if scene.state(TASK) == "deferred":
                end_jobs(scene)
            return scene.finished or None

        scene.wait(over, "the end of all rounds", while_running=False)
        scene.end("success")
        require_struck(scene)
        require_whole(scene, SOME)
        assert lasting(rows_of(scene)) == wanted


@scenario(quick=True)
def a_retry_goes_on_with_the_corpus_of_a_killed_worker(stand: Stand) -> None:
    with a_part(stand, "corpus", FEW) as scene:
        watched(scene)
        kill_at(scene, JOBS_OF_FEW)
        scene.try_again(TASK)
        watched(scene, try_number=2)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=JOBS_OF_FEW, cancelled=0)
        require_whole(scene, FEW)


@scenario()
def marking_a_corpus_failed_cancels_nothing_and_a_clear_goes_on(stand: Stand) -> None:
    with a_part(stand, "corpus", FEW) as scene:
        watched(scene)
        scene.mark(TASK, "failed")
        scene.end("failed")
        scene.wait_until_unwatched()
        scene.require(accepted=JOBS_OF_FEW, cancelled=0)
        scene.clear(TASK)
        watched(scene, try_number=2)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=JOBS_OF_FEW, cancelled=0)
        require_whole(scene, FEW)


@scenario()
def marking_a_corpus_failed_cancels_its_jobs_if_it_is_told_to_and_a_clear_submits_them_again(
    stand: Stand,
) -> None:
    with a_part(stand, "corpus_that_cancels", FEW) as scene:
        watched(scene)
        scene.mark(TASK, "failed")
        scene.end("failed")
        scene.wait_until_unwatched()
        scene.require(accepted=JOBS_OF_FEW, cancelled=JOBS_OF_FEW)
        scene.clear(TASK)
        scene.wait_for_jobs(2 * JOBS_OF_FEW)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=2 * JOBS_OF_FEW, cancelled=JOBS_OF_FEW)
        require_whole(scene, FEW)


@scenario()
def a_corpus_goes_on_after_its_execution_timeout(stand: Stand) -> None:
    with a_part(stand, "corpus_with_an_execution_timeout", FEW) as scene:
        watched(scene)
        watched(scene, try_number=2)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=JOBS_OF_FEW, cancelled=0)
        require_whole(scene, FEW)


@scenario()
def a_corpus_that_is_cleared_while_it_runs_goes_on(stand: Stand) -> None:
    with a_part(stand, "corpus", FEW) as scene:
        watched(scene)
        scene.clear(TASK)
        watched(scene, try_number=2)
        scene.finish_jobs()
        scene.end("success")
        scene.require(accepted=JOBS_OF_FEW, cancelled=0)
        require_whole(scene, FEW)


@contextmanager
def a_part(stand: Stand, dag_id: str, documents: int, **more: Any) -> Iterator[Scene]:
    """Analyze so many documents of the library; by default, jobs last until the scene ends them."""
    with stand.scene(dag_id, documents=library()[:documents], engines=engines(), **more) as scene:
        yield scene


def watched(scene: Scene, *, try_number: int = 1) -> None:
    """Wait until all jobs of a few documents have begun, and this try asks for them."""
    scene.wait_for_jobs(JOBS_OF_FEW)
    scene.wait_for(TASK, "running", try_number=try_number)
    scene.wait_for_looks(JOBS_OF_FEW)


def kill_at(scene: Scene, jobs: int, task: str = TASK) -> None:
    """Kill the process that runs a task once so many jobs have begun, and a process runs it."""

    def killed() -> bool | None:
        if scene.requests.accepted < jobs or scene.state(task) != "running":
            return None
        try:
            scene.kill(task)
        except (LookupError, psutil.NoSuchProcess):  # between two tries
            return None
        return True

    scene.wait(killed, f"a worker to kill after {jobs} jobs")


def end_jobs(scene: Scene) -> None:
    """Let the time pass that jobs take which are under way; where there are none, it is nobody's."""
    if any(job.status in {"notStarted", "running"} for job in scene.emulator.jobs()):
        scene.finish_jobs()


def rows_of(scene: Scene, name: str = "") -> list[dict[str, Any]]:
    """The rows of all parts, in their order.

    Args:
        scene: whose rows.
        name: of the folder below the scene's destination, if it has several.
    """
    parts = sorted(_results(scene, name).glob("part-*.jsonl"))
    return [json.loads(line) for part in parts for line in part.read_text().splitlines()]


def without_costs(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without what differs between one that was paid for, and one that was copied."""
    costs = ("reused_from", "text_records")
    return [{name: value for name, value in row.items() if name not in costs} for row in lasting(rows)]


def manifest_of(scene: Scene, name: str = "") -> dict[str, Any]:
    """The manifest of the only run at a destination; see :func:`rows_of`."""
    manifest: dict[str, Any] = json.loads((_results(scene, name) / "_manifest.json").read_text())
    return manifest


def _results(scene: Scene, name: str = "") -> Path:
    [folder] = (scene.output.parent / "corpus" / name / "results").iterdir()
    return folder


def require_struck(scene: Scene) -> None:
    """Require that every fault of the weather has struck, and about as often as it is to."""
    assert all(one.struck for one in scene.emulator.faults)
    entries = list(scene.emulator.journal)
    struck = sum(entry.fault is not None for entry in entries) / len(entries)
    assert abs(struck - STRUCK) < STRUCK / 4, struck


def require_reckoned(records: dict[str, int]) -> None:
    """Require of text records that no more are charged than what is told was asked for, or may be lost."""
    asked = records["quoted"] - records["saved"] + records["healed"]
    assert records["charged"] - asked == records["difference"] <= records["lost"]


def require_whole(scene: Scene, documents: int, *, tasks: int = TASKS) -> None:
    """Require a row of each document and task, and a manifest that tells no other than files and service.

    Raises:
        AssertionError: something is missing, doubled, or paid and not told.
    """
    manifest, records = manifest_of(scene), manifest_of(scene)["text_records"]
    rows, accepted = rows_of(scene), scene.requests.accepted
    statuses = [sum(row["status"] == status for row in rows) for status in ("ok", "error", "missing")]
    try:
        assert (_results(scene) / "_SUCCESS").exists()
        assert manifest["complete"]
        assert len({(row["document_id"], row["kind"]) for row in rows}) == len(rows) == documents * tasks
        assert [manifest["documents"], manifest["rows"]] == [documents, len(rows)]
        assert [manifest["ok"], manifest["error"], manifest["missing"]] == statuses
        assert manifest["jobs"] <= accepted <= manifest["jobs"] + manifest["lost_submissions"]
        require_reckoned(records)
    except AssertionError as error:
        told = f"accepted: {accepted}, {json.dumps({**manifest, 'tasks': None})}"
        raise AssertionError(f"{error}\n{told}\n{scene.picture()}") from error
