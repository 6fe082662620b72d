"""What an Airflow connection of type azure_language says, as one frozen value for both transports."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_language.analysis.budgets import TIERS, Limits
from airflow_provider_language.analysis.handles import Endpoint
from airflow_provider_language.exceptions import InvalidInputError

if TYPE_CHECKING:
    from airflow_provider_language._compat import Connection

KEY_HEADER = "Ocp-Apim-Subscription-Key"
OUR_EXTRAS = ("api_version", "tier", "requests_per_minute", "request_share")
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
        api_version: the version of the API where an operator names none; None for the newest stable one of
            each job family.
        timeout: seconds to connect and seconds to wait for bytes.
        verify: whether certificates are checked, or the path of a certificate bundle to check them with.
        cert: a client certificate: a path, or the paths of certificate and key.
        proxies: by scheme, as in requests.
        trust_env: whether a proxy and a certificate bundle may come from the environment.
        limits: how many requests this process sends to the resource.
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


def settings_from(connection: Connection) -> ConnectionSettings:
    """Read a connection.

    ``extra`` is read as plain JSON: ``Connection.extra_dejson`` calls Airflow's supervisor, which in a
    triggerer of 3.1 and 3.2 is not safe.

    Raises:
        InvalidInputError: it has no endpoint, an extra that is no JSON object, or an option in it that
            cannot be meant.
    """
    extra = _extra(connection.extra)
    return ConnectionSettings(
        endpoint=_endpoint(connection),
        headers={**_headers(extra), **_authorization(connection)},
        api_version=str(extra["api_version"]) if extra.get("api_version") else None,
        timeout=_timeout(extra.get("timeout")),
        verify=_verify(extra.get("verify", extra.get("verify_ssl", True))),
        cert=_cert(extra.get("cert")),
        proxies=_proxies(extra.get("proxies", extra.get("proxy"))),
        trust_env=_yes_or_no("trust_env", extra.get("trust_env", True)),
        limits=_limits(extra),
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


def _yes_or_no(name: str, value: object) -> bool:
    """A truth; a connection in URI form can only hold it as a word."""
    words = {"true": True, "false": False, "1": True, "0": False}
    found = words.get(str(value).lower())
    if found is None:
        raise InvalidInputError(f"The connection's {name} is {value!r} instead of true or false.")
    return found


def _verify(value: object) -> bool | str:
    if isinstance(value, str) and value.lower() not in {"true", "false"}:
        return _existing("verify", value)
    return _yes_or_no("verify", value)


def _cert(value: object) -> str | tuple[str, str] | None:
    if value is None:
        return None
    if isinstance(value, (list, tuple)) and len(value) == 2:  # noqa: PLR2004 - certificate and key
        return _existing("cert", value[0]), _existing("cert", value[1])
    return _existing("cert", value)


def _existing(name: str, path: object) -> str:
    if not isinstance(path, str) or not Path(path).exists():
        raise InvalidInputError(f"The connection's {name} names {path!r}, and there is no such file here.")
    return path


def _proxies(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, str):
        return {"all": value}
    if isinstance(value, dict):
        return {str(scheme): str(url) for scheme, url in value.items()}
    raise InvalidInputError("The connection's proxies are neither a URL nor URLs by scheme.")
