"""What is recorded of a submission: JSON, and damage."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.once.record import Phase, Record
from tests.protocol.once.examples import INTENDED, NOW, RECORD, RETRY, records


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
        {"at": float("nan")},
        {"at": float("inf")},
        {"at": -1.0},
        {"at": 10**400},
        {"at": [[]]},
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
