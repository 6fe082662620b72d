"""Flows, played: submit, get, wait and detect languages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    InvalidInputError,
    JobTimeoutError,
    LanguageError,
    QuotaExceededError,
    ResourceNotFoundError,
    ServiceUnavailableError,
    SubmissionLostError,
)
from airflow_provider_language.protocol import detection, flows, result_pages
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.handles import JobHandle
from airflow_provider_language.protocol.jobs.origins import Origin
from airflow_provider_language.protocol.jobs.status import State
from airflow_provider_language.protocol.pacing.durations import Duration, Group
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.probe import probe
from airflow_provider_language.protocol.wire import Awake, Flow, NoReply, Request, Response, Sleep
from tests.protocol.answers import (
    HANDLE,
    HEALTH_HANDLE,
    JOB_ID,
    LEGACY_HANDLE,
    accepted,
    answer,
    item,
    lost,
    refusal,
    state,
)
from tests.protocol.playing import START, STEADY, Player, settled

LOOK = f"GET /language/analyze-text/jobs/{JOB_ID}"
CANCEL = f"POST /language/analyze-text/jobs/{JOB_ID}:cancel"
RUNNING = state("running", total=1)
DONE = state("succeeded", [item("a", ["1"])])


def submission(version: str = "2026-05-01") -> Submission:
    return Submission((Document("1", "A text."),), tasks_from(["KeyPhraseExtraction"]), version)


class TestSubmit:
    def test_a_job_is_submitted_once_and_has_a_handle(self) -> None:
        player = Player(accepted())
        assert player.play(flows.submit(submission(), STEADY)) == HANDLE
        assert player.requests == [submission().to_request()]
        assert player.sleeps == []

    def test_a_gateway_may_name_the_job_by_another_host(self) -> None:
        location = f"https://internal.example/language/analyze-text/jobs/{JOB_ID}?api-version=2026-05-01"
        assert settled(flows.submit(submission(), STEADY), accepted(location)) == HANDLE

    @pytest.mark.parametrize(
        "fault", [refusal(429, retry_after="2"), lost(sent=False)], ids=["429", "refused"]
    )
    def test_a_submission_that_did_not_arrive_is_repeated(self, fault: Response | NoReply) -> None:
        player = Player(fault, fault, accepted())
        assert player.play(flows.submit(submission(), STEADY)) == HANDLE
        assert len(player.requests) == 3

    @pytest.mark.parametrize("fault", [lost(), refusal(500), answer(502)], ids=["lost", "500", "502"])
    def test_a_lost_submission_is_not_repeated(self, fault: Response | NoReply) -> None:
        player = Player(fault)
        with pytest.raises(SubmissionLostError):
            player.play(flows.submit(submission(), STEADY))
        assert len(player.requests) == 1

    @pytest.mark.parametrize(
        "reply", [answer(202), accepted("https://h/language/other/jobs/j"), answer(200, b"<html>Log in")]
    )
    def test_an_accepted_job_that_is_not_named_is_a_lost_one(self, reply: Response) -> None:
        with pytest.raises(SubmissionLostError, match="names no job"):
            settled(flows.submit(submission(), STEADY), reply)

    def test_a_quota_that_is_used_up_is_final_at_once(self) -> None:
        player = Player(refusal(403, "Out of call volume quota.", retry_after="186688"))
        with pytest.raises(QuotaExceededError) as error:
            player.play(flows.submit(submission(), STEADY))
        assert player.sleeps == []
        assert not error.value.retryable


class TestGet:
    def test_one_look_reads_the_job(self) -> None:
        player = Player(state("running", [item("a", ["1"])], total=2))
        job = player.play(flows.get(HANDLE, STEADY))
        assert (job.state, job.total, job.finished) == (State.ACTIVE, 2, 1)
        assert player.lines == [LOOK]
        assert player.requests[0].query == (("api-version", "2026-05-01"),)

    @pytest.mark.parametrize("reply", [answer(200, {"ok": True}), answer(204)])
    def test_an_answer_that_describes_no_job_is_worth_a_retry(self, reply: Response) -> None:
        with pytest.raises(ServiceUnavailableError, match="not one of the Language service") as error:
            settled(flows.get(HANDLE, STEADY), reply)
        assert error.value.job_id == JOB_ID


class TestWait:
    @pytest.mark.parametrize(
        ("status", "meaning"),
        [
            ("succeeded", State.SUCCEEDED),
            ("partiallyCompleted", State.PARTIAL),
            ("failed", State.FAILED),
            ("cancelled", State.CANCELLED),
        ],
    )
    def test_a_job_is_looked_at_until_it_has_ended_however_it_ended(
        self, status: str, meaning: State
    ) -> None:
        player = Player(state("notStarted"), RUNNING, state("cancelling"), state(status))
        assert player.play(flows.wait(HANDLE, STEADY)).state is meaning
        assert player.lines == [LOOK] * 4
        assert len(player.sleeps) == 5
        assert player.sleeps[1] >= STEADY.pace.first
        assert all(0.2 <= pause < 5 for pause in player.sleeps[2:])

    def test_a_fixed_interval_is_kept(self) -> None:
        player = Player(RUNNING, RUNNING, DONE)
        player.play(flows.wait(HANDLE, replace(STEADY, pace=Pace(first=0.0, interval=60.0))))
        assert player.sleeps == [0.0, 0.0, 60.0, 60.0]

    @pytest.mark.parametrize("handle", [LEGACY_HANDLE, HEALTH_HANDLE], ids=lambda handle: handle.surface.name)
    def test_jobs_of_v3_1_are_waited_for_alike(self, handle: JobHandle) -> None:
        player = Player(answer(200, {"jobId": JOB_ID, "status": "running"}), DONE)
        assert player.play(flows.wait(handle, STEADY)).state is State.SUCCEEDED
        assert player.requests[0].query == ()

    def test_an_unknown_status_is_waited_on_and_logged_once(self, caplog: pytest.LogCaptureFixture) -> None:
        news = state("validating", [item("a")], total=2)
        player = Player(state("validating", total=2), state("validating", total=2), news, DONE)
        with caplog.at_level(logging.WARNING):
            assert player.play(flows.wait(HANDLE, STEADY)).state is State.SUCCEEDED
        assert caplog.messages == [f"Job {JOB_ID}: 'validating' is no status we know; waiting on"]

    def test_progress_is_logged_where_there_is_some(self, caplog: pytest.LogCaptureFixture) -> None:
        half = state("running", [item("a")], total=2)
        with caplog.at_level(logging.INFO):
            settled(
                flows.wait(HANDLE, replace(STEADY, pace=Pace(first=0.0, interval=60.0))), half, half, DONE
            )
        assert caplog.messages == [
            f"Job {JOB_ID}: running, 1 of 2 tasks finished; next look in 60 s",
            f"Job {JOB_ID}: succeeded, 1 of 1 tasks finished",
        ]

    def test_progress_that_is_no_news_is_logged_for_who_looks_for_it(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            settled(flows.wait(HANDLE, replace(STEADY, tells_progress=False)), DONE)
        assert [(one.levelno, one.message) for one in caplog.records] == [
            (logging.DEBUG, f"Job {JOB_ID}: succeeded, 1 of 1 tasks finished")
        ]

    @pytest.mark.parametrize(
        "fault",
        [
            refusal(408),
            refusal(429, retry_after="1"),
            refusal(500),
            answer(503),
            lost(),
            lost(sent=False),
            answer(200, b'{"jobId": "x", "sta'),
        ],
        ids=["408", "429", "500", "503", "lost", "refused", "cut"],
    )
    def test_faults_while_waiting_are_ridden_out(self, fault: Response | NoReply) -> None:
        player = Player(fault, RUNNING, fault, fault, DONE)
        assert player.play(flows.wait(HANDLE, STEADY)).state is State.SUCCEEDED

    def test_a_good_answer_ends_the_count_of_bad_time(self) -> None:
        outage = [refusal(503, retry_after="300")] * 5
        player = Player(*outage, RUNNING, *outage, DONE)
        assert player.play(flows.wait(HANDLE, STEADY)).state is State.SUCCEEDED
        assert player.elapsed > 1800

    def test_an_outage_longer_than_the_tolerance_ends_the_wait_and_not_the_job(self) -> None:
        player = Player(RUNNING, then=refusal(503))
        with pytest.raises(ServiceUnavailableError, match="goes on at the service") as error:
            player.play(flows.wait(HANDLE, STEADY))
        assert error.value.job_id == JOB_ID
        assert 1800 - 60 <= player.elapsed <= 1803

    @pytest.mark.parametrize(
        ("status", "error"),
        [(401, AuthenticationError), (403, AccessDeniedError), (404, ResourceNotFoundError)],
    )
    def test_a_refusal_while_waiting_is_final(self, status: int, error: type[LanguageError]) -> None:
        player = Player(RUNNING, refusal(status))
        with pytest.raises(error) as raised:
            player.play(flows.wait(HANDLE, STEADY))
        assert raised.value.job_id == JOB_ID
        assert not raised.value.retryable

    def test_a_job_that_has_not_ended_at_its_deadline_is_looked_at_once_more_then(self) -> None:
        player = Player(then=RUNNING)
        settings = replace(STEADY, pace=Pace(first=1.0, interval=4.0))
        with pytest.raises(JobTimeoutError, match="still running at its deadline") as error:
            player.play(flows.wait(HANDLE, settings, deadline=START + 10))
        assert player.now == START + 10
        assert player.sleeps == [0.0, 1.0, 4.0, 4.0, 1.0]
        assert error.value.job_id == JOB_ID

    def test_a_job_that_ended_by_its_deadline_is_no_timeout(self) -> None:
        player = Player(RUNNING, DONE)
        assert player.play(flows.wait(HANDLE, STEADY, deadline=START + 10)).state is State.SUCCEEDED

    def test_a_deadline_that_passed_before_still_allows_one_look(self) -> None:
        assert settled(flows.wait(HANDLE, STEADY, deadline=START - 100), DONE).state is State.SUCCEEDED
        with pytest.raises(JobTimeoutError):
            settled(flows.wait(HANDLE, STEADY, deadline=START - 100), RUNNING)

    def test_looks_that_take_long_do_not_make_a_sleep_negative(self) -> None:
        player = Player(then=RUNNING, latency=7.0)
        with pytest.raises(JobTimeoutError):
            player.play(flows.wait(HANDLE, STEADY, deadline=START + 10))
        assert all(seconds >= 0 for seconds in player.sleeps)

    def test_an_outage_at_the_deadline_is_a_timeout(self) -> None:
        player = Player(RUNNING, then=lost())
        with pytest.raises(JobTimeoutError, match="could not be asked"):
            player.play(flows.wait(HANDLE, STEADY, deadline=START + 10))
        assert player.now == START + 10

    def test_an_answer_to_a_request_is_no_end_of_a_sleep(self) -> None:
        flow = flows.wait(HANDLE, STEADY)
        assert next(flow) == Sleep(0.0)
        with pytest.raises(TypeError, match="answered a sleep with Response"):
            flow.send(DONE)

    def test_a_wait_needs_no_clock_but_that_of_its_replies(self) -> None:
        flow = flows.wait(HANDLE, replace(STEADY, pace=Pace(interval=4.0)), deadline=5.0)
        next(flow)
        assert flow.send(Awake(1.0)) == Sleep(0.5)
        assert isinstance(flow.send(Awake(1.5)), Request)
        assert flow.send(replace(RUNNING, at=2.0)) == Sleep(3.0)

    def test_a_wait_that_sleeps_is_told_by_one_that_has_ended_how_long_jobs_take(self) -> None:
        resource = Resource()
        settings = replace(STEADY, resource=resource)
        with ExitStack() as others:
            for _ in range(2000):
                others.enter_context(resource.wait())
            flow = flows.wait(HANDLE, settings, origin=Origin(START, None))
            next(flow)
            now, planned = START, flow.send(Awake(START))
            assert isinstance(planned, Sleep)
            for _ in range(40):
                resource.saw(Group.of(HANDLE.surface.name, None), Duration(0.5, 1.5))
            step: object = planned
            naps = []
            while isinstance(step, Sleep):
                naps.append(step.seconds)
                now += step.seconds
                step = flow.send(Awake(now))

        assert isinstance(step, Request)
        assert naps[0] < sum(naps) < 8 * naps[0] / 2

    def test_a_wait_learns_for_the_next_one_how_long_jobs_take(self) -> None:
        resource = Resource()
        settings = replace(STEADY, resource=resource)
        begin, end = "2026-11-21T12:00:00Z", "2026-11-21T12:01:00Z"
        firsts = []
        for _ in range(400):
            player = Player(state(createdDateTime=begin, lastUpdatedDateTime=end))
            player.play(flows.wait(HANDLE, settings, origin=Origin(text_records=3)))
            firsts.append(player.sleeps[1])
        assert firsts[-1] > 3 * firsts[0]
        assert resource.waiting == 0


DETECTED = {"name": "French", "iso6391Name": "fr", "confidenceScore": 1.0}


def detected(*ids: str, errors: tuple[str, ...] = ()) -> Response:
    results = item("", ids, errors=errors)["results"]
    for document in results["documents"]:
        document["detectedLanguage"] = DETECTED
    return answer(200, {"kind": "LanguageDetectionResults", "results": results})


class TestDetectLanguage:
    def test_each_document_gets_a_row_with_its_language(self) -> None:
        documents = [Document("1", "Bonjour"), Document("2", "")]
        player = Player(detected("1", errors=("2",)))
        rows = player.play(detection.detect_language(documents, STEADY))
        assert [(row.document_id, row.language, row.status.value, row.task) for row in rows] == [
            ("1", "fr", "ok", "LanguageDetection"),
            ("2", None, "error", "LanguageDetection"),
        ]
        assert player.lines == ["POST /language/:analyze-text"]

    def test_many_documents_take_several_requests(self) -> None:
        documents = [Document(str(number), "Bonjour") for number in range(1001)]
        ids = [document.id for document in documents]
        rows = settled(detection.detect_language(documents, STEADY), detected(*ids[:1000]), detected("1000"))
        assert [row.document_id for row in rows] == ids

    def test_a_document_that_the_answer_does_not_speak_of_is_missing(self) -> None:
        documents = [Document("1", "Bonjour"), Document("2", "Salut")]
        rows = settled(detection.detect_language(documents, STEADY), detected("1"))
        assert [row.status.value for row in rows] == ["ok", "missing"]

    def test_documents_that_would_be_refused_are_not_sent(self) -> None:
        with pytest.raises(InvalidInputError):
            settled(detection.detect_language([], STEADY))

    def test_a_lost_answer_may_have_been_billed(self) -> None:
        with pytest.raises(SubmissionLostError):
            settled(detection.detect_language([Document("1", "a")], STEADY), lost())

    @pytest.mark.parametrize("reply", [answer(200, {"results": []}), answer(200, b"<html>"), answer(204)])
    def test_an_answer_without_results_is_worth_a_retry(self, reply: Response) -> None:
        with pytest.raises(ServiceUnavailableError):
            settled(detection.detect_language([Document("1", "a")], STEADY), reply)


FLOWS: list[Callable[[], Flow[Any]]] = [
    lambda: flows.submit(submission(), STEADY),
    lambda: flows.get(HANDLE, STEADY),
    lambda: flows.wait(HANDLE, STEADY),
    lambda: result_pages.results(HANDLE, STEADY),
    lambda: flows.cancel(HANDLE, STEADY),
    lambda: detection.detect_language([Document("1", "a")], STEADY),
    lambda: probe(STEADY),
]


@pytest.mark.parametrize("begin", FLOWS)
def test_a_flow_may_be_abandoned_at_any_step(begin: Callable[[], Flow[Any]]) -> None:
    flow = begin()
    step = next(flow)
    assert isinstance(step, (Request, Sleep))
    flow.close()
    with pytest.raises(StopIteration):
        next(flow)
