"""Tokens are kept, renewed before they end, and asked for once, however many need one."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_language.hooks import tokens as module
from airflow_provider_language.hooks.authorized import carried, carried_in_loop
from airflow_provider_language.hooks.credentials import (
    Credential,
    ManagedIdentity,
    SignInTrouble,
    Token,
)
from airflow_provider_language.hooks.tokens import (
    EARLY,
    PAUSE,
    RENEWING,
    SELDOM,
    SIGNING_IN,
    Tokens,
    token_in_loop,
)
from airflow_provider_language.protocol.wire import NoReply, Response

HOUR = 3600.0
ME, OTHER = Credential(ManagedIdentity("me")), Credential(ManagedIdentity("other"))


class Issuer:
    """Gives tokens of an hour, in a time of its own.

    Attributes:
        asked: by whom, in order.
        trouble: what is raised instead.
        on_ask: called while somebody waits for the answer.
    """

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.asked: list[Credential] = []
        self.trouble: SignInTrouble | None = None
        self.on_ask: Callable[[], Any] = lambda: None

    def __call__(self, credential: Credential) -> Token:
        self.asked.append(credential)
        self.on_ask()
        if self.trouble is not None:
            raise self.trouble
        return Token(f"token-{len(self.asked)}", self.now + HOUR)


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def tokens(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Tokens:
    """The tokens of this process."""
    made = Tokens(issuer, lambda: issuer.now)
    monkeypatch.setattr(module, "_tokens", made)
    return made


def test_a_token_is_kept_until_five_minutes_before_its_end(issuer: Issuer, tokens: Tokens) -> None:
    first = tokens.token(ME)
    issuer.now += HOUR - EARLY - 1
    assert tokens.token(ME) is first
    issuer.now += 1
    assert renewed(tokens).value == "token-2"
    assert "token" not in repr(first).replace("Token", "")


def renewed(tokens: Tokens) -> Token:
    """The token, once nobody is on the way for another one."""
    tokens.token(ME)
    for thread in threading.enumerate():
        if thread.name == RENEWING:
            thread.join(10)
    return tokens.token(ME)


def test_a_renewal_that_hangs_holds_up_nobody_while_the_old_token_is_good(
    issuer: Issuer, tokens: Tokens
) -> None:
    first = tokens.token(ME)
    issuer.now += HOUR - EARLY
    answered = threading.Event()
    issuer.on_ask = lambda: answered.wait(10)

    assert [tokens.token(ME) for _ in range(100)] == [first] * 100
    assert tokens.at_hand(ME) is first
    assert asyncio.run(token_in_loop(ME)) is first
    assert sum(thread.name == RENEWING for thread in threading.enumerate()) == 1

    answered.set()
    assert renewed(tokens).value == "token-2"
    assert len(issuer.asked) == 2


def test_who_needs_a_token_when_the_old_one_ends_waits_for_the_renewal_under_way(
    issuer: Issuer, tokens: Tokens
) -> None:
    tokens.token(ME)
    issuer.now += HOUR - EARLY
    asked, answered = threading.Event(), threading.Event()

    def hang() -> None:
        asked.set()
        answered.wait(10)

    issuer.on_ask = hang
    tokens.token(ME)
    assert asked.wait(10)
    issuer.now += EARLY
    assert tokens.at_hand(ME) is None
    answered.set()

    assert tokens.token(ME).value == "token-2"
    assert len(issuer.asked) == 2


def test_each_credential_has_its_own(issuer: Issuer, tokens: Tokens) -> None:
    assert tokens.token(ME).value != tokens.token(OTHER).value
    assert issuer.asked == [ME, OTHER]


def test_a_renewal_that_fails_leaves_the_old_token_as_long_as_it_is_good(
    issuer: Issuer, tokens: Tokens
) -> None:
    first = tokens.token(ME)
    issuer.now += HOUR - EARLY
    issuer.trouble = SignInTrouble("no answer", lasting=False)
    assert [renewed(tokens) for _ in range(100)] == [first] * 100
    assert len(issuer.asked) == 2
    issuer.now += PAUSE
    assert renewed(tokens) is first
    assert len(issuer.asked) == 3
    issuer.now += EARLY
    with pytest.raises(SignInTrouble):
        tokens.token(ME)


def test_a_failure_is_told_to_all_for_a_moment_and_then_asked_for_anew(
    issuer: Issuer, tokens: Tokens
) -> None:
    issuer.trouble = SignInTrouble("no answer", lasting=False)
    for _ in range(100):
        with pytest.raises(SignInTrouble, match="no answer"):
            tokens.token(ME)
    assert len(issuer.asked) == 1
    issuer.trouble = None
    issuer.now += PAUSE
    assert tokens.token(ME).value == "token-2"


def test_a_clock_that_is_set_back_makes_no_outage_longer(issuer: Issuer, tokens: Tokens) -> None:
    issuer.trouble = SignInTrouble("no answer", lasting=False)
    with pytest.raises(SignInTrouble):
        tokens.token(ME)
    issuer.trouble = None
    issuer.now -= 10 * HOUR
    assert tokens.token(ME).value == "token-2"


def test_threads_that_need_a_token_at_once_ask_once(issuer: Issuer, tokens: Tokens) -> None:
    found: list[Token] = []
    threads = [threading.Thread(target=lambda: found.append(tokens.token(ME))) for _ in range(8)]
    looked, all_looked = set[int](), threading.Event()

    def clock() -> float:
        """Every thread looks at the clock before it asks, or waits for the one who does."""
        looked.add(threading.get_ident())
        if len(looked) == len(threads):
            all_looked.set()
        return issuer.now

    tokens._clock = clock
    issuer.on_ask = lambda: all_looked.wait(10)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert len(set(found)) == 1
    assert issuer.asked == [ME]


def test_a_signal_handler_that_comes_while_its_thread_asks_asks_too(issuer: Issuer, tokens: Tokens) -> None:
    within: list[Token] = []

    def interrupt() -> None:
        issuer.on_ask = lambda: None
        within.append(tokens.token(ME))

    issuer.on_ask = interrupt

    assert tokens.token(ME).value == "token-2"
    assert [one.value for one in within] == ["token-2"]


async def test_those_of_a_loop_share_one_thread_and_one_who_is_cancelled_holds_up_nobody(
    issuer: Issuer, tokens: Tokens
) -> None:
    names: list[str] = []
    issuer.on_ask = lambda: names.append(threading.current_thread().name)
    flights = [asyncio.ensure_future(token_in_loop(ME)) for _ in range(1000)]
    await asyncio.sleep(0)
    assert [task.get_name() for task in asyncio.all_tasks()].count(SIGNING_IN) == 1
    flights[0].cancel()

    found = set(await asyncio.gather(*flights[1:]))

    assert len(found) == 1
    assert len(names) == 1
    assert names != [threading.main_thread().name]


async def test_a_loop_that_was_told_of_trouble_asks_anew(issuer: Issuer, tokens: Tokens) -> None:
    issuer.trouble = SignInTrouble("no answer", lasting=False)
    with pytest.raises(SignInTrouble):
        await token_in_loop(ME)
    issuer.trouble, issuer.now = None, issuer.now + PAUSE
    assert (await token_in_loop(ME)).value == "token-2"


def test_event_loops_one_after_the_other_share_the_token_of_the_process(
    issuer: Issuer, tokens: Tokens
) -> None:
    assert asyncio.run(token_in_loop(ME)) is asyncio.run(token_in_loop(ME)) is tokens.token(ME)


def test_a_forked_process_asks_for_its_own_though_another_thread_was_asking(
    issuer: Issuer, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, asked = threading.Event(), threading.Event()

    def slowly() -> None:
        asked.set()
        asking.wait(10)

    issuer.on_ask = slowly
    thread = threading.Thread(target=tokens.token, args=(ME,))
    thread.start()
    asked.wait(10)
    # What a forked process begins anew with; it would ask Entra ID.
    monkeypatch.setattr(module.Tokens.__init__, "__defaults__", (Issuer(), lambda: 0.0))
    child = multiprocessing.get_context("fork").Process(target=_ask_for_ones_own)
    child.start()
    child.join(10)
    ended = child.exitcode
    child.kill()
    asking.set()
    thread.join(10)

    assert ended == 0


def _ask_for_ones_own() -> None:
    module.tokens().token(ME)


def answers(*statuses: int) -> tuple[list[str], Callable[[Any], Response]]:
    """What a service answers in turn, and the tokens that it was shown."""
    shown: list[str] = []
    left = list(statuses)

    def carry(headers: Any) -> Response:
        shown.append(headers.get("Authorization", ""))
        return Response(left.pop(0), {}, b"", 0.0)

    return shown, carry


def in_thread(carry: Callable[[Any], Response]) -> Response | NoReply:
    return carried(ME, carry)


def in_loop(carry: Callable[[Any], Response]) -> Response | NoReply:
    async def carry_in_loop(headers: Any) -> Response | NoReply:
        return carry(headers)

    return asyncio.run(carried_in_loop(ME, carry_in_loop))


both = pytest.mark.parametrize("way", [in_thread, in_loop])
Way = Callable[[Any], "Response | NoReply"]


@both
def test_a_token_that_is_refused_is_renewed_once_and_its_refusal_told(
    issuer: Issuer, tokens: Tokens, way: Way
) -> None:
    shown, carry = answers(401, 401)

    reply = way(carry)

    assert isinstance(reply, Response)
    assert reply.status == 401
    assert shown == ["Bearer token-1", "Bearer token-2"]


@both
def test_an_identity_that_is_refused_whatever_its_token_asks_for_one_a_minute(
    issuer: Issuer, tokens: Tokens, way: Way
) -> None:
    way(answers(401, 401)[1])
    for _ in range(100):
        way(answers(401)[1])
    assert len(issuer.asked) == 2
    issuer.now += SELDOM
    way(answers(401, 401)[1])
    assert len(issuer.asked) == 3


def test_a_refusal_of_a_token_that_is_not_in_use_any_more_renews_none(issuer: Issuer, tokens: Tokens) -> None:
    old = tokens.token(ME)
    assert tokens.refused(ME, old)
    new = tokens.token(ME)

    assert tokens.refused(ME, old)
    assert tokens.token(ME) is new


@both
@pytest.mark.parametrize("lasting", [True, False])
def test_without_a_token_nothing_is_sent(issuer: Issuer, tokens: Tokens, way: Way, lasting: bool) -> None:
    issuer.trouble = SignInTrouble("AADSTS7000215: wrong", lasting=lasting)
    shown, carry = answers()

    reply = way(carry)

    assert isinstance(reply, NoReply)
    assert (reply.sent, reply.lasting, reply.signing_in) == (False, lasting, True)
    assert "AADSTS7000215" in reply.reason
    assert shown == []


async def test_who_has_a_key_needs_no_token(issuer: Issuer, tokens: Tokens) -> None:
    shown, carry = answers(200, 200)

    carried(None, carry)

    assert shown == [""]
    assert issuer.asked == []


def test_that_no_thread_is_to_be_had_for_a_renewal_leaves_the_old_token_and_the_next_try(
    issuer: Issuer, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tokens.token(ME)
    issuer.now += HOUR - EARLY

    def none_left(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none_left)
        assert tokens.token(ME) is first

    assert renewed(tokens).value == "token-2"
