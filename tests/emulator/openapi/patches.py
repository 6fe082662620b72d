"""Changes to an OpenAPI document, as data: where, what, and by which source."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REMOVED = object()
"""The value of a patch that takes a field away."""


@dataclass(frozen=True, eq=False)
class Patch:
    """One change.

    Attributes:
        place: Path of what is set, parts divided by ``|``; a part may have ``*``, and then all that match are
            set. A parameter in a list of them is found by its name; ``-`` behind a list appends to it.
        value: What stands there afterwards, or `REMOVED`.
        source: The recording, or the sentence of the documents, that says so.
        files: A pattern for the files it is about.
    """

    place: str
    value: Any
    source: str
    files: str = "*"


def apply(patches: Iterable[Patch], document: dict[str, Any], file: str) -> list[Patch]:
    """Change a document in place; return the patches that found a place."""
    concerned = [patch for patch in patches if fnmatchcase(file, patch.files)]
    return [patch for patch in concerned if _applied(patch, document)]


def _applied(patch: Patch, document: dict[str, Any]) -> bool:
    *parents, last = patch.place.split("|")
    owners = list(_found(document, parents))
    for owner in owners:
        if isinstance(owner, list):
            owner.append(deepcopy(patch.value))
        elif patch.value is REMOVED:
            del owner[last]
        else:
            owner[last] = deepcopy(patch.value)
    return bool(owners)


def _found(node: Any, parts: list[str]) -> Iterator[Any]:
    if not parts:
        yield node
    elif isinstance(node, dict):
        for name, value in node.items():
            if fnmatchcase(name, parts[0]):
                yield from _found(value, parts[1:])
    elif isinstance(node, list):
        for item in node:
            if fnmatchcase(item.get("name", ""), parts[0]):
                yield from _found(item, parts[1:])
