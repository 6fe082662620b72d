"""A job is submitted once: the flow, played over every record that an earlier try may have left."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_language.exceptions import (
    AuthenticationError,
    JobExpiredError,
    RecordError,
    ResourceNotFoundError,
    ServiceUnavailableError,
    SubmissionLostError,
    SupersededError,
)
from airflow_provider_language.protocol.defaults import CANCEL_TOLERANCE, KEPT
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.status import EXPIRY_TOLERANCE
from airflow_provider_language.protocol.once.case import Case
from airflow_provider_language.protocol.once.flow import APART, LOOK_AGAIN, Kept, submit_once, was_taken_over
from airflow_provider_language.protocol.once.plan import Policies
from airflow_provider_language.protocol.once.record import Attempt, Phase, Record
from airflow_provider_language.protocol.wire import (
    Awake,
    Deed,
    NoReply,
    Obstacle,
    Recorded,
    Response,
    Sleep,
)
from tests.protocol.answers import ENDPOINT, JOB_ID, LOCATION, accepted, answer, lost, refusal, state
from tests.protocol.notebooks import Interference, MemoryNotebook
from tests.protocol.playing import START, STEADY, Player

TEXT = "CANARY"
SUBMISSION = Submission(
    (Document("1", TEXT),), tasks_from(["KeyPhraseExtraction"]), "2026-05-01", display_name="dag/task/run"
)
FIRST, RETRY, CLEARED = Attempt(1, 3), Attempt(2, 3), Attempt(2, 9)
LEASE = 90.0
DIGEST_KEY = b"a random key of many characters"
SUBMIT = "POST /language/analyze-text/jobs"
LOOK = f"GET /language/analyze-text/jobs/{JOB_ID}"
CANCEL = f"POST /language/analyze-text/jobs/{JOB_ID}:cancel"
RUNNING = state("running", total=1)
OLD = "another-job"
OLD_LOCATION = LOCATION.replace(JOB_ID, OLD)


def case(
    attempt: Attempt = RETRY,
    policies: Policies | None = None,
    lease: float = LEASE,
    settings: Settings = STEADY,
) -> Case:
    return Case(SUBMISSION, ENDPOINT, attempt, policies or Policies(), lease, settings, DIGEST_KEY)


def recorded(phase: Phase = Phase.ACCEPTED, **changed: Any) -> dict[str, Any]:
    """What the first try left."""
    record = Record(
        attempt=FIRST.number,
        life=FIRST.life,
        fingerprint=case().fingerprint,
        display_name="dag/task/run",
        phase=phase,
        at=START - 10,
        location=LOCATION if phase is Phase.ACCEPTED else None,
    )
    return replace(record, **changed).to_dict()


def theirs(phase: Phase = Phase.ACCEPTED) -> dict[str, Any]:
    """What a later try has written meanwhile."""
    return recorded(phase, attempt=7)


class Played:
    """What became of one try."""

    def __init__(
        self,
        *replies: Response | NoReply,
        note: object = None,
        at: Mapping[int, Interference] | None = None,
        latency: float = 0.0,
        forgotten: object = None,
        **options: Any,
    ) -> None:
        self.notebook = MemoryNotebook(note, at, forgotten=forgotten)
        self.player = Player(*replies, notebook=self.notebook, latency=latency)
        self._case = case(**options)

    def end(self) -> Kept:
        return self.player.play(submit_once(self._case))

    def fail(self, error: type[Exception], match: str | None = None) -> None:
        with pytest.raises(error, match=match):
            self.end()

    @property
    def phases(self) -> list[str]:
        return [note["phase"] for note in self.notebook.written]


class TestSubmit:
    def test_a_job_is_written_down_before_and_after_it_is_submitted(self) -> None:
        played = Played(accepted(), attempt=FIRST, latency=2.0)
        kept = played.end()
        assert played.player.requests == [SUBMISSION.to_request()]
        assert [(note["phase"], note["at"]) for note in played.notebook.written] == [
            ("intended", START),
            ("accepted", START + 2),
        ]
        assert kept == Kept(Record.from_dict(played.notebook.note), is_recorded=True)
        assert kept.record.location == LOCATION
        assert (kept.record.attempt, kept.record.life, kept.record.lost) == (1, 3, 0)
        assert not kept.record.taken_over

    def test_no_note_has_a_text_in_it(self) -> None:
        played = Played(accepted())
        played.end()
        assert TEXT not in json.dumps(played.notebook.written)

    def test_a_submission_that_is_refused_for_the_moment_is_intended_anew_each_time(self) -> None:
        played = Played(refusal(429, retry_after="7"), lost(sent=False), accepted())
        assert played.end().is_recorded
        assert [(note["phase"], note["at"] - START) for note in played.notebook.written] == [
            ("intended", 0.0),
            ("refused", 0.0),
            ("intended", 7.0),
            ("refused", 7.0),
            ("intended", 9.0),
            ("accepted", 9.0),
        ]

    def test_a_refusal_for_good_is_written_down(self) -> None:
        played = Played(refusal(401))
        played.fail(AuthenticationError)
        assert played.phases == ["intended", "refused"]

    @pytest.mark.parametrize("reply", [lost(), refusal(500), answer(202)], ids=["no answer", "500", "no job"])
    def test_a_lost_answer_is_written_down_at_once(self, reply: Response | NoReply) -> None:
        played = Played(reply)
        played.fail(SubmissionLostError)
        assert played.phases == ["intended", "lost"]

    def test_a_nameless_submission_is_submitted(self) -> None:
        nameless = replace(case(), submission=replace(SUBMISSION, display_name=None))
        player = Player(accepted(), notebook=MemoryNotebook())
        assert player.play(submit_once(nameless)).record.display_name == ""


class TestAttach:
    @pytest.mark.parametrize("status", ["notStarted", "running", "succeeded", "partiallyCompleted"])
    def test_a_retry_goes_on_with_the_job_of_the_try_before(self, status: str) -> None:
        note = recorded(lost=2)
        played = Played(state(status), note=note)
        kept = played.end()
        assert played.player.lines == [LOOK]
        assert played.notebook.written == [{**note, "attempt": 2, "taken_over": True}]
        assert kept == Kept(Record.from_dict(played.notebook.note))

    @pytest.mark.parametrize("kept", ["", "of another key:1", case().fingerprint])
    @pytest.mark.parametrize("key", [None, b"another random key of the same length"])
    def test_a_job_is_gone_on_with_where_it_cannot_be_told_whether_its_input_has_changed(
        self, kept: str, key: bytes | None, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        note = recorded(fingerprint=kept)
        player = Player(RUNNING, notebook=MemoryNotebook(note))
        found = player.play(submit_once(replace(case(), digest_key=key)))
        assert found.record.location == LOCATION
        assert found.record.fingerprint == kept
        assert "whether its input is still the same cannot be told" in caplog.text

    def test_a_job_is_taken_over_before_it_is_looked_at_so_that_a_kill_meanwhile_cancels_it(self) -> None:
        played = Played(refusal(403), note=recorded())
        with pytest.raises(Exception, match="HTTP 403"):
            played.end()
        assert [note["taken_over"] for note in played.notebook.written] == [True]

    @pytest.mark.parametrize("status", ["failed", "cancelled", "cancelling"])
    def test_a_job_of_no_use_is_submitted_anew(self, status: str) -> None:
        old = state(status, jobId=OLD)
        played = Played(old, accepted(), note=recorded(lost=2, location=OLD_LOCATION))
        kept = played.end()
        assert played.phases == ["accepted", "intended", "accepted"]
        assert (kept.record.location, kept.record.lost, kept.record.taken_over) == (LOCATION, 2, False)

    def test_a_job_that_the_service_has_lost_is_not_taken_for_expired(self) -> None:
        played = Played(refusal(404), note=recorded())
        played.fail(ResourceNotFoundError)
        assert played.player.lines == [LOOK]

    def test_a_job_that_is_no_longer_kept_is_submitted_anew(self) -> None:
        played = Played(refusal(404), accepted(), note=recorded(at=START - KEPT))
        assert played.end().record.at == START

    def test_a_job_may_expire_while_the_service_does_not_answer(self) -> None:
        at = START - KEPT + EXPIRY_TOLERANCE + 1
        played = Played(refusal(503), refusal(503), refusal(404), accepted(), note=recorded(at=at))
        assert played.end().record.at > START

    def test_a_job_that_is_no_longer_kept_fails_if_that_is_the_policy(self) -> None:
        played = Played(refusal(404), note=recorded(at=START - KEPT), policies=Policies(on_expired="fail"))
        played.fail(JobExpiredError)
        assert played.player.lines == [LOOK]


class TestReplace:
    OWNED = Policies(cancels_replaced=True)

    def test_a_clear_cancels_the_job_that_the_task_owned_and_submits_another(self) -> None:
        note = recorded(location=OLD_LOCATION, lost=2)
        played = Played(answer(202), accepted(), note=note, attempt=CLEARED, policies=self.OWNED)
        kept = played.end()
        assert played.player.lines == [CANCEL.replace(JOB_ID, OLD), SUBMIT]
        assert (kept.record.location, kept.record.life, kept.record.lost) == (LOCATION, 9, 0)

    def test_a_job_that_the_task_did_not_own_goes_on(self) -> None:
        played = Played(accepted(), note=recorded(fingerprint=case().fingerprint[:-1] + "?"))
        played.end()
        assert played.player.lines == [SUBMIT]

    @pytest.mark.parametrize("phase", [Phase.INTENDED, Phase.LOST, Phase.REFUSED])
    def test_where_there_is_no_job_there_is_none_to_cancel(self, phase: Phase) -> None:
        played = Played(accepted(), note=recorded(phase), attempt=CLEARED, policies=self.OWNED)
        played.end()
        assert played.player.lines == [SUBMIT]

    def test_a_job_that_cannot_be_cancelled_in_a_moment_keeps_nobody_from_submitting(self) -> None:
        played = Played(
            *[refusal(503)] * 5, accepted(), note=recorded(), attempt=CLEARED, policies=self.OWNED
        )
        assert played.end().record.location == LOCATION
        assert played.player.elapsed <= CANCEL_TOLERANCE

    def test_a_job_at_another_endpoint_is_not_asked_for_here(self) -> None:
        note = recorded(location="https://elsewhere.example/jobs/1")
        played = Played(accepted(), note=note, attempt=CLEARED, policies=self.OWNED)
        played.end()
        assert played.player.lines == [SUBMIT]


class TestLost:
    def test_a_lost_submission_is_sent_again_and_counted(self, caplog: pytest.LogCaptureFixture) -> None:
        played = Played(accepted(), note=recorded(Phase.LOST, lost=1))
        assert played.end().record.lost == 2
        assert "billed again if it was accepted" in caplog.text

    def test_a_lost_submission_fails_if_that_is_the_policy(self) -> None:
        note = recorded(Phase.LOST)
        played = Played(note=note, policies=Policies(on_lost_submission="fail"))
        played.fail(SubmissionLostError, "what try 1 submitted as 'dag/task/run'")
        assert played.notebook.note == note

    def test_a_refused_one_is_not_lost(self) -> None:
        played = Played(accepted(), note=recorded(Phase.REFUSED, lost=1))
        assert played.end().record.lost == 1


class TestAwait:
    def test_a_submission_that_may_be_under_way_is_awaited_and_then_lost(self) -> None:
        played = Played(accepted(), note=recorded(Phase.INTENDED, at=START - LEASE + 5))
        assert played.end().record.lost == 1
        assert played.player.sleeps == pytest.approx([LOOK_AGAIN, LOOK_AGAIN, 1.0])

    def test_two_tries_that_wait_for_the_same_end_do_not_submit_in_the_same_moment(self) -> None:
        note = recorded(Phase.INTENDED, at=START - LEASE + 1)
        late = replace(STEADY, random=lambda: 1.0)
        first, second = (Played(accepted(), note=note, settings=settings) for settings in (STEADY, late))
        assert first.end().record.lost == second.end().record.lost == 1
        assert first.player.sleeps == pytest.approx([1.0])
        assert second.player.sleeps == pytest.approx([1.0 + APART])

    def test_one_from_a_clock_that_is_a_year_ahead_is_awaited_no_longer(self) -> None:
        played = Played(accepted(), note=recorded(Phase.INTENDED, at=START + 31_536_000))
        assert played.end().record.lost == 1
        assert sum(played.player.sleeps) == pytest.approx(LEASE)

    def test_a_clock_that_is_set_back_meanwhile_makes_it_no_longer_than_another_lease(self) -> None:
        note = recorded(Phase.INTENDED, at=START + 31_536_000)
        flow = submit_once(case())
        next(flow)
        times = [START, START + 2, *(START - 3600 + 2 * turn for turn in range(100))]
        waited = 0
        step = flow.send(Recorded(note, times[0]))
        while isinstance(step, Sleep):
            waited += 1
            flow.send(Awake(times[waited]))
            step = flow.send(Recorded(note, times[waited]))
        assert isinstance(step, Deed)
        assert waited <= 2 + LEASE / LOOK_AGAIN

    def test_its_job_is_taken_over_once_it_is_written_down(self) -> None:
        played = Played(RUNNING, note=recorded(Phase.INTENDED), at={1: recorded()})
        assert played.end().record.taken_over
        assert played.player.sleeps == [LOOK_AGAIN]


class TestOvertaken:
    def test_a_try_that_was_taken_over_submits_nothing(self) -> None:
        played = Played(note=theirs())
        played.fail(SupersededError, "try 7 of this task has taken over")
        assert (played.player.requests, played.notebook.written) == ([], [])

    @pytest.mark.parametrize("note", [None, recorded(), recorded(Phase.LOST)], ids=["none", "job", "lost"])
    def test_a_try_that_is_overtaken_before_it_has_written_decides_anew(self, note: object) -> None:
        played = Played(note=note, at={1: theirs(Phase.INTENDED)})
        played.fail(SupersededError, "has taken over")
        assert played.player.requests == []
        assert played.notebook.note == theirs(Phase.INTENDED)

    def test_a_try_that_is_overtaken_while_it_submits_cancels_its_job(self) -> None:
        played = Played(accepted(), answer(202), at={2: theirs()})
        played.fail(SupersededError, f"{JOB_ID}.*was cancelled")
        assert played.player.lines == [SUBMIT, CANCEL]
        assert played.notebook.note == theirs()

    def test_a_record_that_vanishes_while_it_submits_is_nobody_s_who_has_taken_over(self) -> None:
        played = Played(accepted(), at={2: {}})
        kept = played.end()
        assert (kept.record.location, kept.is_recorded) == (LOCATION, True)
        assert played.player.lines == [SUBMIT]
        assert played.notebook.note == kept.record.to_dict()

    def test_a_try_that_is_overtaken_while_it_is_refused_submits_nothing_more(self) -> None:
        played = Played(refusal(429, retry_after="7"), at={2: theirs()})
        played.fail(SupersededError, "has taken over")
        assert played.player.lines == [SUBMIT]

    def test_who_wrote_in_vain_may_still_be_the_one_to_go_on(self) -> None:
        played = Played(RUNNING, at={1: recorded()})
        assert played.end().record.taken_over
        assert played.player.lines == [LOOK]


class TestStore:
    def test_where_the_record_cannot_be_read_nothing_is_submitted(self) -> None:
        Played(at={0: Obstacle.STORE}).fail(RecordError, "the disk is full")

    @pytest.mark.parametrize("note", ["nonsense", [], 7, {"phase": "accepted"}])
    def test_where_the_record_is_damaged_nothing_is_submitted(self, note: object) -> None:
        Played(note=note).fail(RecordError, "damaged")

    @pytest.mark.parametrize("note", [None, recorded()], ids=["an intention", "a taking over"])
    def test_what_cannot_be_written_down_before_is_not_done(self, note: object) -> None:
        played = Played(note=note, at={1: Obstacle.STORE})
        played.fail(RecordError, "the disk is full")
        assert played.player.requests == []

    def test_a_job_that_cannot_be_written_down_is_gone_on_with_and_told(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        played = Played(accepted(), at={2: Obstacle.STORE})
        kept = played.end()
        assert (kept.record.location, kept.is_recorded) == (LOCATION, False)
        assert played.phases == ["intended"]
        assert f"{LOCATION}, which could not be recorded: the disk is full" in caplog.text

    def test_a_refusal_that_could_not_be_written_down_stops_nobody(self) -> None:
        played = Played(refusal(429), accepted(), at={2: Obstacle.STORE})
        assert played.end().is_recorded
        assert played.phases == ["intended", "intended", "accepted"]

    def test_a_refusal_that_could_not_be_written_down_ends_as_what_it_was(self) -> None:
        settings = replace(STEADY, retries=replace(STEADY.retries, tolerance=0.0))
        player = Player(refusal(429), notebook=MemoryNotebook(at={2: Obstacle.STORE}))
        with pytest.raises(ServiceUnavailableError):
            player.play(submit_once(replace(case(), settings=settings)))


def test_a_task_that_is_being_ended_submits_nothing() -> None:
    played = Played(at={1: Obstacle.ENDING})
    played.fail(SupersededError, "being ended, so nothing was submitted")
    assert played.player.requests == []


def test_what_is_decided_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Played(state("failed"), accepted(), note=recorded()).end()
    Played(accepted(), note=recorded(Phase.INTENDED, at=START - LEASE + 1)).end()
    Played(RUNNING, note=recorded()).end()
    assert "as its job failed" in caplog.text
    assert "another try is submitting" in caplog.text
    assert f"Going on with {LOCATION}, which try 1 submitted" in caplog.text


@pytest.mark.parametrize(
    ("note", "taken_over"),
    [
        (None, False),
        (recorded(), False),
        (recorded(attempt=RETRY.number), False),
        (recorded(taken_over=True), False),
        (recorded(attempt=RETRY.number, taken_over=True), True),
    ],
    ids=["no record", "another try's job", "its own job", "taken over by another", "taken over"],
)
def test_a_job_is_taken_over_by_who_says_so(note: object, *, taken_over: bool) -> None:
    assert Player(notebook=MemoryNotebook(note)).play(was_taken_over(RETRY)) is taken_over


def test_who_submitted_the_job_is_not_told_where_the_record_cannot_be_read() -> None:
    with pytest.raises(RecordError):
        Player(notebook=MemoryNotebook(at={0: Obstacle.STORE})).play(was_taken_over(RETRY))


def test_the_fingerprint_is_made_once() -> None:
    one = case()
    assert one.fingerprint is one.fingerprint
