"""What an Airflow connection of type azure_language says, as one frozen value for both transports."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.hooks.clouds import authority_and_scope, refuse_regional
from airflow_provider_language.hooks.credentials import Credential, Identity
from airflow_provider_language.hooks.extras import extra_from, headers_from, said_in
from airflow_provider_language.hooks.sign_ins import identity_from
from airflow_provider_language.hooks.values import existing, yes_or_no
from airflow_provider_language.protocol.jobs.handles import Endpoint
from airflow_provider_language.protocol.pacing.limits import TIERS, Limits

if TYPE_CHECKING:
    from airflow_provider_language.hooks.connection_values import Connection

KEY_HEADER = "Ocp-Apim-Subscription-Key"
CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0

_AZURE = re.compile(r"\.(cognitiveservices\.azure|api\.cognitive\.(microsoft|azure))\.[a-z]+\Z")
"""The hosts of Azure's own endpoints, which have no path."""
_OPERATION = re.compile(r"(?i)/(language/:?analyze-|text/analytics/v|sts/v)")
"""The beginnings of paths that requests add themselves, as they stand in URLs that people copy."""


@dataclass(frozen=True)
class ConnectionSettings:
    """A connection, read.

    Args:
        endpoint: the base of all requests.
        headers: those that the extra says, and the key; kept out of ``repr``.
        api_version: the version of the API where an operator names none; None for the newest stable one of
            each job family.
        timeout: seconds to connect and seconds to wait for bytes.
        verify: whether certificates are checked, or the path of a certificate bundle to check them with.
        cert: a client certificate: a path, or the paths of certificate and key.
        proxies: by scheme, as in requests.
        trust_env: whether a proxy and a certificate bundle may come from the environment.
        limits: how many requests this process sends to the resource.
        credential: how it signs in with Entra ID; None where it does not. The token is no part of this.
        logging_opt_out: whether the service is asked not to keep texts for troubleshooting.
    """

    endpoint: Endpoint
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    api_version: str | None = None
    timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT)
    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    proxies: dict[str, str] = field(default_factory=dict, repr=False)
    trust_env: bool = True
    limits: Limits = TIERS["S"]
    credential: Credential | None = None
    logging_opt_out: bool = False

    @property
    def proxy(self) -> str | None:
        """The proxy for the endpoint: the connection's, else the environment's if that may be trusted.

        Decided here for both transports: requests would let the environment win, aiohttp the connection.
        """
        from requests.utils import get_environ_proxies, select_proxy

        url = self.endpoint.url
        proxy: str | None = select_proxy(url, self.proxies)
        if proxy is None and self.trust_env:
            proxy = select_proxy(url, get_environ_proxies(url))
        return f"http://{proxy}" if proxy and "://" not in proxy else proxy

    @property
    def authorities(self) -> bool | str:
        """What certificates are checked against: False for nothing, True for the usual ones, or a path.

        The variables of the environment are those of requests; they stand back behind the connection.
        """
        if self.verify is True and self.trust_env:
            return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        return self.verify


def settings_from(connection: Connection, lender: Connection | None = None) -> ConnectionSettings:
    """Read a connection.

    ``extra`` is read as plain JSON: ``Connection.extra_dejson`` calls Airflow's supervisor, which in a
    triggerer of 3.1 and 3.2 is not safe.

    Args:
        connection: of our type.
        lender: the connection that it takes its sign-in from; see :func:`~.sign_ins.lender_of`.

    Raises:
        InvalidInputError: it has no endpoint, an extra that is no JSON object, an option in it that
            is unknown or cannot be meant, a header or key that cannot be sent, or a sign-in that is not
            whole.
    """
    extra = extra_from(connection.extra)
    if yes_or_no("srv_lookup", extra.get("srv_lookup", False)):
        raise InvalidInputError("The connection's srv_lookup is of no use: its host must be an endpoint.")
    identity = identity_from(connection, extra, lender)
    settings = ConnectionSettings(
        endpoint=_endpoint(connection),
        headers=headers_from(
            extra.get("headers"),
            _key(connection) if identity is None else {},
            reserved=() if identity is None else ("Authorization",),
        ),
        api_version=str(extra["api_version"]).strip() if "api_version" in extra else None,
        timeout=_timeout(extra.get("timeout")),
        verify=_verify(extra.get("verify", extra.get("verify_ssl", True))),
        cert=_cert(extra.get("cert")),
        proxies=_proxies(extra.get("proxies", extra.get("proxy"))),
        trust_env=yes_or_no("trust_env", extra.get("trust_env", True)),
        limits=_limits(extra),
        logging_opt_out=yes_or_no("logging_opt_out", extra.get("logging_opt_out", False)),
    )
    if identity is None:
        return settings
    refuse_regional(settings.endpoint)
    where = authority_and_scope(extra, said_in(lender.extra) if lender else {})
    return replace(settings, credential=_credential(settings, identity, *where))


def _credential(
    settings: ConnectionSettings, identity: Identity, authority: str, is_private: bool, scope: str
) -> Credential:
    """How a token is asked for: over the proxy of the connection, and with its bundle.

    A secret goes to nobody whose certificate was not checked, whatever is said of the endpoint's.
    """
    authorities = settings.authorities
    return Credential(
        identity,
        scope=scope,
        authority=authority,
        is_private=is_private,
        bundle=authorities if isinstance(authorities, str) else "",
        proxies=tuple(settings.proxies.items()),
        trust_env=settings.trust_env,
    )


def _endpoint(connection: Connection) -> Endpoint:
    if not connection.host:
        raise InvalidInputError("The connection has no host: it must be the endpoint of the resource.")
    host = connection.host.strip()
    odd = next((one for one in host if one == " " or not one.isprintable()), None)
    if odd is not None:
        raise InvalidInputError(f"The connection's host holds the character U+{ord(odd):04X}. Copy it anew.")
    if "://" not in host:
        host = f"{connection.schema or 'https'}://{host}"
    endpoint = Endpoint.parse(host)
    _refuse_pasted_path(endpoint)
    if connection.port:
        return Endpoint(endpoint.scheme, endpoint.host, int(connection.port), endpoint.prefix)
    return endpoint


def _refuse_pasted_path(endpoint: Endpoint) -> None:
    """Refuse a path of an operation, under which all else is not found; a gateway's own path is none."""
    pasted = _AZURE.search(endpoint.host) if endpoint.prefix else None
    if pasted or _OPERATION.search(endpoint.prefix):
        raise InvalidInputError(
            f"The connection's host has the path {endpoint.prefix!r} in it; the endpoint stands before it."
        )


def _key(connection: Connection) -> dict[str, str]:
    """The key, where there is one; Microsoft's containers take none (docs/service.md, sign-in)."""
    key = (connection.password or "").strip()
    return {KEY_HEADER: key} if key else {}


def _timeout(value: object) -> tuple[float, float]:
    if value is None:
        return CONNECT_TIMEOUT, READ_TIMEOUT
    values = value if isinstance(value, (list, tuple)) else (CONNECT_TIMEOUT, value)
    try:
        connect, read = (float(str(seconds)) for seconds in values)
    except ValueError:
        connect = read = math.nan
    if not (0 < connect < math.inf and 0 < read < math.inf):
        raise InvalidInputError(
            f"The connection's timeout {value!r} is neither seconds nor seconds to connect and to read."
        )
    return connect, read


def _limits(extra: dict[str, Any]) -> Limits:
    """What the tier, or a number in its place, allows, and this process's share of it."""
    tier = str(extra.get("tier", "S"))
    if tier not in TIERS:
        raise InvalidInputError(f"The connection's tier is {tier!r} instead of {' or '.join(TIERS)}.")
    limits = TIERS[tier]
    try:
        if "requests_per_minute" in extra:
            number = int(str(extra["requests_per_minute"]))
            limits = Limits(per_second=max(number, limits.per_second), per_minute=number)
        return limits.share(float(str(extra.get("request_share", 1.0))))
    except ValueError:
        raise InvalidInputError(
            "The connection's requests_per_minute must be a whole number, and its request_share "
            "above 0 and at most 1."
        ) from None


def _verify(value: object) -> bool | str:
    if isinstance(value, str) and value.lower() not in {"true", "false"}:
        return existing("verify", value)
    return yes_or_no("verify", value)


def _cert(value: object) -> str | tuple[str, str] | None:
    if value is None:
        return None
    if isinstance(value, (list, tuple)) and len(value) == 2:  # noqa: PLR2004 - certificate and key
        return existing("cert", value[0]), existing("cert", value[1])
    return existing("cert", value)


def _proxies(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, str):
        return {"all": value}
    if isinstance(value, dict):
        return {str(scheme): str(url) for scheme, url in value.items()}
    raise InvalidInputError("The connection's proxies are neither a URL nor URLs by scheme.")
