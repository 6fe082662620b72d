"""A request with its token: one that is refused is renewed once, and one that cannot be had is no reply."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_language.hooks.credentials import SignInTrouble, Token
from airflow_provider_language.hooks.tokens import token_in_loop, tokens
from airflow_provider_language.protocol.wire import NoReply, Response

if TYPE_CHECKING:
    import requests

    from airflow_provider_language.hooks.credentials import Credential

Headers = Mapping[str, str]
Carry = Callable[[Headers], "Response | NoReply"]
AsyncCarry = Callable[[Headers], Awaitable["Response | NoReply"]]

_UNAUTHORIZED = 401
_TRIES = 2


def is_refused(reply: Response | NoReply) -> bool:
    """Whether what a request was signed with is not, or no more, the resource's (docs/service.md, errors)."""
    if isinstance(reply, NoReply):
        return reply.signing_in and reply.lasting
    return reply.status == _UNAUTHORIZED


def sign_in_early(credential: Credential | None) -> None:
    """Have a token at hand before a request is begun in which signals are held back, or written down.

    That there is none shows when the request is carried.
    """
    if credential is not None:
        with suppress(SignInTrouble):
            tokens().token(credential)


async def sign_in_early_in_loop(credential: Credential | None) -> None:
    """As :func:`sign_in_early`, in an event loop."""
    if credential is not None:
        with suppress(SignInTrouble):
            await token_in_loop(credential)


def carried(credential: Credential | None, carry: Carry) -> Response | NoReply:
    """Carry a request with a token, in a thread.

    Args:
        credential: who signs in; None if nobody does.
        carry: sends the request with further headers.
    """
    if credential is None:
        return carry({})
    for _ in range(_TRIES):
        try:
            token = tokens().token(credential)
        except SignInTrouble as trouble:
            return _unsigned(trouble)
        reply = carry(_headers(token))
        if not _is_renewed(reply, credential, token):
            break
    return reply


async def carried_in_loop(credential: Credential | None, carry: AsyncCarry) -> Response | NoReply:
    """Carry a request with a token, in an event loop; see :func:`carried`."""
    if credential is None:
        return await carry({})
    for _ in range(_TRIES):
        try:
            token = await token_in_loop(credential)
        except SignInTrouble as trouble:
            return _unsigned(trouble)
        reply = await carry(_headers(token))
        if not _is_renewed(reply, credential, token):
            break
    return reply


def signature(credential: Credential) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """What signs each request of a session that others use, as ``requests`` has it in ``Session.auth``."""

    def signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(_headers(tokens().token(credential)))
        return request

    return signed


def _headers(token: Token) -> Headers:
    return {"Authorization": f"Bearer {token.value}"}


def _is_renewed(reply: Response | NoReply, credential: Credential, token: Token) -> bool:
    return isinstance(reply, Response) and is_refused(reply) and tokens().refused(credential, token)


def _unsigned(trouble: SignInTrouble) -> NoReply:
    """Nothing was sent, whatever was written down before: a job is not taken for lost."""
    return NoReply(
        f"signing in with Entra ID failed: {trouble.reason}",
        sent=False,
        at=time.time(),
        lasting=trouble.lasting,
        signing_in=True,
    )
