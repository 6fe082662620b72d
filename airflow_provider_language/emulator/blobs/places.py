"""Places in blob storage: a container, a folder or a blob, as a URL names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlsplit

_CONTAINER = re.compile(r"[A-Za-z0-9$](-?[A-Za-z0-9])*")
_HOST = re.compile(r"(?P<account>[a-z0-9-]+)\.blob\.[a-z0-9.-]+", re.IGNORECASE)
# Steps that a file system would read as a way out of a folder, or not at all.
_NO_STEPS = frozenset({"", ".", ".."})
_NO_CHARACTERS = frozenset("\\\0")


class PlaceError(ValueError):
    """A URL that names no place in blob storage."""


@dataclass(frozen=True)
class Place:
    """A place in blob storage.

    Attributes:
        root: Where the containers of the account are, for example
            ``"https://name.blob.core.windows.net"`` or ``"http://127.0.0.1:10000/devstoreaccount1"``.
        account: The storage account.
        container: The container.
        path: The blob or the folder in the container, decoded and without a slash at either end; empty for
            the container itself. No step of it leads out of the container.
        signature: The URL's query, usually a shared access signature (SAS); a secret.
    """

    root: str
    account: str
    container: str
    path: str = ""
    signature: str = ""

    def __repr__(self) -> str:
        return f"Place({self.url!r})"

    @property
    def url(self) -> str:
        """The URL without its signature: what may be told."""
        container = f"{self.root}/{self.container}"
        return f"{container}/{quote(self.path)}" if self.path else container

    @property
    def signed_url(self) -> str:
        """The URL to open."""
        return f"{self.url}?{self.signature}" if self.signature else self.url

    @property
    def name(self) -> str:
        """The last step of the path."""
        return self.path.rpartition("/")[2]

    def below(self, path: str) -> Place:
        """Return what lies at a relative path below this place.

        Raises:
            PlaceError: A step of the path leads elsewhere.
        """
        whole = f"{self.path}/{path}" if self.path else path
        return replace(self, path=_checked(whole))


def parse_place(location: str) -> Place:
    """Return the place that a URL names.

    Two forms are known: the cloud's, with the account in the host name, and Azurite's, with the account as
    the first step of the path.

    Raises:
        PlaceError: The URL has neither form, or its path leads out of the container.
    """
    try:
        parts = urlsplit(location)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise PlaceError(f"The location is no URL: {error}") from error
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise PlaceError("The location is no http or https URL.")
    root = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    steps = [unquote(step) for step in parts.path.strip("/").split("/")]
    cloud = _HOST.fullmatch(host)
    account = cloud["account"].lower() if cloud else steps.pop(0)
    if not cloud:
        root = f"{root}/{account}"
    if not steps or not _CONTAINER.fullmatch(steps[0]) or not _CONTAINER.fullmatch(account):
        raise PlaceError("The location names no container.")
    container, *rest = steps
    path = _checked("/".join(rest)) if rest else ""
    return Place(root, account, container, path, parts.query)


def _checked(path: str) -> str:
    if any(step in _NO_STEPS for step in path.split("/")) or _NO_CHARACTERS & set(path):
        raise PlaceError("The path of the location is not one of a blob.")
    return path
