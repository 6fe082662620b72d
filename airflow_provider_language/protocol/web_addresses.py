"""Where a person finds in a browser what a task worked on, as far as its handle or its results tell."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from airflow_provider_language.exceptions import LanguageError
from airflow_provider_language.protocol.jobs.handles import Endpoint

_PORTALS = {
    "microsoft.com": "https://portal.azure.com",
    "azure.com": "https://portal.azure.com",
    "azure.us": "https://portal.azure.us",
    "azure.cn": "https://portal.azure.cn",
}
"""By how the host of an endpoint ends: of its cloud."""
_RESOURCES = "/#browse/Microsoft.CognitiveServices%2Faccounts"
"""The resources of the service that a person sees there. An endpoint tells the name of its resource, and
neither the subscription nor the group, without which the portal opens none."""
_EMULATOR = "/_emulator/"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_STORAGE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]*(?P<path>/.*)")


def address_of_service(location: object) -> str:
    """The page of the service that a job is at: Azure's portal, or the emulator's status page.

    Args:
        location: the job's operation-location; or anything else, of which there is no page.

    Returns:
        A URL; empty where none can be told, such as behind a gateway.
    """
    if not isinstance(location, str):
        return ""
    try:
        parts = urlsplit(location)
        endpoint = Endpoint.parse(f"{parts.scheme}://{parts.netloc}")
    except (LanguageError, ValueError):
        return ""
    if endpoint.host in _LOOPBACK:
        return f"{endpoint.url}{_EMULATOR}"
    domain = ".".join(endpoint.host.split(".")[-2:])
    return f"{_PORTALS[domain]}{_RESOURCES}" if domain in _PORTALS else ""


def address_below(base: str, location: object) -> str:
    """The web address of a file or a folder, where a storage is shown by a web server.

    Args:
        base: the address of the storage's root, with https; or empty.
        location: on the storage.

    Returns:
        A URL; empty where there is none.
    """
    parts = urlsplit(base)
    if parts.scheme != "https" or not parts.netloc or not isinstance(location, str):
        return ""
    on_storage = _STORAGE.fullmatch(location)
    path = on_storage["path"] if on_storage else location
    if not path.startswith("/"):
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"https://{parts.netloc}{parts.path.rstrip('/')}{quote(path)}{query}"
