"""The service's own models and OpenAPI documents, where they lie beside the repository."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

RECORDINGS = Path(
    os.environ.get("AZURE_LANGUAGE_RECORDINGS")
    or Path(__file__).parents[2].parent / "shared" / "azure-language" / "recordings"
)
REFERENCE = RECORDINGS.parent
MODEL = REFERENCE / "models" / "text_2026-05-15-preview.json"

needs_model = pytest.mark.skipif(not MODEL.is_file(), reason=f"the service's model is not at {MODEL}")


@cache
def described(path: str) -> dict[str, Any]:
    """A model dump or an OpenAPI document, by its path below the reference."""
    loaded: dict[str, Any] = json.loads((REFERENCE / path).read_text())
    return loaded


def fields_of(model: str, path: str = "models/text_2026-05-15-preview.json") -> dict[str, dict[str, Any]]:
    """A model's fields by wire name, with those that it inherits."""
    of_model = described(path)["models"][model]
    inherited = [fields_of(base, path) for base in of_model["bases"]]
    return {name: value for fields in [*inherited, of_model["fields"]] for name, value in fields.items()}


def enum_of(name: str, path: str = "models/text_2026-05-15-preview.json") -> list[str]:
    values: list[str] = described(path)["enums"][name]
    return values
