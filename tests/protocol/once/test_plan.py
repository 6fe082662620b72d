"""What a try makes of the record of an earlier one: a table, and what holds whatever was recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.defaults import KEPT
from airflow_provider_language.protocol.jobs.status import EXPIRY_TOLERANCE, is_expired, job_from
from airflow_provider_language.protocol.once.fingerprints import UNKNOWN, has_changed
from airflow_provider_language.protocol.once.plan import Move, Plan, losses, plan, unusable
from airflow_provider_language.protocol.once.record import Attempt, Record
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from tests.protocol.answers import job_body
from tests.protocol.once.examples import (
    INTENDED,
    LOST,
    NOW,
    RECORD,
    REFUSED,
    RETRY,
    counts,
    moments,
    names,
    records,
)

LEASE = 90.0


def decide(record: Record | None, attempt: Attempt = RETRY, wanted: str = "key:mine") -> Plan:
    return plan(record, attempt, wanted, now=NOW, lease=LEASE)


@pytest.mark.parametrize(
    ("record", "attempt", "wanted", "move"),
    [
        (None, Attempt(1, 3), "key:mine", Move.SUBMIT),
        (None, Attempt(7, 9), "key:mine", Move.SUBMIT),
        (RECORD, RETRY, "key:mine", Move.ATTACH),
        (RECORD, Attempt(2, 3), "key:mine", Move.ATTACH),
        (RECORD, RETRY, "key:another", Move.REPLACE),
        (RECORD, RETRY, "rotated:another", Move.ATTACH),
        (RECORD, RETRY, UNKNOWN, Move.ATTACH),
        (replace(RECORD, fingerprint=UNKNOWN), RETRY, "key:mine", Move.ATTACH),
        (replace(RECORD, fingerprint=UNKNOWN), RETRY, UNKNOWN, Move.ATTACH),
        (RECORD, Attempt(3, 5), "key:mine", Move.REPLACE),
        (RECORD, Attempt(3, 5), "key:another", Move.REPLACE),
        (RECORD, Attempt(1, 3), "key:mine", Move.STAND_ASIDE),
        (RECORD, Attempt(1, 1), "key:another", Move.STAND_ASIDE),
        (INTENDED, RETRY, "key:mine", Move.AWAIT),
        (INTENDED, RETRY, "key:another", Move.AWAIT),
        (INTENDED, Attempt(3, 5), "key:mine", Move.REPLACE),
        (INTENDED, Attempt(1, 3), "key:mine", Move.STAND_ASIDE),
        (replace(INTENDED, at=NOW - LEASE), RETRY, "key:mine", Move.LOST),
        (replace(INTENDED, at=NOW - LEASE), Attempt(1, 3), "key:mine", Move.STAND_ASIDE),
        (LOST, RETRY, "key:mine", Move.LOST),
        (LOST, RETRY, "key:another", Move.LOST),
        (LOST, Attempt(3, 5), "key:mine", Move.REPLACE),
        (REFUSED, RETRY, "key:mine", Move.SUBMIT),
        (REFUSED, RETRY, "key:another", Move.SUBMIT),
        (REFUSED, Attempt(3, 5), "key:mine", Move.REPLACE),
    ],
)
def test_each_record_has_one_move(record: Record | None, attempt: Attempt, wanted: str, move: Move) -> None:
    assert decide(record, attempt, wanted).move is move


def test_where_it_cannot_be_told_whether_the_input_has_changed_the_plan_says_so() -> None:
    assert decide(RECORD).reason == ""
    assert "cannot be told" in decide(RECORD, wanted=UNKNOWN).reason


@pytest.mark.parametrize(("ago", "seconds"), [(0.0, LEASE), (10.0, LEASE - 10), (LEASE - 1, 1.0)])
def test_an_intention_is_awaited_for_what_is_left_of_its_lease(ago: float, seconds: float) -> None:
    assert decide(replace(INTENDED, at=NOW - ago)).seconds == seconds


@pytest.mark.parametrize("ahead", [1.0, 86_400.0, 31_536_000.0])
def test_an_intention_from_a_clock_that_is_fast_is_awaited_for_a_lease_and_no_longer(ahead: float) -> None:
    fast = replace(INTENDED, at=NOW + ahead)
    assert decide(fast).seconds == LEASE
    assert plan(fast, RETRY, "key:mine", now=NOW, lease=LEASE, seen=NOW - 10).seconds == LEASE - 10
    assert plan(fast, RETRY, "key:mine", now=NOW, lease=LEASE, seen=NOW - LEASE).move is Move.LOST


@given(record=records(), number=counts, life=counts, wanted=names, now=moments, lease=moments)
def test_no_try_submits_or_attaches_where_a_later_one_has_taken_over(
    *, record: Record, number: int, life: int, wanted: str, now: float, lease: float
) -> None:
    found = plan(record, Attempt(number, life), wanted, now=now, lease=lease)

    assert (found.move is Move.STAND_ASIDE) is (record.attempt > number)


@given(record=records(), number=counts, life=counts, wanted=names, now=moments, lease=moments)
def test_only_an_accepted_job_of_the_same_life_and_input_is_attached_to(
    *, record: Record, number: int, life: int, wanted: str, now: float, lease: float
) -> None:
    found = plan(record, Attempt(number, life), wanted, now=now, lease=lease)

    if found.move is Move.ATTACH:
        assert record.location is not None
        assert record.life == life
        assert not has_changed(record.fingerprint, wanted)


@given(record=records(), now=moments, lease=st.floats(min_value=0, max_value=1e5))
def test_no_try_waits_for_more_than_a_lease(record: Record, now: float, lease: float) -> None:
    found = plan(record, Attempt(record.attempt, record.life), "any", now=now, lease=lease)

    assert 0 <= found.seconds <= lease
    assert (found.seconds > 0) is (found.move is Move.AWAIT)


@pytest.mark.parametrize(
    ("record", "attempt", "move", "lost"),
    [
        (None, RETRY, Move.SUBMIT, 0),
        (replace(LOST, lost=2), RETRY, Move.LOST, 3),
        (replace(RECORD, lost=2), RETRY, Move.ATTACH, 2),
        (replace(RECORD, lost=2), RETRY, Move.REPLACE, 2),
        (replace(REFUSED, lost=2), RETRY, Move.SUBMIT, 2),
        (replace(LOST, lost=2), Attempt(3, 5), Move.REPLACE, 0),
    ],
)
def test_losses_add_up_until_a_clear(record: Record | None, attempt: Attempt, move: Move, lost: int) -> None:
    assert losses(record, attempt, move) == lost


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
