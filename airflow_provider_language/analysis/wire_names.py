"""How Python's names become the service's: snake case to camel case, and None to absence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def camel_case(name: str) -> str:
    """``redaction_character`` to ``redactionCharacter``."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def to_wire(value: Any) -> Any:
    """Turn typed parameters into the JSON that the service reads; a plain dict keeps its names.

    A field that is None is left out, so that the service's own default applies. ``policyKind`` and the like
    are class attributes named ``wire_constants``.
    """
    if is_dataclass(value) and not isinstance(value, type):
        wire = dict(getattr(value, "wire_constants", {}))
        for field in fields(value):
            content = getattr(value, field.name)
            if content is not None:
                wire[camel_case(field.name)] = to_wire(content)
        return wire
    if isinstance(value, Mapping):
        return {name: to_wire(content) for name, content in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_wire(item) for item in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return value
