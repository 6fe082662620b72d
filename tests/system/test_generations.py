"""What differs between the generations of Airflow, on canned answers and empty environments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import airflow
import pytest

from tests.system.generations import AIRFLOW_2, AIRFLOW_3, Installation
from tests.system.rest import Run

if TYPE_CHECKING:
    from requests_mock import Mocker

URL = "http://127.0.0.1:8080"
RUN = Run("reviews", "manual__1")


def environment(folder: Path, version: str) -> Installation:
    """An environment that says of itself that it has this Airflow."""
    package = folder / "lib" / "python3.11" / "site-packages" / f"apache_airflow-{version}.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text(f"Metadata-Version: 2.1\nName: apache-airflow\nVersion: {version}\n")
    return Installation(folder)


def test_this_interpreters_environment_has_the_airflow_that_it_imports() -> None:
    assert Installation(Path(sys.prefix)).version == airflow.__version__


def test_the_version_in_an_environment_decides_on_the_generation(tmp_path: Path) -> None:
    assert environment(tmp_path / "old", "2.11.2").generation is AIRFLOW_2
    assert environment(tmp_path / "new", "3.3.2").generation is AIRFLOW_3


def test_an_environment_without_airflow_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="no Airflow"):
        _ = Installation(tmp_path).version


def test_a_run_of_airflow_2_starts_without_a_date_and_with_a_password(requests_mock: Mocker) -> None:
    requests_mock.post(f"{URL}/api/v1/dags/reviews/dagRuns", json={"dag_run_id": "manual__1"})
    api = AIRFLOW_2.api(URL)
    api.log_in()

    assert api.trigger("reviews", {"output": "here"}) == RUN
    assert requests_mock.request_history[0].json() == {"conf": {"output": "here"}}
    assert requests_mock.request_history[0].headers["Authorization"].startswith("Basic ")


def test_a_task_of_airflow_2_is_marked_and_not_only_rehearsed(requests_mock: Mocker) -> None:
    requests_mock.patch(f"{URL}/api/v1/{RUN.path}/taskInstances/wait", json={})

    AIRFLOW_2.api(URL).mark_task(RUN, "wait", "failed")

    assert requests_mock.request_history[0].json() == {"dry_run": False, "new_state": "failed"}


def test_a_log_of_airflow_2_is_the_text_of_all_its_sources(requests_mock: Mocker) -> None:
    content = str([("host", "first\nsecond"), ("triggerer", "third")])
    requests_mock.get(f"{URL}/api/v1/{RUN.path}/taskInstances/wait/logs/1", json={"content": content})

    assert AIRFLOW_2.api(URL).task_log(RUN, "wait") == "first\nsecond\nthird"


def test_a_task_of_airflow_2_is_cleared_in_one_run_only() -> None:
    assert AIRFLOW_2.clear is not None
    command = AIRFLOW_2.clear("reviews", "wait", "2026-01-02T03:04:05.678901+00:00")

    assert command[:3] == ("tasks", "clear", "reviews")
    assert command.count("2026-01-02T03:04:05.678901+00:00") == 2
    assert "^wait$" in command
