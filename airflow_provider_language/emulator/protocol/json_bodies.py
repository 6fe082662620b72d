"""JSON bodies as the service reads and writes them."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.protocol import errors

if TYPE_CHECKING:
    from collections.abc import Mapping


def serialize(body: Mapping[str, Any]) -> bytes:
    """Return compact UTF-8 JSON, non-ASCII characters as they are and floats with their ``.0``."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def parse_json(raw: bytes) -> Any:
    """Return what a JSON text says.

    Duplicate keys are taken as the service takes them (the last one counts); NaN, infinities and lone
    surrogates are no JSON that could be answered.

    Args:
        raw: The text, in UTF-8.

    Raises:
        ValueError: It is no JSON, or is nested deeper than can be read.
    """
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
        if b"\\u" in raw:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("too deeply nested") from error
    return value


def parse_json_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object of a request body, read as `parse_json` does.

    Raises:
        ServiceError: The body is empty, no JSON, or no object.
    """
    if not raw.strip():
        raise errors.empty_request()
    try:
        body = parse_json(raw)
    except ValueError as error:
        raise errors.invalid_body("The request body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise errors.invalid_body("The request body must be a JSON object.")
    return body


def _optional(owner: Mapping[str, Any], field: str, expected: type | tuple[type, ...], what: str) -> Any:
    value = owner.get(field)
    if value is not None and (not isinstance(value, expected) or isinstance(value, bool)):
        raise errors.invalid_body(f"'{field}' must be {what}.")
    return value


def optional_string(owner: Mapping[str, Any], field: str) -> str | None:
    """Return a string field, or None where it is absent or null.

    Raises:
        ServiceError: The field holds something else.
    """
    value: str | None = _optional(owner, field, str, "a string")
    return value


def optional_number(owner: Mapping[str, Any], field: str) -> float | None:
    """Return a number field, or None where it is absent or null.

    Raises:
        ServiceError: The field holds something else.
    """
    value: float | None = _optional(owner, field, (int, float), "a number")
    return value


def optional_object(owner: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    """Return an object field, read-only; empty where it is absent or null.

    Raises:
        ServiceError: The field holds something else.
    """
    return MappingProxyType(_optional(owner, field, dict, "an object") or {})


def list_of_objects(owner: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    """Return an array of objects; empty where it is absent or null.

    Raises:
        ServiceError: The field holds something else.
    """
    items: list[Any] = _optional(owner, field, list, "an array") or []
    if not all(isinstance(item, dict) for item in items):
        raise errors.invalid_body(f"'{field}' must hold objects only.")
    return items
