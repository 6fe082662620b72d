"""One job of a corpus: what is done next, however the service answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from airflow_provider_language.exceptions import (
    InvalidInputError,
    JobFailedError,
    QuotaExceededError,
    RecordError,
    RequestRefusedError,
    ServiceUnavailableError,
    SubmissionLostError,
)
from airflow_provider_language.protocol.corpus.items import Item, segments
from airflow_provider_language.protocol.corpus.journal import Entry, JobNote, Journal, Stage, segment_entry
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.handles import Endpoint, handle_from
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.retries import RetryPolicy
from airflow_provider_language.protocol.wire import (
    Awake,
    Deed,
    Done,
    Flow,
    NoReply,
    Obstacle,
    Request,
    Response,
    Sleep,
    Unrecorded,
)
from airflow_provider_language.running.corpus.accounts import accounted
from airflow_provider_language.running.corpus.jobs import Jobs, Outcome
from airflow_provider_language.running.corpus.lanes import JobOptions, Lane, Limits
from airflow_provider_language.running.corpus.open_segments import OpenSegment, Work
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.storage.runs.spools import Spool

T = TypeVar("T")
ENDPOINT = Endpoint.parse("https://a.example")
LOCATION = (
    "https://a.example/language/analyze-text/jobs/11111111-1111-4111-8111-111111111111?api-version=2026-05-01"
)
SETTINGS = Settings(retries=RetryPolicy(tolerance=0.0))
TASKS = tasks_from(["KeyPhraseExtraction"])
CULPRIT = "to blame"
Answer = Callable[[Request], "Response | NoReply"]


def answer(status: int, payload: dict[str, Any] | None = None, **headers: str) -> Response:
    return Response(status, headers, json.dumps(payload or {}).encode(), 10.0)


def accepted() -> Response:
    return answer(202, None, **{"operation-location": LOCATION})


def refusing(request: Request) -> Response:
    said = json.dumps(request.body)
    return answer(400, {"error": {"code": "InvalidRequest"}}) if CULPRIT in said else accepted()


@dataclass
class Player:
    """Plays flows over a function, in no time."""

    submit: Answer = field(default=lambda _: accepted())
    look: Answer = field(default=lambda _: answer(404))
    notes: list[Any] = field(default_factory=list)
    endpoint: Endpoint = ENDPOINT
    resource: Resource = field(default_factory=Resource)

    def handle(self, location: str) -> Any:
        return handle_from(location, ENDPOINT)

    async def play(self, flow: Flow[T], notebook: Any = None) -> T:
        reply: Any = None
        try:
            while True:
                step = flow.send(reply)
                if isinstance(step, Sleep):
                    reply = Awake(10.0)
                elif isinstance(step, Deed):
                    said = self.submit(step.request)
                    self.notes += [step.before(9.0), step.after(said)]
                    reply = Done(said, self.notes[-1])
                else:
                    assert isinstance(step, Request)
                    reply = self.look(step)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


class Slow:
    """Lets others come before each flow."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def __getattr__(self, name: str) -> Any:
        return getattr(self._player, name)

    async def play(self, flow: Flow[T], notebook: Any = None) -> T:
        await asyncio.sleep(0)
        return await self._player.play(flow, notebook)


def opened(*texts: str, notes: list[JobNote] | None = None, tasks: Any = TASKS) -> OpenSegment:
    [(segment, items)] = segments([Item(f"id-{number}", text) for number, text in enumerate(texts)])
    return OpenSegment(Spool(segment, items, len(tasks)), Shape(tasks, 25, 125_000, "en"), notes or [])


def limits_of(**said: Any) -> Limits:
    usual = {"max_active_jobs": 9, "max_unknown": 9, "max_text_records": None, "defer_after": None}
    return Limits(**{**usual, "on_lost_submission": "resubmit", **said})


def jobs_of(segment: OpenSegment, limits: Limits) -> Jobs:
    journal = Journal()
    journal.add(segment_entry(segment.segment))
    options = JobOptions("2026-05-01", "name", "en", None, None)
    return Jobs(options, limits, Notes(journal), lambda _: None)  # type: ignore[arg-type]


@dataclass
class Notes:
    """A journal on no storage."""

    journal: Journal

    async def note(self, *entries: Entry) -> None:
        for entry in entries:
            self.journal.add(entry)


def run(segment: OpenSegment, work: Work, player: Player, jobs: Jobs | None = None, **limits: Any) -> Outcome:
    said = limits_of(**limits)
    lane = Lane("conn", player, SETTINGS, said)  # type: ignore[arg-type]
    return asyncio.run((jobs or jobs_of(segment, said)).run(lane, segment, work))


def test_a_refused_job_is_halved_until_the_document_to_blame_stands_alone() -> None:
    segment = opened(*["fine"] * 11, CULPRIT, *["fine"] * 8)
    player = Player(submit=refusing)
    works, sizes = segment.begin(), []
    while works:
        work = works.pop()
        sizes.append(len(work.rows))
        outcome = run(segment, work, player)
        works += [one for one in outcome.works if one.round == 0]

    assert segment.rows.totals.error_codes == {"InvalidRequest": 1}
    assert list(segment.rows.totals.examples.values()) == ["id-11"]
    assert min(sizes) == 1
    assert len(sizes) < 12


@pytest.mark.parametrize("reply", [NoReply("reset", sent=True, at=9.0), answer(202)])
def test_a_lost_submission_is_submitted_again_or_fails_as_the_policy_says(reply: Any) -> None:
    segment = opened("fine")
    [work] = segment.begin()
    player = Player(submit=lambda _: reply)

    outcome = run(segment, work, player)

    assert [(one.rows, one.name != work.name) for one in outcome.works] == [((0,), True)]
    assert player.notes[-1]["stage"] == Stage.LOST.value
    with pytest.raises(SubmissionLostError):
        run(segment, outcome.works[0], player, on_lost_submission="fail")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(403, {"error": {"code": "403", "message": "Out of call volume quota."}}), QuotaExceededError),
        (NoReply("refused", sent=False, at=9.0), ServiceUnavailableError),
    ],
)
def test_the_work_of_a_connection_that_is_out_is_left_to_the_others(reply: Any, error: type) -> None:
    segment = opened("fine")
    [work] = segment.begin()

    outcome = run(segment, work, Player(submit=lambda _: reply))

    assert outcome.works == [work]
    assert isinstance(outcome.out, error)
    assert not outcome.is_open


def test_a_job_that_was_accepted_where_nobody_answers_any_more_is_left_open() -> None:
    segment = opened("fine")
    [work] = segment.begin()

    outcome = run(segment, work, Player(look=lambda _: NoReply("refused", sent=False, at=9.0)))

    assert outcome.is_open
    assert not segment.is_complete


def test_a_job_that_is_gone_is_submitted_again_three_times_and_then_missing() -> None:
    segment = opened("fine", "fine too")
    works, rounds = segment.begin(), []
    while works:
        rounds.append(works[0].round)
        works = run(segment, works.pop(), Player()).works

    assert rounds == [0, 1, 2, 3]
    assert segment.is_complete
    assert (segment.rows.totals.missing, segment.rows.totals.ok) == (2, 0)


def test_where_each_document_is_refused_it_is_not_the_documents() -> None:
    segment = opened(*["fine"] * 100)
    jobs, works = jobs_of(segment, limits_of()), segment.begin()
    player = Player(submit=lambda _: answer(400, {"error": {"code": "InvalidParameterValue"}}))

    def to_the_end() -> None:
        while works:
            works.extend(run(segment, works.pop(), player, jobs).works)

    with pytest.raises(RequestRefusedError, match="InvalidParameterValue"):
        to_the_end()

    assert segment.rows.totals.error == 2


def test_jobs_that_are_submitted_together_stay_within_the_bill_together() -> None:
    segment = opened("a", "b")
    limits = limits_of(max_text_records=1)
    jobs, player = jobs_of(segment, limits), Player()
    one, other = Work("0.7", (0,), (0,)), Work("0.8", (1,), (0,))

    async def both() -> list[Any]:
        lane = Lane("conn", Slow(player), SETTINGS, limits)  # type: ignore[arg-type]
        runs = (jobs.run(lane, segment, work) for work in (one, other))
        return await asyncio.gather(*runs, return_exceptions=True)

    results = asyncio.run(both())

    assert [type(result) for result in results] == [Outcome, InvalidInputError]
    assert sum(note["stage"] == Stage.ACCEPTED.value for note in player.notes) == 1


def test_what_was_refused_is_not_charged() -> None:
    segment = opened("a", CULPRIT)
    limits = limits_of(max_text_records=2)
    jobs, player = jobs_of(segment, limits), Player(submit=refusing)
    works = segment.begin()
    while works:
        works += [one for one in run(segment, works.pop(), player, jobs).works if one.round == 0]

    assert segment.rows.totals.error_codes == {"InvalidRequest": 1}


def test_nothing_is_sent_that_could_not_be_noted_before() -> None:
    segment = opened("fine")
    [work] = segment.begin()

    class Full(Player):
        async def play(self, flow: Flow[T], notebook: Any = None) -> T:
            next(flow)
            flow.send(Unrecorded(Obstacle.STORE, "The disk is full."))
            raise AssertionError("it goes on")

    with pytest.raises(RecordError, match="The disk is full"):
        run(segment, work, Full())


def test_nothing_is_submitted_beyond_the_bill() -> None:
    segment = opened("a" * 1001)
    [work] = segment.begin()

    with pytest.raises(InvalidInputError, match="0 text records are charged, or perhaps are"):
        run(segment, work, Player(), max_text_records=1)


def test_of_a_document_in_several_jobs_of_earlier_tries_the_last_one_counts() -> None:
    first = JobNote("0.0", (0, 1), (0,), 0, 2, Stage.ACCEPTED, 1.0, "conn", LOCATION)
    later = JobNote("0.1", (1,), (0,), 1, 1, Stage.ACCEPTED, 2.0, "conn", LOCATION)
    segment = opened("fine", "healed", notes=[first, later])
    [one, other] = segment.begin()
    assert (one.note, other.note) == (first, later)

    healing = run(segment, one, Player()).works
    assert healing == []
    works = run(segment, other, Player()).works

    assert sorted((work.rows, work.round) for work in works) == [((0,), 1), ((1,), 2)]


def test_what_a_segment_cost_is_told_by_its_jobs() -> None:
    segment = opened("a" * 1500, "b")
    notes = [
        JobNote("0.0", (0, 1), (0,), 0, 3, Stage.ACCEPTED, 1.0, "conn", LOCATION),
        JobNote("0.1", (1,), (0,), 1, 1, Stage.ACCEPTED, 1.0, "conn", LOCATION),
        JobNote("0.2", (1,), (0,), 1, 1, Stage.LOST, 1.0, "conn"),
        JobNote("0.3", (1,), (0,), 1, 1, Stage.REFUSED, 1.0, "conn"),
    ]

    totals = accounted(segment, {note.name: note for note in notes})

    assert (totals.records_quoted, totals.records_charged, totals.records_healed) == (3, 4, 1)
    assert (totals.jobs, totals.lost_submissions, totals.records_lost) == (2, 1, 1)


def failed(code: str, message: str) -> Answer:
    """Looks at a job of which every task failed for one reason."""
    job = {
        "jobId": "11111111-1111-4111-8111-111111111111",
        "createdDateTime": "2026-11-30T00:00:00Z",
        "lastUpdatedDateTime": "2026-11-30T00:00:01Z",
        "status": "failed",
        "errors": [{"code": code, "message": message}],
        "tasks": {"completed": 0, "failed": 1, "inProgress": 0, "total": 1, "items": []},
    }
    return lambda _: answer(200, job)


MISSING = ("InvalidRequest", "The project 'reviews' or its deployment could not be found.")


def test_a_cause_that_is_in_no_document_and_lasts_ends_the_run_with_the_first_job() -> None:
    segment = opened("fine", "fine too")
    jobs, [work] = jobs_of(segment, limits_of()), segment.begin()

    with pytest.raises(JobFailedError, match="project and deployment") as raised:
        run(segment, work, Player(look=failed(*MISSING)), jobs)

    assert not raised.value.retryable
    assert segment.rows.totals.error == 0
    [note] = jobs._journaling.journal.segments[0].jobs.values()
    assert note.stage is Stage.GIVEN_UP


def test_documents_of_a_job_that_failed_so_in_an_earlier_try_are_submitted_again() -> None:
    note = JobNote("0.0", (0,), (0,), 0, 1, Stage.ACCEPTED, 1.0, "conn", LOCATION)
    segment = opened("fine", notes=[note])
    jobs, [work] = jobs_of(segment, limits_of()), segment.begin()

    [again] = run(segment, work, Player(look=failed(*MISSING)), jobs).works

    assert (again.rows, again.round, again.note) == ((0,), 0, None)
    notes = jobs._journaling.journal.segments[0].jobs
    totals = accounted(segment, notes)
    assert (totals.records_charged, totals.records_healed) == (1, 1)
    with pytest.raises(JobFailedError):
        run(segment, again, Player(look=failed(*MISSING)), jobs)
    assert [one.rows for one in opened("fine", notes=list(notes.values())).begin()] == [(0,)]


def test_a_task_that_fails_alike_on_all_documents_is_told_of_once_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = tasks_from(["KeyPhraseExtraction", "SentimentAnalysis"])
    segment = opened(*["fine"] * 50, tasks=tasks)
    item = {"kind": "KeyPhraseExtractionLROResults", "taskName": tasks[0].name, "status": "succeeded"}
    documents = [{"id": str(one), "keyPhrases": [], "warnings": []} for one in range(25)]
    results = {"documents": documents, "errors": [], "modelVersion": "1"}
    error = {"code": MISSING[0], "message": MISSING[1], "target": "#/tasks/items/1"}
    job = {
        "jobId": "11111111-1111-4111-8111-111111111111",
        "status": "partiallyCompleted",
        "createdDateTime": "2026-11-30T00:00:00Z",
        "lastUpdatedDateTime": "2026-11-30T00:00:01Z",
        "errors": [error],
        "tasks": {
            "completed": 1,
            "failed": 1,
            "inProgress": 0,
            "total": 2,
            "items": [
                {**item, "results": results},
                {"kind": "SentimentAnalysisLROResults", "taskName": tasks[1].name, "status": "failed"},
            ],
        },
    }
    jobs = jobs_of(segment, limits_of())

    for work in segment.begin():
        run(segment, work, Player(look=lambda _: answer(200, job)), jobs)

    assert (segment.rows.totals.ok, segment.rows.totals.error) == (50, 50)
    [told] = [one.getMessage() for one in caplog.records if "fails on all documents" in one.getMessage()]
    assert "project and deployment" in told


def test_where_each_job_fails_for_what_it_was_asked_it_is_not_the_documents() -> None:
    player = Player(look=failed("InvalidParameterValue", "The parameter is odd."))
    segment = opened(*["fine"] * 100)
    jobs = jobs_of(segment, limits_of())
    [one, two, three, *_] = segment.begin()

    for work in (one, two):
        assert run(segment, work, player, jobs).works == []
    with pytest.raises(JobFailedError, match="The parameter is odd"):
        run(segment, three, player, jobs)


def test_jobs_that_fail_for_their_documents_stop_nobody_once_another_has_results() -> None:
    player = Player(look=failed("InvalidDocument", "It is odd."))
    segment = opened(*["fine"] * 100)
    jobs = jobs_of(segment, limits_of())
    jobs._has_results = True

    for work in segment.begin():
        run(segment, work, player, jobs)

    assert segment.rows.totals.error_codes == {"InvalidDocument": 100}
