"""What a try makes of the record of an earlier one: a table, and what holds whatever was recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.analysis.documents import Document
from airflow_provider_language.analysis.inputs import inputs_from
from airflow_provider_language.analysis.jobs import EXPIRY_TOLERANCE, KEPT, is_expired, job_from
from airflow_provider_language.analysis.records import (
    Attempt,
    Phase,
    Plan,
    Record,
    Step,
    fingerprint,
    losses,
    plan,
    unusable,
)
from airflow_provider_language.analysis.submissions import Submission
from airflow_provider_language.analysis.surfaces import ANALYZE_TEXT
from airflow_provider_language.analysis.tasks import tasks_from
from airflow_provider_language.exceptions import RecordError
from tests.analysis.answers import job_body

ENDPOINT = "https://name.example:443"
LEASE = 90.0
NOW = 1_800_000_000.0
RECORD = Record(
    attempt=2,
    life=3,
    fingerprint="mine",
    display_name="dag/task/run",
    phase=Phase.ACCEPTED,
    at=NOW - 10,
    location="https://name.example/jobs/1",
)
INTENDED = replace(RECORD, phase=Phase.INTENDED, location=None)
LOST = replace(INTENDED, phase=Phase.LOST)
REFUSED = replace(INTENDED, phase=Phase.REFUSED)
RETRY = Attempt(number=3, life=3)

counts = st.integers(min_value=0, max_value=1000)
moments = st.floats(min_value=0, max_value=4e9)
names = st.text(max_size=20)
phases = st.sampled_from(Phase)


@st.composite
def records(draw: st.DrawFn) -> Record:
    phase = draw(phases)
    return Record(
        attempt=draw(counts),
        life=draw(counts),
        fingerprint=draw(names),
        display_name=draw(names),
        phase=phase,
        at=draw(moments),
        location=draw(names) if phase is Phase.ACCEPTED else None,
        lost=draw(counts),
        taken_over=draw(st.booleans()),
    )


def decide(record: Record | None, attempt: Attempt = RETRY, wanted: str = "mine") -> Plan:
    return plan(record, attempt, wanted, now=NOW, lease=LEASE)


@pytest.mark.parametrize(
    ("record", "attempt", "wanted", "step"),
    [
        (None, Attempt(1, 3), "mine", Step.SUBMIT),
        (None, Attempt(7, 9), "mine", Step.SUBMIT),
        (RECORD, RETRY, "mine", Step.ATTACH),
        (RECORD, Attempt(2, 3), "mine", Step.ATTACH),
        (RECORD, RETRY, "another", Step.REPLACE),
        (RECORD, Attempt(3, 5), "mine", Step.REPLACE),
        (RECORD, Attempt(3, 5), "another", Step.REPLACE),
        (RECORD, Attempt(1, 3), "mine", Step.STAND_ASIDE),
        (RECORD, Attempt(1, 1), "another", Step.STAND_ASIDE),
        (INTENDED, RETRY, "mine", Step.AWAIT),
        (INTENDED, RETRY, "another", Step.AWAIT),
        (INTENDED, Attempt(3, 5), "mine", Step.REPLACE),
        (INTENDED, Attempt(1, 3), "mine", Step.STAND_ASIDE),
        (replace(INTENDED, at=NOW - LEASE), RETRY, "mine", Step.LOST),
        (replace(INTENDED, at=NOW - LEASE), Attempt(1, 3), "mine", Step.STAND_ASIDE),
        (LOST, RETRY, "mine", Step.LOST),
        (LOST, RETRY, "another", Step.LOST),
        (LOST, Attempt(3, 5), "mine", Step.REPLACE),
        (REFUSED, RETRY, "mine", Step.SUBMIT),
        (REFUSED, RETRY, "another", Step.SUBMIT),
        (REFUSED, Attempt(3, 5), "mine", Step.REPLACE),
    ],
)
def test_each_record_has_one_step(record: Record | None, attempt: Attempt, wanted: str, step: Step) -> None:
    assert decide(record, attempt, wanted).step is step


@pytest.mark.parametrize(("ago", "seconds"), [(0.0, LEASE), (10.0, LEASE - 10), (LEASE - 1, 1.0)])
def test_an_intention_is_awaited_for_what_is_left_of_its_lease(ago: float, seconds: float) -> None:
    assert decide(replace(INTENDED, at=NOW - ago)).seconds == seconds


def test_an_intention_from_a_clock_that_is_fast_is_awaited_for_a_lease_and_no_longer() -> None:
    assert decide(replace(INTENDED, at=NOW + 86_400)).seconds == LEASE


@given(record=records(), number=counts, life=counts, wanted=names, now=moments, lease=moments)
def test_no_try_submits_or_attaches_where_a_later_one_has_taken_over(
    *, record: Record, number: int, life: int, wanted: str, now: float, lease: float
) -> None:
    found = plan(record, Attempt(number, life), wanted, now=now, lease=lease)

    assert (found.step is Step.STAND_ASIDE) is (record.attempt > number)


@given(record=records(), number=counts, life=counts, wanted=names, now=moments, lease=moments)
def test_only_an_accepted_job_of_the_same_life_and_input_is_attached_to(
    *, record: Record, number: int, life: int, wanted: str, now: float, lease: float
) -> None:
    found = plan(record, Attempt(number, life), wanted, now=now, lease=lease)

    if found.step is Step.ATTACH:
        assert record.location is not None
        assert (record.life, record.fingerprint) == (life, wanted)


@given(record=records(), now=moments, lease=st.floats(min_value=0, max_value=1e5))
def test_no_try_waits_for_more_than_a_lease(record: Record, now: float, lease: float) -> None:
    found = plan(record, Attempt(record.attempt, record.life), "any", now=now, lease=lease)

    assert 0 <= found.seconds <= lease
    assert (found.seconds > 0) is (found.step is Step.AWAIT)


@given(records())
def test_a_record_survives_json(record: Record) -> None:
    assert Record.from_dict(json.loads(json.dumps(record.to_dict()))) == record


@pytest.mark.parametrize("value", [[], "accepted", 7, True, {}])
def test_what_is_no_record_is_damaged(value: object) -> None:
    with pytest.raises(RecordError, match="damaged"):
        Record.from_dict(value)


@pytest.mark.parametrize(
    "damage",
    [
        {"phase": "finished"},
        {"phase": None},
        {"attempt": "2"},
        {"attempt": True},
        {"life": None},
        {"lost": 1.5},
        {"at": "now"},
        {"fingerprint": None},
        {"display_name": 7},
        {"location": None},
        {"location": 7},
        {"taken_over": "yes"},
        {"phase": "intended"},
        {"of another version": 1},
    ],
    ids=str,
)
def test_a_record_with_a_wrong_field_is_damaged(damage: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match="damaged"):
        Record.from_dict({**RECORD.to_dict(), **damage})


@pytest.mark.parametrize("field", ["attempt", "life", "fingerprint", "display_name", "phase", "at"])
def test_a_record_without_a_field_that_it_needs_is_damaged(field: str) -> None:
    value = RECORD.to_dict()
    del value[field]

    with pytest.raises(RecordError, match="damaged"):
        Record.from_dict(value)


def test_an_acceptance_names_the_job_and_its_time() -> None:
    assert INTENDED.accepted("https://job", NOW) == replace(
        INTENDED, phase=Phase.ACCEPTED, location="https://job", at=NOW
    )


@pytest.mark.parametrize("phase", [Phase.REFUSED, Phase.LOST])
def test_a_settled_submission_tells_when(phase: Phase) -> None:
    assert INTENDED.settled(phase, NOW) == replace(INTENDED, phase=phase, at=NOW)


def test_who_takes_a_job_over_changes_neither_the_job_nor_its_age() -> None:
    assert RECORD.by(RETRY) == replace(RECORD, attempt=3, taken_over=True)


@pytest.mark.parametrize(
    ("record", "attempt", "step", "lost"),
    [
        (None, RETRY, Step.SUBMIT, 0),
        (replace(LOST, lost=2), RETRY, Step.LOST, 3),
        (replace(RECORD, lost=2), RETRY, Step.ATTACH, 2),
        (replace(RECORD, lost=2), RETRY, Step.REPLACE, 2),
        (replace(REFUSED, lost=2), RETRY, Step.SUBMIT, 2),
        (replace(LOST, lost=2), Attempt(3, 5), Step.REPLACE, 0),
    ],
)
def test_losses_add_up_until_a_clear(record: Record | None, attempt: Attempt, step: Step, lost: int) -> None:
    assert losses(record, attempt, step) == lost


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("notStarted", None),
        ("running", None),
        ("succeeded", None),
        ("partiallyCompleted", None),
        ("a status of tomorrow", None),
        ("failed", "its job failed"),
        ("cancelled", "its job was cancelled"),
        ("cancelling", "its job was cancelled"),
        ("Cancelling", "its job was cancelled"),
    ],
)
def test_only_a_job_that_failed_or_was_cancelled_is_submitted_anew(status: str, reason: str | None) -> None:
    job = job_from(ANALYZE_TEXT, job_body(status))

    assert job is not None
    assert unusable(job) == reason


def test_a_job_that_is_not_found_is_expired_a_little_before_its_time() -> None:
    assert is_expired(NOW - KEPT, NOW)
    assert is_expired(NOW - KEPT + EXPIRY_TOLERANCE, NOW)
    assert not is_expired(NOW - KEPT + EXPIRY_TOLERANCE + 1, NOW)


def submission(**changed: Any) -> Submission:
    fields = {
        "documents": (Document("a", "one", "en"), Document("b", "two")),
        "tasks": tasks_from(["KeyPhraseExtraction", "SentimentAnalysis"]),
        "display_name": "mine",
        "version": "2025-05-15-preview",
    }
    return Submission(**{**fields, **changed})


def native(sas: str = "", path: str = "a.pdf") -> Submission:
    folder = "https://account.blob.core.windows.net"
    row = {"id": "a", "source": f"{folder}/in/{path}{sas}", "target": f"{folder}/out{sas}"}
    return Submission(inputs_from([row]), tasks_from(["PiiEntityRecognition"]), "2026-05-15-preview")


@given(st.one_of(st.none(), st.text(min_size=1, max_size=40)))
def test_a_fingerprint_ignores_the_display_name(name: str | None) -> None:
    assert fingerprint(submission(display_name=name), ENDPOINT) == fingerprint(submission(), ENDPOINT)


@pytest.mark.parametrize("sas", ["", "?sig=abc&se=2026-11-22", "?sig=xyz&se=2027-01-01"])
def test_a_fingerprint_ignores_a_signature(sas: str) -> None:
    assert fingerprint(native(sas), ENDPOINT) == fingerprint(native("?sig=first"), ENDPOINT)


def test_a_fingerprint_is_of_the_blob() -> None:
    assert fingerprint(native(path="b.pdf"), ENDPOINT) != fingerprint(native(), ENDPOINT)


@pytest.mark.parametrize(
    "changed",
    [
        {"documents": (Document("a", "one", "en"),)},
        {"documents": (Document("b", "two"), Document("a", "one", "en"))},
        {"documents": (Document("a", "One", "en"), Document("b", "two"))},
        {"documents": (Document("a", "one", "de"), Document("b", "two"))},
        {"documents": (Document("A", "one", "en"), Document("b", "two"))},
        {"tasks": tasks_from(["SentimentAnalysis", "KeyPhraseExtraction"])},
        {"tasks": tasks_from(["KeyPhraseExtraction"])},
        {"tasks": tasks_from(["KeyPhraseExtraction", {"kind": "SentimentAnalysis", "taskName": "mood"}])},
        {
            "tasks": tasks_from(
                ["KeyPhraseExtraction", {"kind": "SentimentAnalysis", "parameters": {"opinionMining": True}}]
            )
        },
        {"version": "2025-11-15-preview"},
        {"default_language": "en"},
        {"cancel_after": 60.0},
    ],
    ids=str,
)
def test_a_fingerprint_ignores_nothing_else(changed: dict[str, Any]) -> None:
    assert fingerprint(submission(**changed), ENDPOINT) != fingerprint(submission(), ENDPOINT)


def test_a_fingerprint_is_of_the_endpoint() -> None:
    assert fingerprint(submission(), ENDPOINT) != fingerprint(submission(), "https://other.example:443")


def test_a_fingerprint_has_nothing_of_the_text_in_it() -> None:
    assert len(fingerprint(submission(), ENDPOINT)) == 64
    assert int(fingerprint(submission(), ENDPOINT), 16) > 0
