"""Tokens kept: one for each credential of a process, asked for once for all who need it, before it ends."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from airflow_provider_language.hooks.credentials import Credential, SignInTrouble, Token
from airflow_provider_language.hooks.entra import fetched
from airflow_provider_language.hooks.signals import signals_held
from airflow_provider_language.transports.loops import OfLoop

EARLY = 300.0
"""Seconds before its end at which a token is renewed."""

PAUSE = 5.0
"""Seconds for which nobody asks again after a token could not be had."""

SELDOM = 60.0
"""Seconds between two tokens that were refused, and so renewed before their time: an identity that lacks a
role is refused with each new one, too."""

RENEWING = "renews a token of Entra ID"
"""The name of the thread that does, while the old token is in use."""

SIGNING_IN = "asks Entra ID for a token"
"""The name of the task that asks, and outlives who began it."""


@dataclass(eq=False)
class _Kept:
    """What is known of one credential."""

    asking: threading.RLock = field(default_factory=threading.RLock)
    renewing: threading.Lock = field(default_factory=threading.Lock)
    token: Token | None = None
    trouble: SignInTrouble | None = None
    failed_at: float = 0.0
    refused_at: float | None = None


class Tokens:
    """Keeps the tokens of a process.

    A signal handler may interrupt a thread that asks, and then asks, too. Who does not ask holds no lock: an
    event loop must not wait for a thread.

    Args:
        fetch: asks for a token, blocking.
        clock: the time, in seconds since the epoch.
    """

    def __init__(
        self, fetch: Callable[[Credential], Token] = fetched, clock: Callable[[], float] = time.time
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._kept: dict[Credential, _Kept] = {}

    def at_hand(self, credential: Credential) -> Token | None:
        """The token, if nobody need be asked for it; None if it is to be asked for.

        Raises:
            SignInTrouble: it could not be had a moment ago.
        """
        return self._at_hand(self._of(credential))

    def token(self, credential: Credential) -> Token:
        """The token; many who need one at once ask once, and one who must not wait uses :meth:`at_hand`.

        Nobody waits for a renewal while the old token is good: who is asked may hang.

        Raises:
            SignInTrouble: it cannot be had, now or ever.
        """
        kept = self._of(credential)
        found = self._at_hand(kept)
        if found is not None:
            return found
        old = kept.token
        if old is not None and self._clock() < old.ends:
            self._renew(kept, credential)
            return old
        with kept.asking:
            found = self._at_hand(kept)
            return found if found is not None else self._asked(kept, credential)

    def refused(self, credential: Credential, token: Token) -> bool:
        """Hear that the service refused a token, and say whether another try would be with another one."""
        kept = self._of(credential)
        if kept.token is not token:
            return True
        now = self._clock()
        if kept.refused_at is not None and 0 <= now - kept.refused_at < SELDOM:
            return False
        kept.token, kept.refused_at = None, now
        return True

    def _of(self, credential: Credential) -> _Kept:
        found = self._kept.get(credential)
        return found if found is not None else self._kept.setdefault(credential, _Kept())

    def _at_hand(self, kept: _Kept) -> Token | None:
        now, token, trouble = self._clock(), kept.token, kept.trouble
        if token is not None and now < token.ends - (0.0 if kept.renewing.locked() else EARLY):
            return token
        if trouble is None or not 0 <= now - kept.failed_at < PAUSE:
            return None
        if token is not None and now < token.ends:
            return token
        raise trouble

    def _renew(self, kept: _Kept, credential: Credential) -> None:
        """Have a thread ask, unless one does."""

        def ask() -> None:
            try:
                with kept.asking, suppress(SignInTrouble):
                    self._asked(kept, credential)
            finally:
                kept.renewing.release()

        thread = threading.Thread(target=ask, name=RENEWING, daemon=True)
        with signals_held():  # or a handler that raises could leave the lock to nobody
            if kept.renewing.acquire(blocking=False):
                try:
                    thread.start()
                except RuntimeError:  # no thread is to be had; who asks next tries again
                    kept.renewing.release()

    def _asked(self, kept: _Kept, credential: Credential) -> Token:
        """A new token; if there is none, the old one as long as it is good."""
        old = kept.token
        try:
            kept.token, kept.trouble = self._fetch(credential), None
        except SignInTrouble as trouble:
            kept.trouble, kept.failed_at = trouble, self._clock()
            if old is None or self._clock() >= old.ends:
                raise
            return old
        return kept.token


_tokens = Tokens()
_flights: OfLoop[dict[Credential, asyncio.Task[Token]]] = OfLoop(dict)


def _begin_anew() -> None:
    """In a forked process nobody gives back what another thread has locked."""
    global _tokens  # noqa: PLW0603 - Python tells of a fork by a function alone
    _tokens = Tokens()


os.register_at_fork(after_in_child=_begin_anew)


def tokens() -> Tokens:
    """The tokens of this process."""
    return _tokens


async def token_in_loop(credential: Credential) -> Token:
    """The token, for an event loop: who has to be asked is asked in a thread, once for all of the loop.

    Raises:
        SignInTrouble: it cannot be had, now or ever.
    """
    found = tokens().at_hand(credential)
    if found is not None:
        return found
    flights = _flights.here()
    flight = flights.get(credential)
    if flight is None:
        flight = asyncio.create_task(asyncio.to_thread(tokens().token, credential), name=SIGNING_IN)
        flights[credential] = flight
        flight.add_done_callback(lambda done: _land(flights, credential, done))
    return await asyncio.shield(flight)


def _land(
    flights: dict[Credential, asyncio.Task[Token]], credential: Credential, done: asyncio.Task[Token]
) -> None:
    """Let the next one ask anew; asking for the error also keeps asyncio from telling it, too."""
    flights.pop(credential, None)
    if not done.cancelled():
        done.exception()
