"""JSON as it travels: what a value may be, and the careful reading of what somebody else wrote."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

_HALF = re.compile("[\ud800-\udfff]")

JsonValue: TypeAlias = "str | int | float | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
JsonObject: TypeAlias = "Mapping[str, JsonValue]"
"""What somebody else wrote: each value is looked at before it is used."""

WireObject: TypeAlias = dict[str, Any]
"""What this package writes for the service: its form is known where it is made."""


def decoded(body: bytes) -> JsonObject | None:
    """The JSON object that a body is; None if it is none (empty, truncated, a proxy's page).

    One that is nested deeper than the interpreter can follow is no answer of the service, either.
    """
    value: JsonValue
    try:
        value = _decode()(body)
    except Exception:  # noqa: BLE001 - of a paid answer, what msgspec refuses is read if json takes it
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def quickly_decoded(text: bytes | str) -> JsonValue:
    """A JSON value by the faster reader alone, which of a field that stands twice takes the last.

    Args:
        text: if it is bytes, of UTF-8.

    Raises:
        Exception: it is none, or one that only a slower reader takes; or the faster one is not there.
    """
    return _decode()(text)


def encoded(value: JsonValue) -> bytes:
    """A value as compact UTF-8 JSON that any reader takes; what JSON does not know as :func:`clean` tells it.

    Raises:
        RecursionError: it is nested deeper than the interpreter can follow.
    """
    try:
        return _encode()(value)  # null for NaN and infinities
    except (ImportError, ValueError):
        return json.dumps(clean(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


@cache
def _decode() -> Callable[[bytes | str], JsonValue]:
    """The faster reader of JSON, which Airflow 3 brings, and 2.11 may not.

    Raises:
        ImportError: it is not there.
    """
    decode: Callable[[bytes | str], JsonValue] = import_module("msgspec").json.Decoder().decode
    return decode


@cache
def _encode() -> Callable[[JsonValue], bytes]:
    """The faster writer of JSON; see :func:`_decode`."""
    encode: Callable[[JsonValue], bytes] = import_module("msgspec").json.Encoder().encode
    return encode


def clean(value: JsonValue) -> JsonValue:
    """A value that any reader of JSON takes: no NaN or infinity, and no half of a pair of surrogates."""
    if isinstance(value, str):
        return _HALF.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(clean(name)): clean(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [clean(one) for one in value]
    return value


def object_or_empty(value: JsonValue) -> JsonObject:
    """A JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def objects_in(values: JsonValue) -> tuple[JsonObject, ...]:
    """The objects of a JSON array; none in place of anything else."""
    if not values or not isinstance(values, list):
        return ()
    return tuple([value for value in values if isinstance(value, dict)])


def text_or_none(value: JsonValue) -> str | None:
    """A string, or None in place of anything else."""
    return value if isinstance(value, str) else None
