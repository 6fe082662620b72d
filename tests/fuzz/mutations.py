"""Changes of JSON in its structure: what is there is left out, doubled, moved, or something else."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any, TypeAlias

Place: TypeAlias = "tuple[Any, Any]"
"""A list or a dict within a value, and an index or a name of it."""

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    5,
    -1,
    10**30,
    0.5,
    float("nan"),
    float("-inf"),
    "",
    "x",
    "0",
    "None",
    "half \ud83d",
    "\x00\x1b[31m\n",
    "https://" * 2000,
    "x" * 50_000,
    [],
    {},
    [[]],
    [None],
    {"id": "0"},
    [{"id": None}],
    [{"code": "A", "message": "b", "target": "#/tasks/items/0"}],
)
STATUSES = (
    "notStarted",
    "running",
    "cancelling",
    "succeeded",
    "partiallyCompleted",
    "failed",
    "cancelled",
    "odd",
)
LINKS = tuple(
    f"https://x/y?{top}=1&{skip}={n}"
    for top, skip in (("top", "skip"), ("$top", "$skip"))
    for n in (0, 1, 99)
)
NAMES_OF_LINKS = ("nextLink", "@nextLink")


def places(value: Any) -> list[Place]:
    """All places within a value."""
    found: list[Place] = []
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        names = inner if isinstance(inner, dict) else range(len(inner)) if isinstance(inner, list) else ()
        for name in names:
            found.append((inner, name))
            waiting.append(inner[name])
    return found


def _leave_out(_: random.Random, place: Place, __: list[Place]) -> None:
    inner, name = place
    del inner[name]


def _put_odd(chance: random.Random, place: Place, _: list[Place]) -> None:
    inner, name = place
    inner[name] = chance.choice(ODD)


def _double(_: random.Random, place: Place, __: list[Place]) -> None:
    inner, name = place
    if isinstance(inner, list):
        inner.append(copy.deepcopy(inner[name]))
    else:
        inner[f"{name} "] = copy.deepcopy(inner[name])


def _copy_from_elsewhere(chance: random.Random, place: Place, found: list[Place]) -> None:
    inner, name = place
    other, other_name = chance.choice(found)
    try:
        inner[name] = copy.deepcopy(other[other_name])
    except (IndexError, KeyError):  # it was left out meanwhile
        inner[name] = None


def _wrap(_: random.Random, place: Place, __: list[Place]) -> None:
    inner, name = place
    inner[name] = [inner[name]]


def _recase(_: random.Random, place: Place, __: list[Place]) -> None:
    inner, name = place
    inner[name] = str(inner[name]).upper()


def _deepen(_: random.Random, place: Place, __: list[Place]) -> None:
    inner, name = place
    for _i in range(60):
        inner[name] = {"innererror": inner[name], "details": []}


DEEDS: tuple[Callable[[random.Random, Place, list[Place]], None], ...] = (
    _leave_out,
    _leave_out,
    _put_odd,
    _put_odd,
    _double,
    _copy_from_elsewhere,
    _wrap,
    _recase,
    _deepen,
)


def mutate(value: dict[str, Any], chance: random.Random) -> None:
    """Change a value in one to three places."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        found = places(value)
        # Half of the changes are made near the root: a page of documents would have all of them otherwise.
        near = [place for place in found if place[0] is value or place[0] is value.get("tasks")]
        if not found:
            return
        place = chance.choice(near if near and chance.random() < 0.3 else found)
        chance.choice(DEEDS)(chance, place, found)
    if chance.random() < 0.1:
        value["status"] = chance.choice(STATUSES)
    if chance.random() < 0.1:
        value[chance.choice(NAMES_OF_LINKS)] = chance.choice(LINKS)
