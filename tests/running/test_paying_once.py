"""The record of a task instance, as its tries share it, and what is counted of a job that is paid once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.once.plan import Policies
from airflow_provider_language.protocol.once.record import Attempt
from airflow_provider_language.protocol.wire import Obstacle, Recorded, Unrecorded, WriteRecord
from airflow_provider_language.running.paying_once import Submitter, TaskNotebook

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

INTENDED: dict[str, Any] = {"phase": "intended", "location": None}
ACCEPTED: dict[str, Any] = {"phase": "accepted", "location": "https://job"}
THEIRS: dict[str, Any] = {"phase": "intended", "location": None, "attempt": 7}
NOW = 5.0


class Store:
    """A store in memory.

    Attributes:
        refuses: the words with which it refuses to write.
        fenced: whether it then shows nothing any more, as Airflow 3.3 does to a try that has a successor.
        broken: whether it cannot be read either.
    """

    def __init__(self, record: Any = None) -> None:
        self.record = record
        self.refuses: str | None = None
        self.fenced = False
        self.broken = False

    def read(self) -> Any:
        if self.broken:
            raise RecordError("It cannot be read.")
        return self.record

    def write(self, record: dict[str, Any]) -> None:
        if self.refuses is not None:
            self.record = None if self.fenced else self.record
            raise RecordError(self.refuses)
        self.record = record


class Counts:
    """Airflow's metrics, kept."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def incr(self, stat: str, count: int = 1) -> None:
        self.counts[stat] += count


def notebook(
    store: Store, jobs: list[str] | None = None, *, killed: bool = False, beside: Store | None = None
) -> TaskNotebook:
    told = [] if jobs is None else jobs
    return TaskNotebook(store, beside, told.append, lambda: killed, clock=lambda: NOW)


@pytest.mark.parametrize("record", [None, INTENDED, "nonsense"])
def test_the_record_is_read_as_it_is_with_its_time(record: Any) -> None:
    assert notebook(Store(record)).read() == Recorded(record, NOW)


def test_a_store_that_cannot_be_read_is_no_store_without_a_record() -> None:
    store = Store()
    store.broken = True

    assert notebook(store).read() == Unrecorded(Obstacle.STORE, "It cannot be read.")
    assert notebook(store).write(WriteRecord(INTENDED, None)).obstacle is Obstacle.STORE  # type: ignore[union-attr]


def test_a_record_that_is_as_it_was_last_seen_is_replaced() -> None:
    store = Store(INTENDED)

    assert notebook(store).write(WriteRecord(ACCEPTED, INTENDED)) == Recorded(ACCEPTED, NOW)
    assert store.record == ACCEPTED


def test_a_record_that_has_vanished_was_changed_by_nobody() -> None:
    store = Store(None)

    assert notebook(store).write(WriteRecord(ACCEPTED, INTENDED)) == Recorded(ACCEPTED, NOW)
    assert store.record == ACCEPTED


@pytest.mark.parametrize("over", [None, INTENDED])
def test_a_record_of_another_try_stays(over: Any) -> None:
    store = Store(THEIRS)

    assert notebook(store).write(WriteRecord(ACCEPTED, over)) == Unrecorded(Obstacle.OVERTAKEN)
    assert store.record == THEIRS


@pytest.mark.parametrize(
    ("fenced", "why"),
    [(False, Unrecorded(Obstacle.STORE, "No.")), (True, Unrecorded(Obstacle.OVERTAKEN))],
)
def test_a_store_that_shows_nothing_any_more_once_it_refused_has_a_successor(
    *, fenced: bool, why: Unrecorded
) -> None:
    store = Store(INTENDED)
    store.refuses, store.fenced = "No.", fenced

    assert notebook(store).write(WriteRecord(ACCEPTED, INTENDED)) == why


def test_a_job_is_answered_for_before_it_is_written_down() -> None:
    store, jobs = Store(INTENDED), list[str]()
    store.refuses = "No."

    notebook(store, jobs).write(WriteRecord(ACCEPTED, INTENDED))

    assert jobs == ["https://job"]


def test_a_task_that_is_being_ended_intends_nothing_but_writes_down_what_it_did() -> None:
    store = Store()

    assert notebook(store, killed=True).write(WriteRecord(INTENDED, None)) == Unrecorded(Obstacle.ENDING)
    assert notebook(store, killed=True).write(WriteRecord(ACCEPTED, None)) == Recorded(ACCEPTED, NOW)


def test_a_job_that_the_store_forgets_is_found_in_its_second_place() -> None:
    store, beside = Store(), Store()
    notes = notebook(store, beside=beside)
    notes.write(WriteRecord(INTENDED, None))
    assert beside.record is None

    notes.write(WriteRecord(ACCEPTED, INTENDED))
    assert notes.read() == Recorded(ACCEPTED, NOW)
    store.record = None

    assert notes.read() == Recorded(None, NOW, ACCEPTED)


def test_a_second_place_that_fails_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    beside = Store()
    beside.refuses, beside.broken = "No.", True
    notes = notebook(Store(), beside=beside)

    assert notes.read() == Recorded(None, NOW)
    assert notes.write(WriteRecord(ACCEPTED, None)) == Recorded(ACCEPTED, NOW)
    assert "A clear of this task may leave its job running: No." in caplog.text


def test_a_job_is_counted_by_the_try_that_submits_it(
    endless: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counts()
    monkeypatch.setattr("airflow_provider_language.hooks.metrics.Stats", counted)
    hook, store = LanguageHook(), Store()
    submission = hook.submission(["hello"], ["KeyPhraseExtraction"], language="en")

    for number in (1, 2):
        Submitter(hook, notebook(store), Attempt(number, 3), Policies()).submit_once(submission)

    assert counted.counts["azure_language.jobs.submitted"] == 1
