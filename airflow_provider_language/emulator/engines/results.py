"""What becomes of an engine's result with its place in a page and with the API version that was asked."""

from __future__ import annotations

import re
from typing import Any

_SINCE_2024 = frozenset({"type", "tags", "metadata"})
_POINTER = re.compile(r"\A(#(?:/results)?/documents/)0(?=/)")


def renumber(result: dict[str, Any], index: int) -> dict[str, Any]:
    """Return an engine's result with its refs moved to another position in the page.

    Engines write every ``ref`` as if their document were the first of the page, for example
    ``#/documents/0/sentences/2/assessments/1``; clients follow the number of the document literally.

    Args:
        result: What an engine returned; it is left as it is.
        index: The document's position in the ``documents`` array of the page, from 0.

    Returns:
        A result that shares with the given one whatever holds no ref.
    """
    moved: dict[str, Any] = _moved(result, rf"\g<1>{index}")
    return moved


def without_types(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result as API versions before 2024-11-01 know it: no ``type``, ``tags`` and ``metadata``.

    Args:
        result: A result of EntityRecognition or PiiEntityRecognition; it is left as it is.
    """
    plain = [{k: v for k, v in entity.items() if k not in _SINCE_2024} for entity in result["entities"]]
    return {**result, "entities": plain}


def _moved(value: Any, replacement: str) -> Any:
    if isinstance(value, dict):
        return {
            key: _POINTER.sub(replacement, item)
            if key == "ref" and isinstance(item, str)
            else _moved(item, replacement)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_moved(item, replacement) for item in value]
    return value
