"""What is read of a connection, whoever keeps it."""

from __future__ import annotations

from typing import Protocol


class Connection(Protocol):
    """What is read of a connection; Airflow's own are such."""

    @property
    def conn_id(self) -> str:
        """By which it is known."""

    @property
    def conn_type(self) -> str | None:
        """Its type."""

    @property
    def host(self) -> str | None:
        """The endpoint."""

    @property
    def schema(self) -> str | None:
        """The scheme of the endpoint, where the host names none."""

    @property
    def port(self) -> int | None:
        """The port of the endpoint, where the host names none."""

    @property
    def login(self) -> str | None:
        """The client id."""

    @property
    def password(self) -> str | None:
        """The key, or the client secret."""

    @property
    def extra(self) -> str | None:
        """All else, as JSON."""
