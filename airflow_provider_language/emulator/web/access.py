"""Who may ask for the control path, which needs no key."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_SAFE_METHODS = ("GET", "HEAD")
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_OWN_SITES = (None, "none", "same-origin")


@dataclass(frozen=True)
class Asker:
    """What is known of a request for the control path.

    Attributes:
        method: The HTTP method.
        address: The client's IP address; empty if it is unknown.
        scheme: By which scheme the emulator was asked.
        host: The ``Host`` header: by which name and port it was asked.
        origin: The ``Origin`` header; browsers say by it whose page asks.
        site: The ``Sec-Fetch-Site`` header; browsers say by it how that page is related.
    """

    method: str
    address: str
    scheme: str
    host: str
    origin: str | None = None
    site: str | None = None


def refusal(asker: Asker, other_hosts: AbstractSet[str]) -> str | None:
    """Return why a request is refused; None if it is not.

    Args:
        asker: Who asks.
        other_hosts: Names, besides those of the loopback interface, by which the emulator may be asked; with
            any of them, other machines may ask too. The name is looked at because a stranger's page in a
            browser on this machine could else make its own name point here and read the answers.
    """
    if not other_hosts and not _is_loopback(asker.address):
        return "Only clients of this machine may ask for this."
    if _name(asker.host) not in _LOOPBACK_NAMES | other_hosts:
        return "This host name may not be used to ask for this."
    if asker.method in _SAFE_METHODS:
        return None
    if asker.origin not in (None, f"{asker.scheme}://{asker.host}") or asker.site not in _OWN_SITES:
        return "Pages of other origins may not ask for this."
    return None


def _is_loopback(address: str) -> bool:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
