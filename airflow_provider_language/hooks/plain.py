"""A connection whose values are given, and the way to its resource, for a run outside of Airflow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_language.hooks.players import AsyncPlayer
from airflow_provider_language.hooks.sessions import Access, access

if TYPE_CHECKING:
    from airflow_provider_language.hooks.connections import ConnectionSettings
    from airflow_provider_language.protocol.exchanges import Settings
    from airflow_provider_language.protocol.surfaces import Surface


@dataclass(frozen=True)
class PlainConnection:
    """A connection whose values are given; see docs/connections.md for what they mean.

    Args:
        conn_id: by which it is known.
        host: the endpoint.
        password: the key, or the client secret.
        login: the client id.
        extra: all else, as JSON.
    """

    conn_id: str
    host: str
    password: str | None = field(default=None, repr=False)
    login: str | None = None
    extra: str | None = field(default=None, repr=False)
    conn_type: str | None = "azure_language"
    schema: str | None = None
    port: int | None = None


class PlainResource:
    """The way to a resource, by a connection that nobody looks up anew.

    Args:
        conn_id: by which journals know it.
        connection_settings: of the connection.
        settings: patience with faults, and the times between looks.
    """

    def __init__(self, conn_id: str, connection_settings: ConnectionSettings, settings: Settings) -> None:
        self.azure_language_conn_id = conn_id
        self.connection_settings = connection_settings
        self.settings = settings

    @property
    def opts_out_of_logging(self) -> bool:
        """Whether the service must not keep texts."""
        return self.connection_settings.logging_opt_out

    def version_for(self, family: Surface) -> str:
        """The version for jobs of a family: the connection's, or the newest stable one."""
        return self.connection_settings.api_version or family.newest_stable

    @asynccontextmanager
    async def player(self, settings: ConnectionSettings | None = None) -> AsyncIterator[AsyncPlayer]:
        """The way for flows in an event loop."""

        async def same(way: Access) -> Access:
            return way

        async with access(settings or self.connection_settings) as way:
            yield AsyncPlayer(way, same, lambda: None)
