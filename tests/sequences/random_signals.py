"""A corpus whose task gets a signal at a random moment: it ends in time, and each accepted job is noted."""

from __future__ import annotations

import faulthandler
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AIRFLOW_3
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.protocol.corpus.journal import Stage, journal_of
from airflow_provider_language.running.corpus.accounts import total_of
from airflow_provider_language.storage.runs.journals import JournalFolder
from tests.airflow_stands import context_of
from tests.corpus_runs import TASKS, Hurried, paid, write
from tests.draws import draws
from tests.sensors.modes import without_the_database_of_airflow_2

SIGNALS = 100 if draws(4) == 4 else 4
"""Of each kind."""
LONGEST = 1.0
"""Seconds after which a signal comes at the latest; a run that nobody ends takes a little longer."""
IN_TIME = 5.0
"""Seconds after which Airflow 3 sends the next signal, which in the end is SIGKILL."""
HANGING = 60.0
DOCUMENTS = 500
AT_ONCE = 3
"""Submissions that are under way at a time."""
SUBMITTING = 0.12
"""Seconds that each of them takes."""
ENDED, FINISHED, SWALLOWED, FAILED = 0, 10, 11, 12
"""How a task ended: by the signal, or before it came; by no means though it came; by something else."""

pytestmark = pytest.mark.draws
# Where it stands from Airflow 3.1 on.
_TIMEOUT = "airflow.sdk.execution_time.timeout"
timeout: Any = import_module(
    _TIMEOUT if AIRFLOW_3 and find_spec(_TIMEOUT) is not None else "airflow.utils.timeout"
).timeout


class TerminatedError(BaseException):
    """What Airflow 2 raises after on_kill."""


class Terminated:
    """The handler that an Airflow installs for SIGTERM: it calls on_kill, and Airflow 2's raises then."""

    def __init__(self, task: Hurried, *, raises: bool) -> None:
        self.has_come = False
        self._task = task
        self._raises = raises

    def __call__(self, *_: Any) -> None:
        self.has_come = True
        self._task.on_kill()
        if self._raises:
            raise TerminatedError


def task_in(folder: Path) -> Hurried:
    source, destination = str(folder / "a.jsonl"), str(folder / "out")
    return Hurried(task_id="task", source=source, tasks=TASKS, destination=destination, max_unknown=AT_ONCE)


def run_to_a_signal(folder: Path, _: float, *, raises: bool = False) -> int:
    """Run a task that another process ends, by SIGTERM or SIGINT."""
    task = task_in(folder)
    handler = Terminated(task, raises=raises)
    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    (folder / "begun").touch()
    try:
        task.execute(context_of())
        end = time.monotonic() + IN_TIME
        while not handler.has_come and time.monotonic() < end:  # unless it was swallowed, it comes yet
            time.sleep(0.01)
    except (TerminatedError, InterruptedError):
        return ENDED if handler.has_come else FAILED
    return FINISHED if handler.has_come else SWALLOWED


def run_to_a_timeout(folder: Path, after: float) -> int:
    """Run a task that its ``execution_timeout`` ends."""
    end = time.monotonic() + after
    (folder / "begun").touch()
    try:
        with timeout(after):
            task_in(folder).execute(context_of())
    except BaseException as error:  # noqa: BLE001 - the process ends here
        return ENDED if type(error).__name__ == "AirflowTaskTimeout" else FAILED
    return FINISHED if time.monotonic() < end else SWALLOWED


def in_child(run: Callable[[], int]) -> int:
    """Run a task in a process of its own, and return the process."""
    child = os.fork()
    if child:
        return child
    faulthandler.dump_traceback_later(HANGING, exit=True)
    code = FAILED
    try:
        code = run()
    finally:
        os._exit(code)


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.001)


@pytest.fixture
def busy(language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """A service that takes its time to accept a job, so that submissions are under way at any moment."""
    without_the_database_of_airflow_2(monkeypatch)
    write(tmp_path / "a.jsonl", 1)
    task_in(tmp_path).execute(context_of())  # in which all is imported
    language.faults.add(Fault("slow", operation="submit", seconds=SUBMITTING, times=None))
    return language


run_as: dict[str, Callable[[Path, float], int]] = {
    "SIGTERM of Airflow 2": partial(run_to_a_signal, raises=True),
    "SIGTERM of Airflow 3": run_to_a_signal,
    "SIGINT": run_to_a_signal,
    "execution_timeout": run_to_a_timeout,
}


@pytest.mark.parametrize("kind", run_as)
def test_each_signal_ends_the_task_in_time_and_each_accepted_job_is_noted(
    busy: Emulator, tmp_path: Path, kind: str
) -> None:
    chance = random.Random(kind)  # noqa: S311 - moments, no secrets
    ends: Counter[int] = Counter()
    slowest = 0.0
    for number in range(SIGNALS):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(folder / "a.jsonl", DOCUMENTS)
        before, after = paid(busy), chance.uniform(0.001, LONGEST)
        child = in_child(partial(run_as[kind], folder, after))
        wait_for(folder / "begun")
        time.sleep(after)
        at, paid_by_then = time.monotonic(), paid(busy)
        if kind != "execution_timeout":
            os.kill(child, signal.SIGINT if kind == "SIGINT" else signal.SIGTERM)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        took = time.monotonic() - at
        ends[code] += 1
        slowest = max(slowest, took)

        ended = -signal.SIGINT if kind == "SIGINT" else ENDED
        assert code in (ended, FINISHED), (number, after)
        assert took < IN_TIME, (number, after)
        assert paid(busy) - paid_by_then <= AT_ONCE, (number, after)
        require_noted(folder, paid(busy) - before)
    print(f"{kind}: {SIGNALS} signals, ended {dict(ends)}, the slowest after {slowest:.2f} s")

    assert ends[FINISHED] <= SIGNALS / 4


def require_noted(folder: Path, accepted: int) -> None:
    """Require that the journal has each accepted job, and no other, as the next try reads it."""
    journal = journal_of(
        entry
        for place in (folder / "out" / "_journal").glob("*/*")
        for entry in JournalFolder(str(place), 2).entries()
    )
    stages = Counter(note.stage for one in journal.segments.values() for note in one.jobs.values())
    assert total_of(journal.segments.values()).jobs == accepted
    assert set(stages) <= {Stage.ACCEPTED}
