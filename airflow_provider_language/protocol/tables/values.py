"""The careful reading of what stands in a row: a value of the column's type, or null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from airflow_provider_language.protocol.json_values import JsonObject, JsonValue, clean, object_or_empty

Value: TypeAlias = "str | int | float | bool | None"

_LARGEST = 2**63 - 1
_NAMES = ("positive", "neutral", "negative")


def text(value: JsonValue) -> str | None:
    """A string that can be written as UTF-8."""
    if value is None or not isinstance(value, str):
        return None
    return value if value.isascii() else str(clean(value))


def whole(value: JsonValue) -> int | None:
    """A whole number of 64 bits."""
    if value is None:
        return None
    if type(value) is int:
        return value if -_LARGEST <= value <= _LARGEST else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        return None
    return value


def number(value: JsonValue) -> float | None:
    """A finite number."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def flag(value: JsonValue) -> bool | None:
    """True or false."""
    return value if isinstance(value, bool) else None


def span(holder: JsonObject) -> tuple[int | None, int | None]:
    """Where something stands: offset and length."""
    return whole(holder.get("offset")), whole(holder.get("length"))


def scores(holder: JsonObject) -> tuple[float | None, ...]:
    """The confidence in each sentiment; targets and assessments have no neutral one."""
    said = object_or_empty(holder.get("confidenceScores"))
    return tuple([number(said.get(name)) for name in _NAMES])


def texts(holder: Mapping[str, JsonValue], *names: str) -> tuple[str | None, ...]:
    """Several strings of an object."""
    get = holder.get
    return tuple([text(value) if (value := get(name)) is not None else None for name in names])
