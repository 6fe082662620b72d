"""Task parameters as they come from the wire: any JSON value may stand at any key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def flag(parameters: Mapping[str, Any], name: str) -> bool:
    """Return a switch; the official samples send it as a JSON boolean or as the string ``"True"``."""
    value = parameters.get(name, False)
    return value is True or (isinstance(value, str) and value.lower() == "true")


def names(parameters: Mapping[str, Any], name: str) -> frozenset[str]:
    """Return a list of names, such as categories, in lower case; empty if it was not sent."""
    return frozenset(item.lower() for item in items(parameters, name) if isinstance(item, str))


def items(parameters: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list; empty if it was not sent."""
    value = parameters.get(name)
    return value if isinstance(value, list) else []


def section(parameters: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a nested object; empty if it was not sent."""
    value = parameters.get(name)
    return value if isinstance(value, dict) else {}


def count(parameters: Mapping[str, Any], name: str, default: int, highest: int) -> int:
    """Return a whole number between 1 and ``highest``, or the default if none was sent."""
    value = parameters.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return default
    return min(max(value, 1), highest)
