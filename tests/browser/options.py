"""A pytest plugin with the options of `python -m tests.browser`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add them."""
    parser.addoption("--airflow", action="append", required=True, help="browse this; may be repeated")
    parser.addoption("--pictures", type=Path, help="the folder to put pictures into")
