"""Who signs in with Entra ID, and where: frozen values, and the token that comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

PUBLIC_SCOPE = "https://cognitiveservices.azure.com/.default"


@dataclass(frozen=True)
class ServicePrincipal:
    """An application of a tenant, by its secret or by its certificate.

    Args:
        tenant: its id, or its domain.
        client_id: of the application.
        secret: the client secret; empty where there is a certificate.
        certificate: path of a certificate with its key, in PEM or PKCS12.
        certificate_password: of that file, where it has one.
    """

    tenant: str
    client_id: str
    secret: str = field(default="", repr=False)
    certificate: str = ""
    certificate_password: str = field(default="", repr=False)


@dataclass(frozen=True)
class ManagedIdentity:
    """The identity of the machine; where all names are empty, the one that the system assigns.

    Args:
        client_id: of one that a user has assigned.
        object_id: the same, by another name.
        resource_id: the same, by a third one.
    """

    client_id: str = ""
    object_id: str = ""
    resource_id: str = ""


@dataclass(frozen=True)
class WorkloadIdentity:
    """The identity of a Kubernetes service account; what is empty, the environment says.

    Args:
        tenant: of the application.
        client_id: of the application.
    """

    tenant: str = ""
    client_id: str = ""


@dataclass(frozen=True)
class DefaultChain:
    """The first of azure-identity's ``DefaultAzureCredential`` that there is.

    Args:
        managed_identity_client_id: of the managed or workload identity in it.
        workload_identity_tenant_id: of the workload identity in it.
    """

    managed_identity_client_id: str = ""
    workload_identity_tenant_id: str = ""


Identity: TypeAlias = ServicePrincipal | ManagedIdentity | WorkloadIdentity | DefaultChain


@dataclass(frozen=True)
class Credential:
    """How a token is asked for; two that are equal are given the same one.

    Args:
        identity: who asks.
        scope: for what.
        authority: URL of the one who is asked; empty for azure-identity's own.
        is_private: whether that is none of Microsoft's clouds, and so cannot be looked up there.
        bundle: path of the certificates to check with; empty for the usual ones.
        proxies: by scheme, as in requests.
        trust_env: whether a proxy may come from the environment.
    """

    identity: Identity
    scope: str = PUBLIC_SCOPE
    authority: str = ""
    is_private: bool = False
    bundle: str = ""
    proxies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    trust_env: bool = True


@dataclass(frozen=True, eq=False)
class Token:
    """A bearer token.

    Args:
        value: what is sent.
        ends: when it is worth nothing any more, in seconds since the epoch.
    """

    value: str = field(repr=False)
    ends: float


class SignInTrouble(Exception):  # noqa: N818 - no error yet: a flow decides about it
    """There is no token.

    Args:
        reason: without a secret.
        lasting: whether another try would certainly end alike (a wrong secret, an unknown tenant).
    """

    def __init__(self, reason: str, *, lasting: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting
