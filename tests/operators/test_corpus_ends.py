"""A task that is ended while something hangs: it ends in time all the same, and tells what nobody knows."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.running.corpus.loop import GRACE
from airflow_provider_language.running.corpus.wanted import Corpus
from airflow_provider_language.storage.runs.spools import Spool
from tests.airflow_stands import TaskInstance, context_of
from tests.corpus_runs import TASKS, Hurried, analyze, paid, write

IN_TIME = GRACE + 4.0
"""Seconds of the loop's grace, and some more on a machine that others load."""
HANGING = 30.0
PATIENCE = 60.0
ENDED = 0

pytestmark = pytest.mark.no_cover  # it forks, and coverage has a lock


class EndedError(BaseException):
    """What Airflow's handler of a signal raises."""


class HangingSource(Hurried):
    """Reads a source that does not go on after some documents."""

    def _corpus(self, *given: Any) -> Corpus:
        corpus = super()._corpus(*given)

        def items() -> Iterator[Item]:
            yield from corpus.items()
            (Path(str(self.destination)).parent / "hangs").touch()
            time.sleep(HANGING)

        return replace(corpus, items=items)


class HangingLanding(Hurried):
    """Writes parts to a storage that does not answer."""

    def _corpus(self, *given: Any) -> Corpus:
        folder = Path(str(self.destination)).parent

        def land(*_: Any) -> None:
            (folder / "hangs").touch()
            time.sleep(HANGING)

        Spool.land = land  # type: ignore[assignment,method-assign]  # of this process, which ends with the task
        return super()._corpus(*given)


class KilledWhileItCounts(Hurried):
    """Is killed, as Airflow 3 does it, while its corpus is counted."""

    def _corpus(self, *given: Any) -> Corpus:
        corpus = super()._corpus(*given)

        def items() -> Iterator[Item]:
            for number, item in enumerate(corpus.items()):
                if number == 1:
                    self.on_kill()
                assert number < 3, "it is read on"
                yield item

        return replace(corpus, items=items)


def ended_while_it_hangs(task: type[Hurried], folder: Path, hangs: Callable[[], bool]) -> float:
    """Run a task in a process of its own, end it once it hangs, and return the seconds that this took."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.signal(signal.SIGTERM, _end)
            task(
                task_id="task",
                source=str(folder / "a.jsonl"),
                tasks=TASKS,
                destination=str(folder / "out"),
            ).execute(context_of())
        except EndedError:
            code = ENDED
        finally:
            os._exit(code)  # as a task's process of Airflow ends
    patience = time.monotonic() + PATIENCE
    while not hangs():
        assert time.monotonic() < patience
        time.sleep(0.01)
    began = time.monotonic()
    os.kill(child, signal.SIGTERM)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == ENDED
    return time.monotonic() - began


def _end(*_: object) -> None:
    raise EndedError


@pytest.mark.parametrize("task", [HangingSource, HangingLanding])
def test_a_task_that_is_ended_waits_for_no_storage_that_hangs(
    language: Emulator, tmp_path: Path, task: type[Hurried]
) -> None:
    source = write(tmp_path / "a.jsonl", 60)

    assert ended_while_it_hangs(task, tmp_path, (tmp_path / "hangs").exists) < IN_TIME

    before = paid(language)
    assert analyze(tmp_path, TaskInstance(try_number=2), source=source)["ok"] == 120
    assert paid(language) == max(before, 3) == 3


def test_a_submission_that_hangs_while_a_task_is_ended_is_told_as_lost(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    language.faults.add(Fault("hang", operation="submit", after=True, seconds=HANGING))

    assert ended_while_it_hangs(Hurried, tmp_path, lambda: len(language.jobs()) == 3) < IN_TIME

    manifest = analyze(tmp_path, TaskInstance(try_number=2), source=source)
    assert (manifest["ok"], manifest["lost_submissions"], len(language.jobs())) == (120, 1, 4)


def test_a_task_that_is_killed_while_its_corpus_is_counted_submits_nothing(
    language: Emulator, tmp_path: Path
) -> None:
    task = KilledWhileItCounts(
        task_id="task",
        source=write(tmp_path / "a.jsonl", 60),
        tasks=TASKS,
        destination=str(tmp_path / "out"),
        max_text_records=1000,
    )

    with pytest.raises(InterruptedError):
        task.execute(context_of())

    assert paid(language) == 0
