"""The service's own model of its newest preview, where it lies beside the repository."""

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
MODEL = RECORDINGS.parent / "models" / "text_2026-05-15-preview.json"

needs_model = pytest.mark.skipif(not MODEL.is_file(), reason=f"the service's model is not at {MODEL}")


@cache
def _model() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(MODEL.read_text())
    return loaded


def fields_of(model: str) -> dict[str, dict[str, Any]]:
    """A model's fields by wire name, with those that it inherits."""
    described = _model()["models"][model]
    inherited = [fields_of(base) for base in described["bases"]]
    return {name: value for fields in [*inherited, described["fields"]] for name, value in fields.items()}


def enum_of(name: str) -> list[str]:
    values: list[str] = _model()["enums"][name]
    return values
