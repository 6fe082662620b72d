"""A pytest plugin with the options of `python -m tests.chaos`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add them."""
    parser.addoption("--airflow", action="append", help="play all scenarios on this Airflow; may be repeated")
    parser.addoption("--quick", action="store_true", help="play only the quick scenarios on these")
    parser.addoption("--tries", type=int, default=1, help="of each scenario")
