"""Airflow's own view of the installed providers."""

from __future__ import annotations

import pytest
from airflow.providers_manager import ProvidersManager


@pytest.fixture
def providers() -> ProvidersManager:
    return ProvidersManager()  # type: ignore[no-untyped-call]  # Airflow's own lack of annotations
