"""The effects that a fault can have, and what is true of each of them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from airflow_provider_language.emulator.protocol.operations import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

Effect = Literal[
    "throttled",
    "quota",
    "error",
    "lost",
    "reset",
    "truncated",
    "page",
    "slow",
    "hang",
    "fail-tasks",
    "fail-job",
    "endless",
    "expired",
    "cancelled",
]
"""What a fault does; `Fault` explains each."""

ALL_OPERATIONS: tuple[Operation, ...] = get_args(Operation)


@dataclass(frozen=True)
class Traits:
    """What is true of an effect.

    Attributes:
        own_fields: The fields of a `Fault` that mean something to this effect and not to every other.
        operations: What a request must do to be struck.
        is_obeyed: Whether the request is always obeyed, whatever becomes of its answer.
        loses_answer: Whether the connection is closed without an answer.
        seconds: How long the answer is held back unless the fault says otherwise.
    """

    own_fields: frozenset[str] = frozenset()
    operations: tuple[Operation, ...] = ALL_OPERATIONS
    is_obeyed: bool = False
    loses_answer: bool = False
    seconds: float = 0.0

    @property
    def is_bound(self) -> bool:
        """Whether requests of some operations only are struck."""
        return self.operations != ALL_OPERATIONS


def _of(*own_fields: str, loses_answer: bool = False, seconds: float = 0.0) -> Traits:
    return Traits(frozenset(own_fields), loses_answer=loses_answer, seconds=seconds)


def _of_submissions(*own_fields: str) -> Traits:
    return Traits(frozenset(own_fields), operations=("submit",), is_obeyed=True)


_OF_JOBS = Traits(operations=("status", "cancel"), is_obeyed=True)

TRAITS: Mapping[Effect, Traits] = MappingProxyType(
    {
        "throttled": _of("retry_after"),
        "quota": _of("retry_after"),
        "error": _of("after", "status", "retry_after"),
        "lost": _of("after", loses_answer=True),
        "reset": _of("after", loses_answer=True),
        "truncated": Traits(is_obeyed=True),
        "page": _of("after"),
        "slow": Traits(is_obeyed=True, seconds=1.0),
        "hang": _of("after", loses_answer=True, seconds=60.0),
        "fail-tasks": _of_submissions("tasks", "targets"),
        "fail-job": _of_submissions("targets"),
        "endless": _of_submissions(),
        "expired": _OF_JOBS,
        "cancelled": _OF_JOBS,
    }
)
"""The traits of each effect."""

OWN_FIELDS = frozenset().union(*(each.own_fields for each in TRAITS.values()))
"""The fields of a `Fault` that mean something to some effects only."""
