"""What the client makes of Airflow's answers, on canned ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.system.rest import AirflowApi, AirflowApiError, Run

if TYPE_CHECKING:
    from requests_mock import Mocker

URL = "http://127.0.0.1:8080"
RUN = Run("reviews", "manual__1")
INSTANCES = f"{URL}/api/v2/{RUN.path}/taskInstances"


def page(*instances: dict[str, Any], of: int | None = None) -> dict[str, Any]:
    return {"task_instances": instances, "total_entries": len(instances) if of is None else of}


def instances(**states: str | None) -> dict[str, Any]:
    return page(*({"task_id": task_id, "map_index": -1, "state": state} for task_id, state in states.items()))


def test_following_a_run_tells_each_change_once_and_ends_with_the_run(requests_mock: Mocker) -> None:
    requests_mock.get(
        f"{URL}/api/v2/{RUN.path}",
        [{"json": {"state": state}} for state in ("running", "running", "running", "success")],
    )
    looks: list[dict[str, str | None]] = [
        {"submit": "running", "wait": None},
        {"submit": "success", "wait": "deferred"},
        {"submit": "success", "wait": "deferred"},
        {"submit": "success", "wait": "success"},
    ]
    requests_mock.get(INSTANCES, [{"json": instances(**look)} for look in looks])

    told = [str(change) for change in AirflowApi(URL).follow(RUN, timeout=60)]

    assert told == [
        "submit: none -> running",
        "run: none -> running",
        "submit: running -> success",
        "wait: none -> deferred",
        "wait: deferred -> success",
        "run: running -> success",
    ]


def test_a_mapped_task_is_told_with_its_index(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}/api/v2/{RUN.path}", json={"state": "failed"})
    mapped = {"task_id": "submit", "map_index": 2, "state": "failed"}
    requests_mock.get(INSTANCES, json=page(mapped))

    assert "submit[2]: none -> failed" in [str(change) for change in AirflowApi(URL).follow(RUN, timeout=60)]


def test_task_instances_that_do_not_fit_into_one_answer_are_asked_for_page_by_page(
    requests_mock: Mocker,
) -> None:
    mapped = [{"task_id": "wait", "map_index": index, "state": "success"} for index in range(5)]
    for offset in (0, 2, 4):
        requests_mock.get(f"{INSTANCES}?offset={offset}", json=page(*mapped[offset : offset + 2], of=5))

    assert AirflowApi(URL).task_instances(RUN) == mapped


def test_a_run_that_takes_too_long_is_an_error_that_names_the_tasks_states(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}/api/v2/{RUN.path}", json={"state": "running"})
    requests_mock.get(INSTANCES, json=instances(wait="deferred"))

    with pytest.raises(AirflowApiError, match=r"not finished within 0 s \(wait: deferred\)"):
        list(AirflowApi(URL).follow(RUN, timeout=0))


def test_a_dag_file_that_cannot_be_imported_is_an_error_with_its_trace(requests_mock: Mocker) -> None:
    broken = {"filename": "reviews.py", "stack_trace": "ImportError: no such operator"}
    requests_mock.get(f"{URL}/api/v2/importErrors", json={"import_errors": [broken]})

    with pytest.raises(AirflowApiError, match=r"(?s)reviews\.py.*no such operator"):
        AirflowApi(URL).has_dag("reviews")


def test_a_refused_request_is_an_error_with_what_airflow_said(requests_mock: Mocker) -> None:
    requests_mock.post(f"{URL}/api/v2/dags/reviews/dagRuns", status_code=400, text="documents is required")

    with pytest.raises(AirflowApiError, match="HTTP 400 documents is required"):
        AirflowApi(URL).trigger("reviews")


def test_a_server_that_does_not_answer_yet_has_no_health(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}/api/v2/monitor/health", status_code=503)

    assert AirflowApi(URL).health() is None
