"""The service's OpenAPI documents, made such that every rule in them is one that can be checked.

The documents are Swagger 2.0 with inheritance: a discriminator names the subtype, and the rules of the
subtypes are found by nobody who follows references alone. Here each base type becomes the choice of its
subtypes. Also, no object may have a field that the document does not name: else an answer could hold all.

They refer to no other file but to examples. What they leave to the client's configuration (the host, the path
before their own paths, the value of ``api-version``) is added here.
"""

from __future__ import annotations

import json
import os
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.openapi.patches import Patch, apply
from tests.protocol.models import RECORDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

SPECIFICATIONS = Path(os.environ.get("AZURE_LANGUAGE_SPECIFICATIONS") or RECORDINGS.parent / "specs")

needs_specifications = pytest.mark.skipif(
    not SPECIFICATIONS.is_dir(), reason=f"the service's OpenAPI documents are not at {SPECIFICATIONS}"
)

_REFERENCE = "#/definitions/"
_API_VERSION = "Azure.Core.Foundations.ApiVersionParameter"
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Document:
    """One document.

    Attributes:
        file: Where it is below the folder of documents.
        version: The API version that it describes.
        base_path: What stands before its paths.
    """

    file: str
    version: str
    base_path: str = "/language"

    def read(self) -> dict[str, Any]:
        """Return the document as it is, for the caller to change."""
        return deepcopy(_read(self.file))

    def __str__(self) -> str:
        return f"{self.version}/{Path(self.file).stem}"


def _language(version: str, name: str) -> Document:
    stage = "preview" if version.endswith("-preview") else "stable"
    return Document(f"Language/{stage}/{version}/{name}.json", version)


V3_1 = Document("TextAnalytics/stable/v3.1/TextAnalytics.json", "v3.1", "/text/analytics/v3.1")
TEXT_2022 = _language("2022-05-01", "analyzetext")
TEXT_2023 = _language("2023-04-01", "analyzetext")
CONVERSATIONS_2022 = _language("2022-05-01", "analyzeconversations")
CONVERSATIONS_2023 = _language("2023-04-01", "analyzeconversations")
CONVERSATIONS_2024 = _language("2024-05-01", "analyzeconversations")
NATIVE_2023 = _language("2023-11-15-preview", "analyzedocuments")


@cache
def _read(file: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SPECIFICATIONS / file).read_text())
    return loaded


def operations_of(document: Document) -> set[tuple[str, str]]:
    """Return method and path of each operation."""
    paths = _read(document.file)["paths"]
    return {(method.upper(), path) for path, item in paths.items() for method in item if method in _METHODS}


def whole(document: Document, patches: Iterable[Patch]) -> dict[str, Any]:
    """Return a document with patches, its inheritance resolved, its objects closed, and its place added."""
    source = document.read()
    apply(patches, source, document.file)
    definitions = source["definitions"]
    source["definitions"] = {name: _definition(name, definitions) for name in definitions}
    source["paths"] = {
        path: item for path, item in _without_examples(source["paths"]).items() if not path.startswith("x-")
    }
    source["basePath"] = document.base_path
    if _API_VERSION in source["parameters"]:
        source["parameters"][_API_VERSION]["enum"] = [document.version]
    return source


def _without_examples(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _without_examples(value) for name, value in node.items() if name != "x-ms-examples"}
    return [_without_examples(item) for item in node] if isinstance(node, list) else node


def _definition(name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    schema = definitions[name]
    if "discriminator" in schema:
        return {"anyOf": [{"$ref": _REFERENCE + child} for child in _children(name, definitions)]}
    closed = _closed(_merged(schema, definitions))
    kind = schema.get("x-ms-discriminator-value")
    if kind is not None:
        discriminator = next(
            base["discriminator"] for base in _ancestors(schema, definitions) if "discriminator" in base
        )
        closed["properties"][discriminator] = {"type": "string", "enum": [kind]}
    return closed


def _children(name: str, definitions: dict[str, Any]) -> list[str]:
    return [
        child
        for child, schema in definitions.items()
        if any(part.get("$ref") == _REFERENCE + name for part in schema.get("allOf", ()))
    ]


def _target(reference: str, definitions: dict[str, Any]) -> dict[str, Any]:
    target: dict[str, Any] = definitions[reference.removeprefix(_REFERENCE)]
    return target


def _ancestors(schema: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    parents = [_target(part["$ref"], definitions) for part in schema.get("allOf", ()) if "$ref" in part]
    return [*parents, *(ancestor for parent in parents for ancestor in _ancestors(parent, definitions))]


def _merged(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what it inherits, and so do the schemas inside it."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    own = {
        name: value
        for name, value in schema.items()
        if name not in ("allOf", "description", "discriminator", "title") and not name.startswith("x-ms-")
    }
    properties: dict[str, Any] = {}
    required: set[str] = set()
    for part in (*schema.get("allOf", ()), own):
        source = _merged(_target(part["$ref"], definitions), definitions) if "$ref" in part else part
        for name, value in source.get("properties", {}).items():
            properties[name] = _merged(value, definitions)
        required.update(source.get("required", ()))
        own = {**{key: value for key, value in source.items() if key != "properties"}, **own}
    if properties:
        own["properties"] = properties
        own["type"] = "object"
    if required:
        own["required"] = sorted(required)
    for name in ("items", "additionalProperties"):
        if isinstance(own.get(name), dict):
            own[name] = _merged(own[name], definitions)
    return own


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema whose objects, at any depth, have no fields but those that it names."""
    closed = dict(schema)
    if "properties" in closed:
        closed.setdefault("additionalProperties", False)
        closed["properties"] = {name: _closed(value) for name, value in closed["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(closed.get(name), dict):
            closed[name] = _closed(closed[name])
    return closed
