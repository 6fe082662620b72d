"""Airflow finds the installed provider and can import all that its manifest names."""

from __future__ import annotations

import importlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.get_provider_info import get_provider_info
from tests.matrix.airflow_command import AirflowCommand

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system

DISTRIBUTION = "airflow-provider-language"
MODULES = [
    module
    for kind in ("hooks", "operators", "sensors", "triggers")
    for integration in get_provider_info()[kind]
    for module in integration["python-modules"]
]


def test_airflow_providers_list_shows_the_provider_with_its_version(tmp_path: Path) -> None:
    told = AirflowCommand(tmp_path)("providers", "list", "--output", "json")
    # Airflow 3.0 writes lines of its log before the list.
    listed = json.loads(told[told.index("[{") :])

    assert [row["version"] for row in listed if row["package_name"] == DISTRIBUTION] == [
        version(DISTRIBUTION)
    ]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_the_manifest_can_be_imported(module: str) -> None:
    assert importlib.import_module(module).__doc__


@pytest.mark.parametrize("declared", get_provider_info()["connection-types"])
def test_the_hook_of_a_connection_type_says_that_type(declared: dict[str, str]) -> None:
    module, _, name = declared["hook-class-name"].rpartition(".")

    assert getattr(importlib.import_module(module), name).conn_type == declared["connection-type"]
