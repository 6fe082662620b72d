"""`make up` says what to open, and that is there."""

from __future__ import annotations

import re
from pathlib import Path

import requests

from airflow_provider_language.emulator import Emulator
from tests.system.demo import DAGS
from tests.system.up import FIRST_DAG, greeting


def test_what_is_said_to_be_open_answers_and_what_is_to_be_started_is_there(language: Emulator) -> None:
    told = greeting("http://127.0.0.1:8080", language.endpoint, Path("logs"))

    (found,) = re.findall(r"Emulator: (\S+)", told)
    assert requests.get(found, timeout=10).status_code == 200
    assert f"http://127.0.0.1:8080/dags/{FIRST_DAG}" in told
    assert (DAGS / f"{FIRST_DAG}.py").exists()
