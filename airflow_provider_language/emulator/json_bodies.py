"""JSON bodies as the service reads and writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import errors

if TYPE_CHECKING:
    from collections.abc import Mapping


def serialize(body: Mapping[str, Any]) -> bytes:
    """Return compact UTF-8 JSON, non-ASCII characters as they are and floats with their ``.0``."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def parse_json_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object of a request body.

    Duplicate keys are taken as the service takes them (the last one counts); NaN, infinities and lone
    surrogates are no JSON that could be answered.

    Raises:
        ServiceError: The body is empty, no JSON, or no object.
    """
    if not raw.strip():
        raise errors.empty_request()
    try:
        body = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
        if b"\\u" in raw:
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise errors.invalid_body("The request body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise errors.invalid_body("The request body must be a JSON object.")
    return body
