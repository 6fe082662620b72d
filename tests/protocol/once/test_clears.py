"""A clear: a new job and the old one cancelled, also by a store that forgets; unless its state was kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.once.flow import submit_once
from airflow_provider_language.protocol.once.plan import Policies
from airflow_provider_language.protocol.once.record import Phase
from airflow_provider_language.protocol.wire import Obstacle
from tests.protocol.answers import LOCATION, accepted, answer, refusal
from tests.protocol.notebooks import MemoryNotebook
from tests.protocol.once.test_flow import (
    CANCEL,
    CLEARED,
    LOOK,
    OLD,
    OLD_LOCATION,
    RETRY,
    RUNNING,
    SUBMIT,
    Played,
    case,
    recorded,
)
from tests.protocol.playing import Player

OWNED = Policies(cancels_replaced=True)
CANCEL_OLD = CANCEL.replace(CANCEL.rpartition("/")[2], f"{OLD}:cancel")
BEFORE = recorded(location=OLD_LOCATION)


@pytest.mark.parametrize("attempt", [CLEARED, RETRY], ids=["limits moved", "as of a clear while it ran"])
def test_the_job_of_a_record_that_is_gone_is_cancelled_once_the_next_one_is_begun(attempt: Any) -> None:
    played = Played(answer(202), accepted(), forgotten=BEFORE, attempt=attempt, policies=OWNED)

    kept = played.end()

    assert played.player.lines == [CANCEL_OLD, SUBMIT]
    assert played.phases == ["refused", "intended", "accepted"]
    assert (kept.record.location, kept.record.lost, kept.record.taken_over) == (LOCATION, 0, False)


def test_that_it_cannot_be_cancelled_stops_nobody() -> None:
    played = Played(refusal(403), accepted(), forgotten=BEFORE, attempt=CLEARED, policies=OWNED)

    assert played.end().record.location == LOCATION


def test_who_may_write_no_more_cancels_nothing() -> None:
    """Its successor runs, and goes on with the job that this try cannot see any more."""
    at = {1: Obstacle.STORE}
    played = Played(forgotten=BEFORE, attempt=RETRY, policies=OWNED, at=at)

    played.fail(RecordError)

    assert played.player.lines == []


@pytest.mark.parametrize(
    ("forgotten", "policies"),
    [
        (BEFORE, Policies()),
        (recorded(location=OLD_LOCATION, attempt=2), OWNED),
        (recorded(location=OLD_LOCATION, attempt=7), OWNED),
        ({"odd": 1}, OWNED),
    ],
    ids=["not its own", "of this try", "of a later try", "damaged"],
)
def test_no_other_job_is_cancelled(forgotten: object, policies: Policies) -> None:
    played = Played(accepted(), forgotten=forgotten, attempt=RETRY, policies=policies)

    assert played.end().record.location == LOCATION
    assert played.player.lines == [SUBMIT]


class TestKeptOnPurpose:
    def test_a_job_is_gone_on_with(self) -> None:
        note = recorded(lost=2)
        notebook = MemoryNotebook(note)
        player = Player(RUNNING, notebook=notebook)

        kept = player.play(submit_once(replace(case(CLEARED, OWNED), keeps_on_purpose=lambda: True)))

        assert player.lines == [LOOK]
        assert notebook.written == [{**note, "attempt": 2, "life": CLEARED.life, "taken_over": True}]
        assert (kept.record.location, kept.record.lost) == (LOCATION, 2)

    def test_a_submission_of_which_nobody_knows_is_lost_as_in_a_retry(self) -> None:
        player = Player(accepted(), notebook=MemoryNotebook(recorded(Phase.LOST, lost=1)))

        kept = player.play(submit_once(replace(case(CLEARED, OWNED), keeps_on_purpose=lambda: True)))

        assert (kept.record.lost, kept.record.life) == (2, CLEARED.life)

    def test_nobody_is_asked_where_the_record_is_of_this_life(self) -> None:
        def ask() -> bool:
            raise AssertionError

        player = Player(RUNNING, notebook=MemoryNotebook(recorded()))

        assert player.play(submit_once(replace(case(), keeps_on_purpose=ask))).record.location == LOCATION
