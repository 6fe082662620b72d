"""One request through weather: how long it is repeated, and which error its end is."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    JobTimeoutError,
    LanguageError,
    QuotaExceededError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceUnavailableError,
    SubmissionLostError,
)
from airflow_provider_language.protocol.exchanges import Settings, exchange, unreadable
from airflow_provider_language.protocol.retries import RetryPolicy
from airflow_provider_language.protocol.wire import Awake, NoReply, Request, Response, Sleep
from tests.protocol.answers import JOB_ID, answer, lost, refusal
from tests.protocol.playing import START, STEADY, Player, settled

LOOK = Request("GET", "/language/analyze-text/jobs/j")
SUBMIT = Request("POST", "/language/analyze-text/jobs", body={"text": "secret"}, repeatable=False)
FINE = answer(200, {"status": "running"})


def test_an_answer_below_300_is_returned_at_once() -> None:
    player = Player(answer(202))
    assert player.play(exchange(LOOK, STEADY)).status == 202
    assert (player.requests, player.sleeps) == ([LOOK], [])


@pytest.mark.parametrize(
    "fault",
    [
        refusal(408),
        refusal(429),
        refusal(500),
        answer(502, b"<html>"),
        refusal(503),
        answer(504),
        answer(200, b'{"status": "succ'),
        lost(),
        lost(sent=False),
    ],
    ids=str,
)
def test_a_look_rides_out_faults(fault: Response | NoReply) -> None:
    player = Player(fault, fault, FINE)
    assert player.play(exchange(LOOK, STEADY)).status == 200
    assert player.requests == [LOOK] * 3
    assert player.sleeps == [1.0, 2.0]


@pytest.mark.parametrize(
    "fault", [refusal(429), refusal(503, retry_after="1"), lost(sent=False)], ids=["429", "503", "refused"]
)
def test_a_submission_that_cannot_have_been_accepted_is_sent_again(fault: Response | NoReply) -> None:
    player = Player(fault, answer(202))
    assert player.play(exchange(SUBMIT, STEADY)).status == 202
    assert player.requests == [SUBMIT] * 2


@pytest.mark.parametrize(
    "fault",
    [refusal(408), refusal(500), answer(502), refusal(503), answer(504), answer(520), lost()],
    ids=lambda fault: str(getattr(fault, "status", "lost")),
)
def test_a_submission_that_may_have_been_accepted_is_lost_and_never_repeated(
    fault: Response | NoReply,
) -> None:
    player = Player(fault)
    with pytest.raises(SubmissionLostError, match="both are billed"):
        player.play(exchange(SUBMIT, STEADY))
    assert len(player.requests) == 1


def test_a_submission_that_is_throttled_first_and_lost_then_is_lost() -> None:
    player = Player(refusal(429), lost())
    with pytest.raises(SubmissionLostError):
        player.play(exchange(SUBMIT, STEADY))
    assert len(player.requests) == 2


@pytest.mark.parametrize("request_", [LOOK, SUBMIT], ids=["look", "submission"])
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(400), RequestRefusedError),
        (refusal(413), RequestRefusedError),
        (refusal(409), RequestRefusedError),
        (answer(302, location="https://evil.example"), RequestRefusedError),
        (refusal(401), AuthenticationError),
        (refusal(403), AccessDeniedError),
        (refusal(404), ResourceNotFoundError),
        (refusal(403, "Out of call volume Quota for TextAnalytics F0."), QuotaExceededError),
        (refusal(403, retry_after="186688"), QuotaExceededError),
        (
            answer(403, {"statusCode": 403, "message": "Quota will be replenished in 2 days."}),
            QuotaExceededError,
        ),
        (answer(401, {"statusCode": 401, "message": "Access denied."}), AuthenticationError),
        (answer(403, b"<html>"), AccessDeniedError),
        (lost(sent=False, lasting=True), ServiceUnavailableError),
    ],
)
def test_a_refusal_is_final_at_once(
    request_: Request, reply: Response | NoReply, error: type[LanguageError]
) -> None:
    player = Player(reply)
    with pytest.raises(error) as raised:
        player.play(exchange(request_, STEADY))
    assert type(raised.value) is error
    assert player.sleeps == []


@pytest.mark.parametrize("request_", [LOOK, SUBMIT], ids=["look", "submission"])
def test_faults_are_tolerated_by_elapsed_time_and_not_by_count(request_: Request) -> None:
    player = Player(then=refusal(429))
    with pytest.raises(ServiceUnavailableError) as error:
        player.play(exchange(request_, STEADY))
    assert 1800 - 60 <= player.elapsed <= 1800
    assert len(player.requests) > 30
    assert (error.value.status, error.value.retryable) == (429, True)


def test_the_time_that_requests_take_counts_too() -> None:
    player = Player(then=lost(), latency=600.0)
    with pytest.raises(ServiceUnavailableError, match="did not answer: ConnectionResetError"):
        player.play(exchange(LOOK, STEADY))
    assert len(player.requests) == 4


def test_without_tolerance_the_first_fault_is_final() -> None:
    player = Player(lost(sent=False))
    with pytest.raises(ServiceUnavailableError):
        player.play(exchange(LOOK, Settings(retries=RetryPolicy(tolerance=0))))
    assert player.sleeps == []


def test_the_pause_that_the_service_asks_for_is_kept_and_capped() -> None:
    player = Player(refusal(429, retry_after="7"), refusal(429, retry_after="186688"), FINE)
    player.play(exchange(LOOK, STEADY))
    assert player.sleeps == [7.0, 300.0]


def test_jitter_is_drawn_from_the_settings() -> None:
    player = Player(refusal(500), FINE)
    player.play(exchange(LOOK, replace(STEADY, random=lambda: 1.0)))
    assert player.sleeps == [0.5]


def test_faults_end_at_the_deadline_with_one_last_try() -> None:
    player = Player(then=lost())
    with pytest.raises(JobTimeoutError, match="could not be asked: ConnectionResetError") as error:
        player.play(exchange(LOOK, STEADY, job_id=JOB_ID, deadline=START + 5))
    assert player.sleeps == [1.0, 2.0, 2.0]
    assert len(player.requests) == 4
    assert error.value.job_id == JOB_ID


def test_a_success_after_the_deadline_is_a_success() -> None:
    assert settled(exchange(LOOK, STEADY, deadline=START - 1), FINE).status == 200


def test_an_error_tells_what_support_will_ask_for() -> None:
    body = {
        "error": {
            "code": "InvalidRequest",
            "message": "Invalid Document in request.",
            "innererror": {"code": "InvalidDocumentBatch", "message": "Max 25 records are permitted."},
        }
    }
    with pytest.raises(RequestRefusedError) as error:
        settled(exchange(SUBMIT, STEADY, job_id="j"), answer(400, body, apim_request_id="r-1"))
    assert str(error.value) == (
        "The service answered: Max 25 records are permitted. "
        "[HTTP 400, code InvalidDocumentBatch, apim-request-id r-1, job j] "
        "Correct the documents, tasks or parameters; a retry would be refused again."
    )


def test_a_page_of_something_in_between_is_not_quoted() -> None:
    with pytest.raises(ServiceUnavailableError) as error:
        settled(exchange(LOOK, Settings(retries=RetryPolicy(tolerance=0))), answer(502, b"<html>nginx"))
    assert "nginx" not in str(error.value)
    assert error.value.code is None


def test_an_answer_that_breaks_off_is_told_as_such() -> None:
    broken = replace(answer(500), cut="its body broke off")
    with pytest.raises(ServiceUnavailableError, match="HTTP 500, but its body broke off"):
        Player(broken).play(exchange(LOOK, replace(STEADY, retries=RetryPolicy(tolerance=0))))


def test_a_clock_that_is_set_back_makes_no_outage_longer() -> None:
    hour_ago = -3600.0
    before, after = (replace(refusal(503), at=at) for at in (0.0, hour_ago))
    flow = exchange(LOOK, replace(STEADY, retries=RetryPolicy(tolerance=10, base=6, factor=1)))
    next(flow)
    assert isinstance(flow.send(before), Sleep)
    flow.send(Awake(hour_ago))
    assert isinstance(flow.send(after), Sleep)
    flow.send(Awake(hour_ago + 6))
    with pytest.raises(ServiceUnavailableError):
        flow.send(replace(after, at=hour_ago + 6))


def test_long_messages_are_cut() -> None:
    with pytest.raises(RequestRefusedError) as error:
        settled(exchange(LOOK, STEADY), refusal(400, "x" * 10_000))
    assert len(error.value.message) < 600
    with pytest.raises(SubmissionLostError) as loss:
        settled(exchange(SUBMIT, STEADY), lost("x" * 10_000))
    assert len(loss.value.message) < 600


def test_each_repetition_is_logged_without_a_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        settled(exchange(SUBMIT, STEADY), refusal(429, "Too fast."), answer(202))
    assert caplog.messages == ["POST /language/analyze-text/jobs: Too fast; again in 1.0 s"]


def test_a_json_answer_that_is_not_what_was_asked_for_is_worth_a_retry() -> None:
    error = unreadable(refusal(200), "j")
    assert (error.retryable, error.status, error.request_id, error.job_id) == (True, 200, "r-1", "j")
