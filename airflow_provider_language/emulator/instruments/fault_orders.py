"""How a fault is ordered in words: as a JSON object, or on the command line."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.instruments.faults import Fault
from airflow_provider_language.emulator.protocol.json_bodies import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Mapping[str, tuple[type, ...]] = {
    "effect": (str,),
    "operation": (str, type(None)),
    "method": (str, type(None)),
    "path": (str, type(None)),
    "nth": (int,),
    "times": (int, type(None)),
    "lasts": (int, float, type(None)),
    "probability": (int, float),
    "seed": (int,),
    "after": (bool,),
    "status": (int, type(None)),
    "retry_after": (int, type(None)),
    "seconds": (int, float, type(None)),
    "tasks": (list, tuple, type(None)),
    "targets": (bool, type(None)),
}


def fault_from_json(body: Mapping[str, Any]) -> Fault:
    """Return the fault that a JSON object orders.

    Args:
        body: Fields by their names; all but ``effect`` may be absent.

    Raises:
        ValueError: A field is unknown, of a wrong type, out of range, or means nothing to the effect.
    """
    unknown = sorted(set(body) - {field.name for field in fields(Fault)})
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(unknown)}")
    if "effect" not in body:
        raise ValueError("'effect' is missing")
    for name, value in body.items():
        if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and bool not in _TYPES[name]):
            raise ValueError(f"'{name}' has a wrong type")
    tasks = body.get("tasks")
    if tasks is None:
        return Fault(**body)
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in tasks):
        raise ValueError("'tasks' must hold integers")
    return Fault(**{**body, "tasks": tuple(tasks)})


def parse_fault(text: str) -> Fault:
    """Return the fault that a command line orders.

    Args:
        text: The effect, then fields with their values: ``throttled,operation=submit,retry_after=2``.
            ``times=all`` never ends; several ``tasks`` are joined by ``+``.

    Raises:
        ValueError: That is no fault.
    """
    effect, *parts = text.split(",")
    body: dict[str, Any] = {"effect": effect}
    for part in parts:
        name, separator, value = part.partition("=")
        if not separator:
            raise ValueError(f"{part!r} must be FIELD=VALUE")
        body[name] = _parse_value(name, value)
    return fault_from_json(body)


def _parse_value(name: str, value: str) -> Any:
    if name == "times" and value == "all":
        return None
    if name == "tasks":
        return [_parse_value("", number) for number in value.split("+")]
    if str in _TYPES.get(name, ()):
        return value
    try:
        return parse_json(value.encode())
    except ValueError:
        raise ValueError(f"{value!r} is no value of {name!r}") from None
