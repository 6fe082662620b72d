"""A DAG file is parsed every few seconds: what it imports of us loads nothing heavy that Airflow does not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

_AIRFLOWS_OWN = """
import airflow.configuration
import airflow.triggers.base
try:
    import airflow.sdk.exceptions
    from airflow.sdk import (
        BaseHook, BaseOperator, BaseSensorOperator, Connection, Context, ObjectStoragePath, XComArg
    )
except ImportError:
    import airflow.exceptions
    from airflow.hooks.base import BaseHook
    from airflow.io.path import ObjectStoragePath
    from airflow.models import BaseOperator, Connection
    from airflow.models.xcom_arg import XComArg
    from airflow.sensors.base import BaseSensorOperator
    from airflow.utils.context import Context
"""
_HEAVY = """
import json, sys
libraries = {"requests", "aiohttp", "azure", "msal"}
print(json.dumps([name for name in sys.modules if name.partition(".")[0] in libraries
    or name.startswith("airflow.providers.") or name.startswith("airflow_provider_language.hooks")]))
"""


def heavy_modules_after(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program + _HEAVY], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def airflows_own() -> set[str]:
    return heavy_modules_after(_AIRFLOWS_OWN)


@pytest.mark.parametrize(
    "module",
    ["operators.analyze", "sensors.analyze", "triggers.analyze", "triggers.started", "tasks", "documents"],
)
def test_what_a_dag_file_imports_loads_no_http_library(airflows_own: set[str], module: str) -> None:
    loaded = heavy_modules_after(f"{_AIRFLOWS_OWN}\nimport airflow_provider_language.{module}\n")

    assert loaded - airflows_own == set()


def test_the_hook_does_load_one_so_that_the_measure_can_fail(airflows_own: set[str]) -> None:
    program = f"{_AIRFLOWS_OWN}\nimport airflow_provider_language.hooks.language\n"

    assert "requests" in heavy_modules_after(program)
    assert heavy_modules_after(program) - airflows_own


def test_the_hook_loads_nothing_of_azure_which_a_key_does_not_need(airflows_own: set[str]) -> None:
    hooks = "airflow_provider_language.hooks"
    program = f"{_AIRFLOWS_OWN}\nimport {hooks}.language, {hooks}.wires\n"
    loaded = heavy_modules_after(program) - airflows_own

    assert {name.partition(".")[0] for name in loaded} & {"azure", "msal"} == set()


def test_the_manifest_loads_nothing_of_airflow() -> None:
    program = (
        "import sys, airflow_provider_language.get_provider_info\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'airflow']\n"
    )

    assert heavy_modules_after(program) == set()
