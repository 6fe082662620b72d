"""Arguments of a trigger as Airflow stores them: the fields of a dataclass, written once.

Worker and triggerer may be of two releases while a deployment is upgraded. An argument that is missing has
its default, and one that is not known yet is left out.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from airflow.triggers.base import BaseTrigger

T = TypeVar("T", bound="StoredTrigger")

log = logging.getLogger(__name__)


class StoredTrigger(BaseTrigger):
    """A trigger that is a dataclass; what it is made of is what is stored."""

    def __post_init__(self) -> None:
        """Let Airflow add what is its own."""
        super().__init__()  # type: ignore[no-untyped-call]

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class and its arguments, as Airflow stores them."""
        cls = type(self)
        return f"{cls.__module__}.{cls.__qualname__}", {name: getattr(self, name) for name in _arguments(cls)}


def _arguments(cls: type[StoredTrigger]) -> list[str]:
    return [field.name for field in fields(cls) if field.init]  # type: ignore[arg-type]


def forgiving(cls: type[T]) -> type[T]:
    """Leave out what a later release says of a trigger, and this one does not know."""
    init: Callable[..., None] = cls.__init__
    known = frozenset(_arguments(cls))

    @functools.wraps(init)
    def init_with_known(self: T, *args: Any, **kwargs: Any) -> None:
        unknown = kwargs.keys() - known
        if unknown:
            log.warning("%s does not know %s, which another release has", cls.__name__, sorted(unknown))
        init(self, *args, **{name: kwargs[name] for name in kwargs.keys() & known})

    cls.__init__ = init_with_known  # type: ignore[assignment]
    return cls
