"""How the emulator names itself, so that no result of it is taken for the service's."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

DISTRIBUTION: Final = "airflow-provider-language"
VERSION: Final = version(DISTRIBUTION)
MODEL_VERSION: Final = f"emulator-{VERSION}"
"""The modelVersion of every result."""
