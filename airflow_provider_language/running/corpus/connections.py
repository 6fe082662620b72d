"""The connections of a corpus, read before its event loop begins."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.inputs.fields import text_in
from airflow_provider_language.protocol.retries import RetryPolicy
from airflow_provider_language.protocol.surfaces import Surface
from airflow_provider_language.running.given import DEFAULT_CONN_ID

if TYPE_CHECKING:
    from airflow_provider_language.hooks.connections import ConnectionSettings
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.hooks.players import AsyncPlayer


class Resource(Protocol):
    """The way to a resource, as a run needs it; :class:`LanguageHook` is one, by a connection of Airflow."""

    settings: Settings
    """Patience with faults, and the times between looks."""

    @property
    def azure_language_conn_id(self) -> str:
        """By which the journal knows it."""

    @property
    def connection_settings(self) -> ConnectionSettings:
        """What the connection says."""

    @property
    def opts_out_of_logging(self) -> bool:
        """Whether the service must not keep texts."""

    def version_for(self, family: Surface) -> str:
        """The version for jobs of a family."""

    def player(self, settings: ConnectionSettings | None = None) -> AbstractAsyncContextManager[AsyncPlayer]:
        """Plays flows in an event loop."""


def hooks_of(
    conn_ids: str | Sequence[str] | None, api_version: str | None, tolerance: float
) -> list[LanguageHook]:
    """The hooks of one connection, or of several.

    They are looked up here, in the main thread: on Airflow 3.0 and 3.1, look-ups from several threads mix
    their answers.

    Args:
        conn_ids: the connections.
        api_version: overrides theirs.
        tolerance: seconds for which faults of the service in a row are ridden out.

    Raises:
        InvalidInputError: one of them cannot be used.
    """
    from airflow_provider_language.hooks.language import LanguageHook

    given = [conn_ids] if conn_ids is None or isinstance(conn_ids, str) else list(conn_ids)
    told = dict.fromkeys(text_in(one, "azure_language_conn_id") or DEFAULT_CONN_ID for one in given)
    settings = Settings(retries=RetryPolicy(tolerance=tolerance))
    hooks = [LanguageHook(one, text_in(api_version, "api_version"), settings) for one in told]
    if not hooks:
        raise InvalidInputError("azure_language_conn_id is an empty list.")
    return hooks


def version_of(hooks: Sequence[Resource], family: Surface) -> str:
    """The version of the API that all jobs of a family have.

    Raises:
        InvalidInputError: the connections have several.
    """
    versions = sorted({hook.version_for(family) for hook in hooks})
    if len(versions) > 1:
        raise InvalidInputError(
            f"The connections have the versions {', '.join(versions)} of the API: name one as api_version."
        )
    return versions[0]
