"""What the Test button of a connection says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    LanguageError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceUnavailableError,
)
from airflow_provider_language.hooks.connections import KEY_HEADER
from airflow_provider_language.hooks.credentials import SignInTrouble
from airflow_provider_language.hooks.tokens import tokens
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.probe import Place, probe
from airflow_provider_language.protocol.retries import RetryPolicy
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT

if TYPE_CHECKING:
    from airflow_provider_language.hooks.connections import ConnectionSettings
    from airflow_provider_language.protocol.wire import Flow

_VERDICTS: Mapping[type[LanguageError], str] = {
    AuthenticationError: "The key is wrong, or belongs to another resource.",
    AccessDeniedError: "The key may not use this resource.",
    ResourceNotFoundError: "The host answers, but it is no endpoint of a Language resource.",
    RequestRefusedError: "The host answers, but not as a Language resource.",
    ServiceUnavailableError: "The host does not answer as a Language resource.",
}
"""What a failed probe says about the connection."""

_SIGNED_IN: Mapping[type[LanguageError], str] = {
    AuthenticationError: "Entra ID gives a token, and the endpoint does not take it.",
    AccessDeniedError: "Entra ID gives a token, and who signs in may not use this resource.",
}
"""What else it says about one that signs in with Entra ID."""

_WHERE = (
    "This was tried by the process that runs connection tests, which is the API server or the webserver; a "
    "worker or a triggerer may sign in as somebody else, or not reach as far."
)


def verdict(
    connection: Callable[[], ConnectionSettings], play: Callable[[Flow[Place]], Place]
) -> tuple[bool, str]:
    """Tell whether a connection's endpoint, sign-in and version are right, without costing a text record.

    Args:
        connection: reads it.
        play: runs a flow over it.

    Returns:
        Whether they are, and a sentence about it.
    """
    try:
        settings = connection()
    except LanguageError as error:
        return False, str(error)
    if settings.credential is None:
        return _asked(settings, play)
    try:
        tokens().token(settings.credential)
    except SignInTrouble as trouble:
        return (
            False,
            f"Signing in failed, and the endpoint was not asked: {trouble.reason.rstrip('.')}. {_WHERE}",
        )
    is_right, words = _asked(settings, play)
    return is_right, f"{words} {_WHERE}"


def _asked(settings: ConnectionSettings, play: Callable[[Flow[Place]], Place]) -> tuple[bool, str]:
    """What the endpoint says, asked as jobs ask it."""
    try:
        found = play(probe(Settings(retries=RetryPolicy(tolerance=0), pace=Pace()), settings.api_version))
    except LanguageError as error:
        return False, f"{_words(error, settings)} {error}".strip()
    wanted = settings.api_version or ANALYZE_TEXT.newest_stable
    if found.version != wanted:
        return False, (
            f"The endpoint does not have the version {wanted}, but it has {found.version} "
            f'({found.surface.name}): say "api_version": "{found.version}" in the connection\'s extra.'
        )
    signed = "the key is right" if _has_key(settings) else "it asks for no key"
    if settings.credential is not None:
        signed = "it takes the token that Entra ID gives"
    return True, f"The endpoint is a Language resource with the version {wanted}, and {signed}."


def _has_key(settings: ConnectionSettings) -> bool:
    return KEY_HEADER.lower() in {name.lower() for name in settings.headers}


def _words(error: LanguageError, settings: ConnectionSettings) -> str:
    """What an error says about the connection."""
    signed_in = settings.credential is not None
    refused = isinstance(error, (AuthenticationError, AccessDeniedError, RequestRefusedError))
    if refused and error.code is not None and not signed_in and not _has_key(settings):
        return "The connection has no password, which is the key, and does not sign in with Entra ID."
    if isinstance(error, RequestRefusedError) and error.code is not None:
        return "The resource refuses jobs."
    verdicts = {**_VERDICTS, **_SIGNED_IN} if signed_in else _VERDICTS
    return next((words for class_, words in verdicts.items() if isinstance(error, class_)), "")
