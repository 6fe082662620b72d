"""Where a token is asked for, and for what: Microsoft's clouds, and what a connection says instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.handles import Endpoint


@dataclass(frozen=True)
class Cloud:
    """A cloud of Microsoft's (docs/service.md, sign-in).

    Args:
        authority: who gives tokens.
        domain: of the endpoints of resources.
    """

    authority: str
    domain: str

    @property
    def scope(self) -> str:
        """What a token is asked for."""
        return f"https://{self.domain}/.default"


CLOUDS: Mapping[str, Cloud] = {
    "AzurePublicCloud": Cloud("https://login.microsoftonline.com", "cognitiveservices.azure.com"),
    "AzureUSGovernment": Cloud("https://login.microsoftonline.us", "cognitiveservices.azure.us"),
    "AzureChinaCloud": Cloud("https://login.chinacloudapi.cn", "cognitiveservices.azure.cn"),
}
"""By the names that connections to Azure have for them in ``cloud_environment``."""

PUBLIC = "AzurePublicCloud"
_REGIONAL = re.compile(r"\.api\.cognitive\.(microsoft|azure)\.([a-z]+)\Z")


def cloud_named(name: str) -> Cloud:
    """The cloud of a name, however it is written.

    Raises:
        InvalidInputError: there is none.
    """
    found = next((cloud for known, cloud in CLOUDS.items() if known.lower() == name.strip().lower()), None)
    if found is None:
        raise InvalidInputError(f"The cloud_environment is {name!r} instead of {', '.join(CLOUDS)}.")
    return found


def authority_and_scope(*extras: Mapping[str, Any]) -> tuple[str, bool, str]:
    """Who is asked for a token, whether that is a private one, and for what.

    Args:
        extras: that of the connection, and that of the one it takes its sign-in from; the first counts more.

    Returns:
        The authority's URL, empty where nothing is said; whether it is none of the clouds'; and the scope.

    Raises:
        InvalidInputError: the cloud is unknown, or they are no https URL and no scope of an application.
    """
    said = {**extras[-1], **extras[0]}
    named = said.get("cloud_environment")
    cloud = cloud_named(str(named)) if named is not None else None
    scope = str(said.get("scope", (cloud or CLOUDS[PUBLIC]).scope)).strip()
    if not scope.endswith("/.default"):
        raise InvalidInputError(
            f"The connection's scope is {scope!r}; that of an application ends in /.default."
        )
    authority = str(said.get("authority", "")).strip().rstrip("/")
    if not authority:
        return (cloud.authority if cloud else ""), False, scope
    url = authority if "://" in authority else f"https://{authority}"
    if not re.fullmatch(r"https://[^\s/?#@]+(/[^\s?#]*)?", url):
        raise InvalidInputError(f"The connection's authority is {authority!r} instead of a URL with https.")
    return url, url not in {one.authority for one in CLOUDS.values()}, scope


def refuse_regional(endpoint: Endpoint) -> None:
    """Refuse an endpoint of a region, which takes keys only (docs/service.md, sign-in).

    Raises:
        InvalidInputError: with the form of the right one.
    """
    regional = _REGIONAL.search(endpoint.host)
    if regional:
        own = f"https://NAME.cognitiveservices.azure.{_domain(regional.group(2))}"
        raise InvalidInputError(
            f"The connection's host {endpoint.host} is that of a region, which takes keys only. With Entra "
            f"ID it must be the resource's own: {own}."
        )


def _domain(ending: str) -> str:
    return ending if ending in {"us", "cn"} else "com"
