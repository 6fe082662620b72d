"""What an Airflow connection of type azure_language says, as one frozen value for both transports."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_language.analysis.handles import Endpoint
from airflow_provider_language.analysis.surfaces import DEFAULT_VERSION
from airflow_provider_language.exceptions import InvalidInputError

if TYPE_CHECKING:
    from airflow_provider_language._compat import Connection

KEY_HEADER = "Ocp-Apim-Subscription-Key"
OUR_EXTRAS = ("api_version",)
CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0

# What the HTTP provider's HttpHook reads from a connection's extra; all else there is a header.
_HTTP_EXTRAS = frozenset(
    {
        "allow_redirects",
        "cert",
        "check_response",
        "max_redirects",
        "proxies",
        "proxy",
        "srv_lookup",
        "stream",
        "timeout",
        "trust_env",
        "verify",
        "verify_ssl",
    }
)


@dataclass(frozen=True)
class ConnectionSettings:
    """A connection, read.

    Args:
        endpoint: the base of all requests.
        headers: what the extra holds besides options, and the key; kept out of ``repr``.
        api_version: the version of the API where an operator names none.
        timeout: seconds to connect and seconds to wait for bytes.
        verify: whether certificates are checked, or the path of a certificate bundle to check them with.
        cert: a client certificate: a path, or the paths of certificate and key.
        proxies: by scheme, as in requests.
        trust_env: whether proxies may come from the environment.
    """

    endpoint: Endpoint
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    api_version: str = DEFAULT_VERSION
    timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT)
    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    proxies: dict[str, str] = field(default_factory=dict, repr=False)
    trust_env: bool = True

    @property
    def proxy(self) -> str | None:
        """The proxy for the endpoint's scheme."""
        return self.proxies.get(self.endpoint.scheme) or self.proxies.get("all")


def settings_from(connection: Connection) -> ConnectionSettings:
    """Read a connection.

    ``extra`` is read as plain JSON: ``Connection.extra_dejson`` calls Airflow's supervisor, which in a
    triggerer of 3.1 and 3.2 is not safe.

    Raises:
        InvalidInputError: it has no endpoint, or an extra that is no JSON object.
    """
    extra = _extra(connection.extra)
    verify = extra.get("verify", extra.get("verify_ssl", True))
    cert = extra.get("cert")
    return ConnectionSettings(
        endpoint=_endpoint(connection),
        headers={**_headers(extra), **_authorization(connection)},
        api_version=str(extra.get("api_version") or DEFAULT_VERSION),
        timeout=_timeout(extra.get("timeout")),
        verify=verify if isinstance(verify, str) else bool(verify),
        cert=tuple(cert) if isinstance(cert, list) else cert,
        proxies=_proxies(extra.get("proxies", extra.get("proxy"))),
        trust_env=bool(extra.get("trust_env", True)),
    )


def _extra(text: str | None) -> dict[str, Any]:
    try:
        extra = json.loads(text or "{}")
    except ValueError:
        extra = None
    if not isinstance(extra, dict):
        raise InvalidInputError("The connection's extra is no JSON object.")
    return {name: value for name, value in extra.items() if value not in (None, "")}


def _endpoint(connection: Connection) -> Endpoint:
    if not connection.host:
        raise InvalidInputError("The connection has no host: it must be the endpoint of the resource.")
    host = connection.host
    if "://" not in host:
        host = f"{connection.schema or 'https'}://{host}"
    endpoint = Endpoint.parse(host)
    if connection.port:
        return Endpoint(endpoint.scheme, endpoint.host, int(connection.port), endpoint.prefix)
    return endpoint


def _authorization(connection: Connection) -> dict[str, str]:
    """The key, where there is one; Microsoft's containers take requests without (API.md section 7)."""
    return {KEY_HEADER: connection.password.strip()} if connection.password else {}


def _headers(extra: dict[str, Any]) -> dict[str, str]:
    return {
        name: str(value)
        for name, value in extra.items()
        if name not in _HTTP_EXTRAS and name not in OUR_EXTRAS
    }


def _timeout(value: object) -> tuple[float, float]:
    if isinstance(value, (list, tuple)):
        connect, read = value
        return float(connect), float(read)
    return (CONNECT_TIMEOUT, float(str(value)) if value is not None else READ_TIMEOUT)


def _proxies(value: object) -> dict[str, str]:
    if isinstance(value, str):
        return {"all": value}
    return {str(scheme): str(url) for scheme, url in value.items()} if isinstance(value, dict) else {}
