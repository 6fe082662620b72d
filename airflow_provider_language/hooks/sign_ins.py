"""How a connection signs in: by its key, with Entra ID, or not at all; and what of it cannot be meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.hooks.credentials import (
    DefaultChain,
    Identity,
    ManagedIdentity,
    ServicePrincipal,
    WorkloadIdentity,
)
from airflow_provider_language.hooks.extras import said_in
from airflow_provider_language.hooks.values import existing

if TYPE_CHECKING:
    from airflow_provider_language.hooks.connection_values import Connection

KEY = "key"
ENTRA = "entra"
SERVICE_PRINCIPAL = "service_principal"
MANAGED_IDENTITY = "managed_identity"
WORKLOAD_IDENTITY = "workload_identity"
WAYS = (KEY, ENTRA, SERVICE_PRINCIPAL, MANAGED_IDENTITY, WORKLOAD_IDENTITY)
"""What the option ``auth`` may say."""

TENANTS = ("tenantId", "tenant_id")
CERTIFICATE = "client_certificate_path"
_PRINCIPAL = (*TENANTS, CERTIFICATE, "client_certificate_password")
_MANAGED = ("managed_identity_client_id", "managed_identity_object_id", "managed_identity_resource_id")
_WORKLOAD = ("workload_identity_tenant_id",)
_CLOUD = ("cloud_environment", "authority", "scope")
_LENDER_TYPE = "azure"
_UNREADABLE = ("key_path", "key_json")
"""Files of secrets that a connection of type azure may name, in a form that azure-identity does not read."""


@dataclass(frozen=True)
class Said:
    """What a connection says of who signs in.

    Args:
        about: the connection, for messages.
        login: the client id.
        password: the key, or the client secret.
        extra: all else, without what says nothing.
    """

    about: str
    login: str
    password: str = field(repr=False)
    extra: Mapping[str, Any] = field(repr=False)

    @classmethod
    def by(cls, connection: Connection, about: str, extra: Mapping[str, Any]) -> Said:
        """What a connection says."""
        return cls(about, (connection.login or "").strip(), (connection.password or "").strip(), extra)

    def text(self, *names: str) -> str:
        """The option of one of these names, which mean the same; empty if there is none.

        Raises:
            InvalidInputError: they contradict each other.
        """
        texts = {name: str(self.extra[name]).strip() for name in names if name in self.extra}
        if len(set(texts.values())) > 1:
            raise InvalidInputError(f"{self.about} says both {' and '.join(texts)}, and they differ.")
        return next(iter(texts.values()), "")

    def of(self, *names: str) -> list[str]:
        """Which of these options it has, ``login`` and ``password`` among them."""
        fields = {"login": self.login, "password": self.password}
        return [name for name in names if name in self.extra or fields.get(name)]

    def refuse(self, how: str, *names: str) -> None:
        """Refuse options that mean nothing to a way of signing in, and so are meant for another."""
        found = self.of(*names)
        if found:
            raise InvalidInputError(
                f"{self.about} signs in by {how}, to which {', '.join(found)} means nothing."
            )


def lender_of(connection: Connection) -> str | None:
    """The id of the connection of type azure that a connection takes its sign-in from; None for none."""
    lender = said_in(connection.extra).get("azure_conn_id")
    return None if lender is None else str(lender).strip()


def identity_from(
    connection: Connection, extra: Mapping[str, Any], lender: Connection | None
) -> Identity | None:
    """Who signs in with Entra ID; None where nobody does: there is a key, or not even that.

    Args:
        connection: whose login and password are looked at.
        extra: its extra.
        lender: the connection that it takes the sign-in from, if any.

    Raises:
        InvalidInputError: it cannot be told what is meant; with the names that are missing or too many.
    """
    own = Said.by(connection, "The connection", extra)
    way = _way(own, is_lent=lender is not None)
    if lender is None:
        return None if way == KEY else _READERS[way](own)
    own.refuse("azure_conn_id", "login", "password", *_PRINCIPAL, *_MANAGED, *_WORKLOAD)
    return _READERS[way](_lent(lender))


def _way(said: Said, *, is_lent: bool) -> str:
    """The way to sign in that is said, or else the only one that can be meant."""
    entra = (*_MANAGED, *_WORKLOAD, *_CLOUD)
    way = said.text("auth").lower()
    if way and way not in WAYS:
        raise InvalidInputError(f"The connection's auth is {way!r} instead of {', '.join(WAYS)}.")
    if way == KEY:
        said.refuse("its key", "login", *_PRINCIPAL, *entra, "azure_conn_id")
        if not said.password:
            raise InvalidInputError(
                'The connection says "auth": "key", and has no password, which is the key.'
            )
    if way:
        return way
    if is_lent:
        return ENTRA
    if said.of("login", *_PRINCIPAL):
        return SERVICE_PRINCIPAL
    if said.of(*entra):
        raise InvalidInputError(
            f"The connection has {', '.join(said.of(*entra))}, which is for Entra ID, and does not say that "
            'it signs in so: "auth": "entra" in its extra does.'
        )
    return KEY


def _lent(lender: Connection) -> Said:
    about = f"The connection {lender.conn_id!r}, named by azure_conn_id,"
    if lender.conn_type != _LENDER_TYPE:
        raise InvalidInputError(f"{about} is of type {lender.conn_type!r} instead of {_LENDER_TYPE!r}.")
    said = Said.by(lender, about, said_in(lender.extra))
    if said.of(*_UNREADABLE):
        raise InvalidInputError(f"{about} has {said.of(*_UNREADABLE)[0]}, which this provider does not read.")
    return said


def _service_principal(said: Said) -> Identity:
    said.refuse("a service principal", *_MANAGED, *_WORKLOAD)
    certificate, tenant = said.text(CERTIFICATE), said.text(*TENANTS)
    if said.password and certificate:
        raise InvalidInputError(f"{said.about} has both a password and {CERTIFICATE}: one of them signs in.")
    by_certificate = certificate or said.of("client_certificate_password")
    parts = {
        "login (the client id)": said.login,
        f"{TENANTS[0]} (in the extra)": tenant,
        CERTIFICATE if by_certificate else "password (the client secret)": certificate or said.password,
    }
    missing = [name for name, part in parts.items() if not part]
    if missing:
        key = " A key stands alone, in the password." if said.password else ""
        raise InvalidInputError(
            f"{said.about} signs in as a service principal, and lacks {', '.join(missing)}.{key}"
        )
    return ServicePrincipal(
        tenant,
        said.login,
        secret=said.password,
        certificate=certificate and existing(CERTIFICATE, certificate),
        certificate_password=said.text("client_certificate_password"),
    )


def _managed_identity(said: Said) -> Identity:
    said.refuse("a managed identity", "login", "password", *_PRINCIPAL, *_WORKLOAD)
    if len(said.of(*_MANAGED)) > 1:
        raise InvalidInputError(
            f"{said.about} names one managed identity twice: {', '.join(said.of(*_MANAGED))}."
        )
    return ManagedIdentity(*(said.text(name) for name in _MANAGED))


def _workload_identity(said: Said) -> Identity:
    said.refuse("a workload identity", "password", CERTIFICATE, "client_certificate_password", *_MANAGED[1:])
    client_id = said.text(_MANAGED[0])
    if client_id and said.login and client_id != said.login:
        raise InvalidInputError(f"{said.about} says both login and {_MANAGED[0]}, and they differ.")
    return WorkloadIdentity(said.text(*_WORKLOAD, *TENANTS), client_id or said.login)


def _entra(said: Said) -> Identity:
    """All three of a service principal, or none of them."""
    if said.of("login", "password", *_PRINCIPAL):
        return _service_principal(said)
    if said.of(*_MANAGED[1:]):
        return _managed_identity(said)
    return DefaultChain(said.text(_MANAGED[0]), said.text(*_WORKLOAD))


_READERS: Mapping[str, Callable[[Said], Identity]] = {
    ENTRA: _entra,
    SERVICE_PRINCIPAL: _service_principal,
    MANAGED_IDENTITY: _managed_identity,
    WORKLOAD_IDENTITY: _workload_identity,
}
