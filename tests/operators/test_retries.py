"""A job is paid once: what a retry, a clear, a kill and a second worker make of an earlier submission."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.exceptions import (
    RecordError,
    ServiceUnavailableError,
    SubmissionLostError,
)
from airflow_provider_language.operators.analyze import FetchAnalyzeResultsOperator, SubmitAnalyzeJobOperator
from airflow_provider_language.protocol.defaults import KEPT
from airflow_provider_language.protocol.once.plan import LEASE_MARGIN
from airflow_provider_language.protocol.once.record import Phase, Record
from airflow_provider_language.running.state_stores import state_store
from tests.airflow_stands import (
    KEY,
    TaskDeferred,
    TaskInstance,
    TaskStateStore,
    context_of,
    through_the_triggerer,
)
from tests.emulator.fakes import fake_detect, fake_engines
from tests.time_travel import Time, time_travel

RECORD = "azure_language_submission"
DAY = KEPT + 1
DIGEST_KEY = "0123456789abcdef0123456789abcdeF"


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    with time_travel(monkeypatch) as running:
        yield running


def make(**options: Any) -> Any:
    options = {"documents": ["hello"], "tasks": ["KeyPhraseExtraction"], "language": "en", **options}
    return SubmitAnalyzeJobOperator(task_id="task", **{"defer_after": 0.0, **options})


def submit(ti: TaskInstance, **options: Any) -> str:
    location: str = make(**options).execute(context_of(ti))
    return location


def next_try(ti: TaskInstance) -> TaskInstance:
    """Airflow tries again: another number, no XComs, the same store."""
    ti.try_number += 1
    ti.xcoms = {}
    return ti


def cleared(ti: TaskInstance) -> TaskInstance:
    """A user clears the task: tries count on, and so many more are allowed."""
    ti.max_tries = ti.try_number
    return next_try(ti)


def submissions(service: Emulator) -> int:
    return sum(entry.accepted is not None for entry in service.journal)


def cancelled(service: Emulator) -> list[str]:
    return [
        entry.path.removesuffix(":cancel").rpartition("/")[2]
        for entry in service.journal.select(operation="cancel")
        if entry.status < 300
    ]


def job_id(location: str) -> str:
    return location.partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=["task state store", "file"])
def ti(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TaskInstance:
    """A task instance in each of the Airflows: with a store for its state, and without one."""
    if request.param == "task state store":
        return TaskInstance()
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__STATE_PATH", str(tmp_path / "state"))
    return TaskInstance(store=None)  # type: ignore[arg-type]


def test_a_retry_goes_on_with_the_job_that_is_running(
    endless: Emulator, ti: TaskInstance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    first = submit(ti)
    assert "Submitting 1 documents" in caplog.text
    caplog.clear()

    assert submit(next_try(ti)) == first

    assert submissions(endless) == 1
    assert "submitt" not in caplog.text.lower().replace("which try 1 submitted", "")
    assert ti.xcoms["operation_location"] == first


def test_a_retry_uses_the_job_that_has_ended_well(language: Emulator, ti: TaskInstance) -> None:
    first = submit(ti)

    assert submit(next_try(ti), wait_for_completion=True, poll_interval=0.0) == first

    assert submissions(language) == 1


def test_a_mapped_task_goes_on_with_its_own_job(endless: Emulator, ti: TaskInstance) -> None:
    others = [TaskInstance(map_index=index, store=ti.store) for index in range(2)]
    if ti.store is not None:
        for one in others:  # Airflow keeps a store for each map index
            one.store = type(ti.store)()
    firsts = [submit(one) for one in others]

    assert [submit(next_try(one)) for one in others] == firsts
    assert len(set(firsts)) == 2


@pytest.mark.parametrize("effect", ["fail-job", "cancelled"])
@pytest.mark.parametrize("deferrable", [False, True])
def test_a_retry_submits_anew_where_the_job_failed_or_was_cancelled(
    language: Emulator, ti: TaskInstance, effect: Any, deferrable: bool
) -> None:
    fault = Fault("fail-job") if effect == "fail-job" else Fault("endless")
    language.faults.add(fault)
    first = submit(ti)
    if effect == "cancelled":
        make().hook.cancel(first)

    if deferrable:
        with pytest.raises(TaskDeferred):
            submit(next_try(ti), wait_for_completion=True, deferrable=True)
    else:
        submit(next_try(ti), wait_for_completion=True, poll_interval=0.0)

    assert ti.xcoms["operation_location"] != first
    assert submissions(language) == 2
    assert submit(next_try(ti)) == submit(next_try(ti))
    assert submissions(language) == 2


@pytest.mark.parametrize("age", [DAY, KEPT - 10])
def test_a_retry_submits_anew_where_the_job_is_no_longer_kept(
    endless: Emulator, ti: TaskInstance, time: Time, age: float
) -> None:
    first = submit(ti)
    endless.faults.add(Fault("expired"))
    time.sleep(age)

    assert submit(next_try(ti)) != first
    assert submissions(endless) == 2


def test_a_retry_fails_where_the_job_is_no_longer_kept_if_that_is_the_policy(
    endless: Emulator, ti: TaskInstance, time: Time
) -> None:
    submit(ti)
    time.sleep(DAY)

    with pytest.raises(AirflowFailException, match="not fetched in time"):
        submit(next_try(ti), on_expired="fail")

    assert submissions(endless) == 1


def test_a_job_that_the_service_has_lost_is_not_taken_for_expired(
    endless: Emulator, ti: TaskInstance
) -> None:
    submit(ti)
    endless.faults.add(Fault("expired"))

    with pytest.raises(AirflowFailException):
        submit(next_try(ti))

    assert submissions(endless) == 1


def test_a_job_is_gone_on_with_where_nobody_has_a_key_to_tell_that_its_input_has_changed(
    endless: Emulator, ti: TaskInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("", DIGEST_KEY, DIGEST_KEY[::-1]):
        monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", key)
        submit(next_try(ti), documents=[f"a text, tried with the key {key}"])

    assert submissions(endless) == 1


@pytest.mark.parametrize("owned", [True, False])
@pytest.mark.parametrize("why", ["other documents", "a clear"])
def test_a_job_that_is_no_longer_wanted_is_replaced_and_cancelled_where_it_is_owned(
    endless: Emulator, ti: TaskInstance, why: str, owned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", DIGEST_KEY)
    options: dict[str, Any] = {"wait_for_completion": owned, "deferrable": owned}
    operator = make(**options)
    if owned:
        with pytest.raises(TaskDeferred):
            operator.execute(context_of(ti))
    else:
        operator.execute(context_of(ti))
    first = ti.xcoms["operation_location"]
    if why == "other documents":
        next_try(ti)
        options["documents"] = ["good bye"]
    else:
        cleared(ti)

    if owned:
        with pytest.raises(TaskDeferred):
            submit(ti, **options)
    else:
        submit(ti, **options)

    assert cancelled(endless) == ([job_id(first)] if owned else [])
    assert submissions(endless) == 2
    assert ti.xcoms["operation_location"] != first


def test_an_owner_that_cancels_nothing_leaves_the_job_that_is_no_longer_wanted(
    endless: Emulator, ti: TaskInstance
) -> None:
    options = {"wait_for_completion": True, "deferrable": True, "cancel_on_kill": False}
    for _ in range(2):
        with pytest.raises(TaskDeferred):
            submit(ti, **options)
        cleared(ti)

    assert cancelled(endless) == []


def test_a_clear_of_a_clear_is_a_clear(endless: Emulator, ti: TaskInstance) -> None:
    locations = [submit(ti), submit(cleared(ti)), submit(cleared(ti))]

    assert len(set(locations)) == 3
    assert submit(next_try(ti)) == locations[-1]


lost_answers = pytest.mark.parametrize(
    "fault",
    [
        Fault("lost", operation="submit", after=True),
        Fault("reset", operation="submit", after=True),
        Fault("error", operation="submit", after=True, status=500),
        Fault("error", operation="submit", after=True, status=504),
    ],
    ids=lambda fault: f"{fault.effect}-{fault.status}",
)


@lost_answers
def test_a_lost_answer_is_counted_in_the_manifest_of_the_results(
    language: Emulator, ti: TaskInstance, tmp_path: Path, fault: Fault
) -> None:
    language.faults.add(fault)
    with pytest.raises(SubmissionLostError):
        submit(ti)
    submit(next_try(ti))

    fetch = FetchAnalyzeResultsOperator(
        task_id="fetch",
        operation_location=ti.xcoms["operation_location"],
        submitted=ti.xcoms["submitted"],
        output_path=str(tmp_path / "rows.jsonl"),
    )

    assert fetch.execute(context_of())["lost_submissions"] == 1
    assert submissions(language) == 2


def test_a_lost_answer_is_not_submitted_again_if_that_is_the_policy(
    language: Emulator, ti: TaskInstance
) -> None:
    language.faults.add(Fault("lost", operation="submit", after=True))

    for _ in range(2):
        with pytest.raises(AirflowFailException):
            submit(ti, on_lost_submission="fail")
        next_try(ti)

    assert submissions(language) == 1


def test_losses_are_counted_until_a_job_is_used_and_not_beyond_a_clear(
    language: Emulator, ti: TaskInstance
) -> None:
    language.faults.add(Fault("lost", operation="submit", after=True, times=3))
    for _ in range(3):
        with pytest.raises(SubmissionLostError):
            submit(ti)
        next_try(ti)

    submit(ti)
    assert ti.xcoms["submitted"]["lost_submissions"] == 3
    submit(next_try(ti))
    assert ti.xcoms["submitted"]["lost_submissions"] == 3
    submit(cleared(ti))
    assert ti.xcoms["submitted"]["lost_submissions"] == 0


@pytest.mark.parametrize("policy", ["resubmit", "fail"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault("throttled", operation="submit", times=None),
        Fault("error", operation="submit", times=None, status=503, retry_after=7),
    ],
    ids=["429", "503 with a pause"],
)
def test_a_submission_that_was_refused_is_not_lost_though_its_worker_was(
    language: Emulator, ti: TaskInstance, policy: Any, fault: Fault
) -> None:
    number = language.faults.add(fault)
    with pytest.raises(ServiceUnavailableError):
        submit(ti, tolerance=0.0)
    language.faults.remove(number)

    submit(next_try(ti), on_lost_submission=policy)

    assert ti.xcoms["submitted"]["lost_submissions"] == 0
    assert submissions(language) == 1


class Gone(BaseException):
    """The worker's process is gone; nothing of it handles this."""


@pytest.mark.parametrize("policy", ["resubmit", "fail"])
def test_a_worker_that_dies_between_two_refusals_has_lost_nothing(
    language: Emulator, ti: TaskInstance, time: Time, policy: Any
) -> None:
    language.faults.add(Fault("throttled", operation="submit", retry_after=120))
    time.on_sleep = lambda: (_ for _ in ()).throw(Gone)
    with pytest.raises(Gone):
        submit(ti)
    time.on_sleep = None

    submit(next_try(ti), on_lost_submission=policy)

    assert ti.xcoms["submitted"]["lost_submissions"] == 0
    assert submissions(language) == 1


def test_a_refusal_for_good_is_followed_by_a_submission_if_it_is_tried_again(
    language: Emulator, ti: TaskInstance, connect: Callable[..., str]
) -> None:
    connect(language.endpoint, key="wrong")
    with pytest.raises(AirflowFailException):
        submit(ti)
    connect(language.endpoint)

    submit(next_try(ti), on_lost_submission="fail")

    assert submissions(language) == 1


def test_where_the_record_cannot_be_read_nothing_is_submitted(language: Emulator) -> None:
    ti = TaskInstance()
    ti.store.is_broken = True

    with pytest.raises(RecordError):
        submit(ti)

    assert len(language.journal) == 0


@pytest.mark.parametrize("value", ["nonsense", {"phase": "accepted"}, [], 7])
def test_where_the_record_is_damaged_nothing_is_submitted(language: Emulator, value: Any) -> None:
    ti = TaskInstance()
    ti.store.set(RECORD, value)

    with pytest.raises(RecordError):
        submit(ti)

    assert len(language.journal) == 0


class BreakingStore(TaskStateStore):
    """It does not answer any more once the service has accepted a job."""

    def __init__(self, service: Emulator) -> None:
        super().__init__()
        self._service = service

    def _require_answer(self) -> None:
        self.is_broken = submissions(self._service) > 0
        super()._require_answer()


class Mute(TaskInstance):
    """Its XComs cannot be pushed."""

    def xcom_push(self, key: str, value: Any) -> None:
        raise RuntimeError("the API server does not answer")


def test_where_the_job_cannot_be_recorded_the_task_goes_on(endless: Emulator) -> None:
    ti = TaskInstance(store=BreakingStore(endless))

    location = submit(ti)

    assert ti.xcoms["operation_location"] == location
    assert cancelled(endless) == []


def test_where_the_job_can_be_told_to_nobody_it_is_cancelled(endless: Emulator) -> None:
    ti = Mute(store=BreakingStore(endless))

    with pytest.raises(RuntimeError):
        submit(ti)

    assert submissions(endless) == len(cancelled(endless)) == 1


def test_where_the_job_is_recorded_and_cannot_be_told_it_goes_on_for_the_retry(endless: Emulator) -> None:
    ti = Mute()
    with pytest.raises(RuntimeError):
        submit(ti)

    submit(TaskInstance(try_number=2, store=ti.store))

    assert (submissions(endless), cancelled(endless)) == (1, [])


def test_a_job_that_could_not_be_recorded_counts_as_lost_for_a_retry(endless: Emulator, time: Time) -> None:
    ti = TaskInstance(store=BreakingStore(endless))
    submit(ti)
    working = TaskStateStore()
    working._values = ti.store._values
    ti.store = working

    submit(next_try(ti))

    assert ti.xcoms["submitted"]["lost_submissions"] == 1
    assert submissions(endless) == 2


@pytest.fixture
def airflows_handler() -> Iterator[Callable[[Any], None]]:
    """Install what Airflow handles a kill with: it calls on_kill of the task that is running."""
    before = signal.getsignal(signal.SIGTERM)

    def install(operator: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: operator.on_kill())

    yield install
    signal.signal(signal.SIGTERM, before)


class KillingStore(TaskStateStore):
    """SIGTERM comes once, at the moment at which the acceptance is written down."""

    kills = 0

    def set(self, key: str, value: Any) -> None:
        super().set(key, value)
        if value["phase"] == "accepted" and not self.kills:
            self.kills += 1
            signal.raise_signal(signal.SIGTERM)


@pytest.mark.parametrize("wait", [True, False])
def test_a_task_that_is_killed_before_it_submits_sends_nothing(
    endless: Emulator, ti: TaskInstance, wait: bool
) -> None:
    operator = make(wait_for_completion=wait)
    operator.on_kill()

    with pytest.raises(AirflowFailException, match="nothing was submitted"):
        operator.execute(context_of(ti))

    assert len(endless.journal) == 0
    assert submit(next_try(ti)) == ti.xcoms["operation_location"]
    assert ti.xcoms["submitted"]["lost_submissions"] == 0


def test_a_task_that_is_killed_while_it_submits_cancels_the_job(
    language: Emulator, airflows_handler: Callable[[Any], None]
) -> None:
    language.faults.add(Fault("endless"))
    operator = make(wait_for_completion=True)
    ti = TaskInstance(store=KillingStore())
    airflows_handler(operator)

    with pytest.raises(AirflowFailException):
        operator.execute(context_of(ti))

    assert submissions(language) == len(cancelled(language)) == 1


def test_a_retry_after_a_kill_submits_anew_for_its_job_was_cancelled(
    language: Emulator, airflows_handler: Callable[[Any], None]
) -> None:
    language.faults.add(Fault("endless"))
    operator = make(wait_for_completion=True)
    ti = TaskInstance(store=KillingStore())
    airflows_handler(operator)
    with pytest.raises(AirflowFailException):
        operator.execute(context_of(ti))

    submit(next_try(ti), wait_for_completion=True)

    assert submissions(language) == 2
    assert ti.xcoms["submitted"]["lost_submissions"] == 0


def test_a_task_that_is_killed_while_it_looks_at_an_earlier_job_cancels_it(
    endless: Emulator, ti: TaskInstance, time: Time
) -> None:
    options = {"wait_for_completion": True, "deferrable": True}
    with pytest.raises(TaskDeferred):
        submit(ti, **options)
    first = ti.xcoms["operation_location"]
    operator = make(**options)
    number = endless.faults.add(Fault("error", operation="status", times=1))

    def killed() -> None:
        time.on_sleep = None
        endless.faults.remove(number)
        operator.on_kill()

    time.on_sleep = killed
    with pytest.raises((AirflowFailException, TaskDeferred)):
        operator.execute(context_of(next_try(ti)))

    assert cancelled(endless) == [job_id(first)]
    assert submissions(endless) == 1


@pytest.fixture
def hourly(connect: Callable[..., str]) -> Iterator[Emulator]:
    """An emulator whose jobs take an hour."""
    with Emulator(key=KEY, duration=3600, engines=fake_engines(), detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


def run(ti: TaskInstance, *, deferrable: bool) -> str:
    """Execute the task, and resume it after each deferral, of which there are not many."""
    options: dict[str, Any] = {"wait_for_completion": True, "deferrable": deferrable, "poll_interval": 60.0}
    step: Callable[[Any], Any] = methodcaller("execute", context_of(ti))
    for _ in range(3):
        with suppress(TaskDeferred), deferring() as deferred:
            location: str = step(make(**options))
            return location
        resumed = through_the_triggerer(deferred[0], first_look=1.0, poll_interval=60.0)
        step = methodcaller("resume_execution", *resumed, context_of(ti))
    raise AssertionError("it does not end")


@contextmanager
def deferring() -> Iterator[list[TaskDeferred]]:
    deferred: list[TaskDeferred] = []
    try:
        yield deferred
    except TaskDeferred as raised:
        deferred.append(raised)
        raise


@pytest.mark.parametrize("deferrable", [False, True])
@pytest.mark.parametrize(("cancellations", "posts"), [(0, 1), (1, 2), (2, 2)])
def test_a_job_that_was_taken_over_and_then_cancelled_is_submitted_once_more_and_only_once(
    hourly: Emulator, ti: TaskInstance, time: Time, *, deferrable: bool, cancellations: int, posts: int
) -> None:
    submit(ti)
    gone: set[str] = set()

    def cancel_the_job() -> None:
        location = ti.xcoms.get("operation_location")
        if location is not None and location not in gone and len(gone) < cancellations:
            gone.add(location)
            make().hook.cancel(location)

    time.on_sleep = cancel_the_job

    if cancellations < 2:
        assert run(next_try(ti), deferrable=deferrable) == ti.xcoms["operation_location"]
    else:
        with pytest.raises(AirflowFailException, match="cancelled"):
            run(next_try(ti), deferrable=deferrable)

    assert submissions(hourly) == posts


@pytest.mark.parametrize("deferrable", [False, True])
def test_a_job_of_its_own_that_is_cancelled_is_not_submitted_again(
    hourly: Emulator, ti: TaskInstance, time: Time, deferrable: bool
) -> None:
    def cancel_the_job() -> None:
        time.on_sleep = None
        make().hook.cancel(ti.xcoms["operation_location"])

    time.on_sleep = cancel_the_job

    with pytest.raises(AirflowFailException, match="cancelled"):
        run(ti, deferrable=deferrable)

    assert submissions(hourly) == 1


def test_a_try_that_takes_over_while_another_submits_again_is_left_alone(
    hourly: Emulator, ti: TaskInstance, time: Time
) -> None:
    submit(ti)
    second = next_try(replace(ti))

    def third_try() -> None:
        time.on_sleep = None
        make().hook.cancel(second.xcoms["operation_location"])
        submit(next_try(replace(second)))

    time.on_sleep = third_try

    with pytest.raises(AirflowFailException):
        run(second, deferrable=False)

    assert submissions(hourly) == 2


def test_a_retry_awaits_what_another_try_may_just_be_sending_and_counts_it_as_lost(
    endless: Emulator, ti: TaskInstance, time: Time
) -> None:
    before = time.now()
    intended = Record(
        attempt=ti.try_number,
        life=ti.max_tries,
        fingerprint="of a try whose worker is gone",
        display_name="",
        phase=Phase.INTENDED,
        at=before,
    )
    state_store(context_of(ti), "submission").write(intended.to_dict())

    submit(next_try(ti))

    assert time.now() - before > LEASE_MARGIN
    assert ti.xcoms["submitted"]["lost_submissions"] == 1
