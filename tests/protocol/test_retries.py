"""Which answers are asked for again, and after how long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.retries import (
    RetryPolicy,
    is_transient,
    may_have_arrived,
    retry_after,
    retry_delay,
)
from airflow_provider_language.protocol.wire import NoReply, Request, Response
from tests.protocol.answers import answer, lost, refusal

LOOK = Request("GET", "/language/analyze-text/jobs/j")
CANCEL = Request("POST", "/language/analyze-text/jobs/j:cancel")
SUBMIT = Request("POST", "/language/analyze-text/jobs", body={}, repeatable=False)
POLICY = RetryPolicy()
AT = 1_445_412_480.0  # Wed, 21 Oct 2015 07:28:00 GMT


def cut(status: int) -> Response:
    """An answer of which the head alone arrived."""
    return replace(answer(status), cut="its body broke off")


def is_repeated(request: Request, reply: Response | NoReply) -> bool:
    return retry_delay(request, reply, 0, POLICY, 0.0) is not None


REPLIES: list[tuple[str, Response | NoReply, bool, bool, bool]] = [
    # what came back; whether a look, a cancel, a submission is sent again
    ("a job", answer(200, {"status": "running"}), False, False, False),
    ("202", answer(202), False, False, False),
    ("204", answer(204), False, False, False),
    ("a redirect", answer(302, location="https://evil.example"), False, False, False),
    ("400", refusal(400), False, False, False),
    ("401", refusal(401), False, False, False),
    ("403", refusal(403), False, False, False),
    ("403 of days", refusal(403, retry_after="186688"), False, False, False),
    ("404", refusal(404), False, False, False),
    ("413", refusal(413), False, False, False),
    ("408", refusal(408), True, True, False),
    ("408 with a pause", refusal(408, retry_after="1"), True, True, False),
    ("429", refusal(429), True, True, True),
    ("429 with a pause", refusal(429, retry_after="1"), True, True, True),
    ("500", refusal(500), True, True, False),
    ("500 with a pause", refusal(500, retry_after="1"), True, True, False),
    ("502", answer(502, b"<html>"), True, True, False),
    ("503", refusal(503), True, True, False),
    ("503 with a pause", refusal(503, retry_after="2"), True, True, True),
    ("503 with a pause that is none", refusal(503, retry_after="soon"), True, True, False),
    ("504", answer(504), True, True, False),
    ("520 of a gateway", answer(520), True, True, False),
    ("200 that broke off", cut(200), True, True, False),
    ("202 that broke off", cut(202), False, False, False),
    ("400 that broke off", cut(400), False, False, False),
    ("503 that broke off", cut(503), True, True, False),
    ("200 with a cut body", answer(200, b'{"status":"succ'), True, False, False),
    ("200 with a body too deep to read", answer(200, b'{"a":' * 100_000), True, False, False),
    ("200 without a body", answer(200), True, False, False),
    ("200 with a page", answer(200, b"<html>Log in"), True, False, False),
    ("200 with a list", answer(200, []), True, False, False),
    ("a lost answer", lost(), True, True, False),
    ("a refused connection", lost(sent=False), True, True, True),
    ("an untrusted certificate", lost(sent=False, lasting=True), False, False, False),
]


@pytest.mark.parametrize(
    ("reply", "look", "cancel", "submission"),
    [case[1:] for case in REPLIES],
    ids=[case[0] for case in REPLIES],
)
def test_what_is_sent_again(reply: Response | NoReply, look: bool, cancel: bool, submission: bool) -> None:
    assert is_repeated(LOOK, reply) is look
    assert is_repeated(CANCEL, reply) is cancel
    assert is_repeated(SUBMIT, reply) is submission


CERTAINLY_NOT_OBEYED = {
    "a redirect",
    "400",
    "400 that broke off",
    "401",
    "403",
    "403 of days",
    "404",
    "413",
    "429",
    "429 with a pause",
    "503 with a pause",
    "a refused connection",
    "an untrusted certificate",
}


@pytest.mark.parametrize(("name", "reply"), [case[:2] for case in REPLIES], ids=[case[0] for case in REPLIES])
def test_what_was_not_refused_may_have_been_obeyed(name: str, reply: Response | NoReply) -> None:
    assert may_have_arrived(reply) is (name not in CERTAINLY_NOT_OBEYED)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("1", 1.0),
        (" 2 ", 2.0),
        ("186688", 186_688.0),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:28:30 -0000", 30.0),
        ("Wed, 21 Oct 2015 09:28:30 +0200", 30.0),
        ("Wed, 21 Oct 2015 07:27:00 GMT", 0.0),
        ("Fri, 23 Oct 2015 07:28:00 GMT", 172_800.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("1 " * 30_000, None),
        ("Wed, 21 Oct 2015 07:28:30 GMT" + " x" * 30_000, 30.0),
        ("\u0661", None),
        ("Wed, 21 Oct 99999999999 07:28:00 GMT", None),
        ("Wed, 21 Oct 2015 07:28:00 +99999999999999999999", None),
        ("Wed, 21 Oct 2015 25:00:00 GMT", None),
    ],
)
def test_a_pause_is_a_number_of_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(replace(answer(429, retry_after=value), at=AT)) == seconds


@given(value=st.text() | st.from_regex(r"\A\w{3}, \d{1,3} \w{3} \d{1,20} \d\d:\d\d:\d\d [+-]?\w{1,9}\Z"))
def test_no_pause_breaks_the_reading(value: str) -> None:
    seconds = retry_after(answer(429, retry_after=value))
    assert seconds is None or seconds >= 0


def test_an_answer_without_a_pause_asks_for_none() -> None:
    assert retry_after(answer(429)) is None


def test_pauses_of_our_own_double_up_to_the_ceiling() -> None:
    pauses = [retry_delay(LOOK, lost(), attempt, POLICY, 0.0) for attempt in (0, 1, 2, 5, 6, 7, 10_000)]
    assert pauses == [1.0, 2.0, 4.0, 32.0, 60.0, 60.0, 60.0]


def test_the_policy_says_how_long_pauses_are() -> None:
    policy = RetryPolicy(base=0.5, factor=3.0, ceiling=10.0)
    assert [retry_delay(LOOK, lost(), attempt, policy, 0.0) for attempt in range(4)] == [0.5, 1.5, 4.5, 10.0]


def test_jitter_shortens_a_pause_of_our_own_by_up_to_a_half() -> None:
    assert retry_delay(LOOK, refusal(500), 2, POLICY, 1.0) == 2.0
    assert retry_delay(LOOK, refusal(500), 2, POLICY, 0.5) == 3.0


def test_the_service_s_pause_wins_over_our_own_and_is_never_shortened() -> None:
    assert retry_delay(LOOK, refusal(429, retry_after="7"), 6, POLICY, 0.0) == 7.0
    assert retry_delay(LOOK, refusal(429, retry_after="7"), 6, POLICY, 1.0) == 8.0


def test_a_pause_of_days_is_capped() -> None:
    assert retry_delay(SUBMIT, refusal(429, retry_after="186688"), 0, POLICY, 0.0) == 300.0


@pytest.mark.parametrize("status", [408, 429, 500, 501, 502, 503, 504, 507, 520, 599])
def test_transient_statuses_say_nothing_about_the_request(status: int) -> None:
    assert is_transient(status)


@pytest.mark.parametrize("status", [200, 202, 204, 302, 400, 401, 403, 404, 409, 413])
def test_other_statuses_are_taken_as_they_are(status: int) -> None:
    assert not is_transient(status)
