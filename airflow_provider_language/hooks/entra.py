"""Asks Entra ID for a token: the only file that imports azure, when it is asked, and not in an event loop."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from airflow_provider_language.hooks.credentials import (
    Credential,
    DefaultChain,
    Identity,
    ManagedIdentity,
    ServicePrincipal,
    SignInTrouble,
    Token,
    WorkloadIdentity,
)
from airflow_provider_language.protocol.quotations import quotation

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

CONNECT_TIMEOUT = 10
READ_TIMEOUT = 30
_LOUD = ("azure.identity", "azure.core", "msal")
_LONGEST = 600

_CODE = re.compile(r"AADSTS\d+")
_PASSING_CODES = frozenset({"AADSTS90006", "AADSTS90012", "AADSTS90024", "AADSTS90033"})
"""Those of the codes that Microsoft's list calls temporary (docs/service.md, sign-in)."""
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_BUSY = frozenset({408, 410, 429})
_UNKNOWN_YET = 404
"""What the metadata endpoint says while an identity is being assigned."""
_REFUSALS = range(400, 500)
_NETWORK = re.compile(
    r"(?i)connection (refused|reset|aborted|error)|failed to establish|timed? ?out|max retries exceeded"
    r"|failed to resolve|name resolution|network is unreachable"
)
_SETTINGS = (ValueError, FileNotFoundError, PermissionError)


def fetched(credential: Credential) -> Token:
    """Ask for a token; blocks, and the first time imports for a third of a second.

    A credential of azure-identity is made for each token, once an hour: it keeps tokens itself, and would
    give back one that was refused.

    Raises:
        SignInTrouble: there is none.
    """
    _quieten()
    answers: list[tuple[int, str]] = []
    try:
        with _made(credential, lambda answer: answers.append(_read(answer.http_response))) as made:
            found = made.get_token(credential.scope)
    except Exception as error:  # noqa: BLE001 - what azure-identity and msal raise is of many classes
        raise trouble_of(error, credential, *(answers[-1] if answers else ())) from None
    return Token(found.token, float(found.expires_on))


def _read(answer: Any) -> tuple[int, str]:
    """The status of an answer, and what it says went wrong."""
    try:
        said = json.loads(answer.text()).get("error_description")
    except (AttributeError, ValueError, RecursionError):
        said = None
    return answer.status_code, said if isinstance(said, str) else ""


def _quieten() -> None:
    """Keep quiet what logs a line for each token, and another for each that there is none: we tell that."""
    for name in _LOUD:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.ERROR)


def _made(credential: Credential, on_answer: Callable[[Any], None]) -> Any:
    """The credential of azure-identity; each of its classes is also a context that closes it."""
    from azure import identity

    who = credential.identity
    options = {**_options(credential), "raw_response_hook": on_answer}
    if isinstance(who, ServicePrincipal):
        if who.secret:
            return identity.ClientSecretCredential(who.tenant, who.client_id, who.secret, **options)
        password = {"password": who.certificate_password} if who.certificate_password else {}
        return identity.CertificateCredential(
            who.tenant, who.client_id, who.certificate, **password, **options
        )
    if isinstance(who, WorkloadIdentity):
        return identity.WorkloadIdentityCredential(
            tenant_id=who.tenant or None, client_id=who.client_id or None, **options
        )
    return _of_host(who, options)


def _of_host(who: ManagedIdentity | DefaultChain, options: dict[str, Any]) -> TokenCredential:
    """The credential of this machine, whose endpoint no proxy leads to."""
    from azure import identity

    del options["proxies"]
    if isinstance(who, ManagedIdentity):
        names = {"object_id": who.object_id, "resource_id": who.resource_id}
        config = {name: value for name, value in names.items() if value}
        return identity.ManagedIdentityCredential(
            client_id=who.client_id or None, identity_config=config or None, **options
        )
    chosen = {
        "managed_identity_client_id": who.managed_identity_client_id,
        "workload_identity_client_id": who.managed_identity_client_id,
        "workload_identity_tenant_id": who.workload_identity_tenant_id,
    }
    return identity.DefaultAzureCredential(
        **{name: value for name, value in chosen.items() if value}, **options
    )


def _options(credential: Credential) -> dict[str, Any]:
    """Short patience, since ours decides, and the ways of the connection."""
    options: dict[str, Any] = {
        "retry_total": 0,
        "connection_timeout": CONNECT_TIMEOUT,
        "read_timeout": READ_TIMEOUT,
        "connection_verify": credential.bundle or True,
        "use_env_settings": credential.trust_env,
        "proxies": dict(credential.proxies) or None,
        "disable_instance_discovery": credential.is_private,
    }
    return {**options, "authority": credential.authority} if credential.authority else options


def trouble_of(
    error: Exception, credential: Credential, status: int | None = None, said: str = ""
) -> SignInTrouble:
    """What went wrong, and whether it would again.

    Args:
        error: of azure-identity, or of the import of it; its class does not tell, and neither does its text.
        credential: whose secrets are not told.
        status: of the last answer; None if nobody answered.
        said: by that answer, which some versions of azure-identity keep to themselves.
    """
    if isinstance(error, ImportError):
        told = f"{quotation(str(error))}; install airflow-provider-language[entra] on this host"
        return SignInTrouble(told, lasting=True)
    text = _in_one_line(str(getattr(error, "message", "") or error)) or type(error).__name__
    said = _in_one_line(said)
    text = text if said in text else f"{text}: {said}"
    who = credential.identity
    secrets = (who.secret, who.certificate_password) if isinstance(who, ServicePrincipal) else ()
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    lasting = _is_unanswered_for_good(error, text, who) if status is None else _is_refusal(status, text, who)
    return SignInTrouble(quotation(text, _LONGEST), lasting=lasting)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _is_refusal(status: int, text: str, who: Identity) -> bool:
    """Whether an answer says no, and not that it would say something else later."""
    if set(_CODE.findall(text)) & _PASSING_CODES or status in _BUSY:
        return False
    return status in _REFUSALS and not (status == _UNKNOWN_YET and isinstance(who, ManagedIdentity))


def _is_unanswered_for_good(error: Exception, text: str, who: Identity) -> bool:
    """Whether nobody was asked, or nobody who can be trusted; that nobody answered is weather."""
    if _UNTRUSTED in text:
        return True
    if isinstance(who, DefaultChain):
        return not _NETWORK.search(text)
    return not isinstance(who, ManagedIdentity) and any(isinstance(one, _SETTINGS) for one in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
