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
    """Return a result as API versions without them know it: no ``type``, ``tags`` and ``metadata``.

    Args:
        result: A result of EntityRecognition or PiiEntityRecognition; it is left as it is.
    """
    plain = [{k: v for k, v in entity.items() if k not in _SINCE_2024} for entity in result["entities"]]
    return {**result, "entities": plain}


def with_resolutions(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result as 2022-10-01-preview knows it: what later became ``metadata`` is a list.

    Args:
        result: A result of EntityRecognition; it is left as it is.
    """
    plain = without_types(result)["entities"]
    told = [_resolutions(entity.get("metadata")) for entity in result["entities"]]
    return {**result, "entities": [{**entity, **more} for entity, more in zip(plain, told, strict=True)]}


def _resolutions(metadata: dict[str, Any] | None) -> dict[str, Any]:
    if metadata is None:
        return {}
    kind = str(metadata["metadataKind"]).replace("Metadata", "Resolution")
    values = {name: value for name, value in metadata.items() if name != "metadataKind"}
    return {"resolutions": [{"resolutionKind": kind, **values}]}


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
