"""What shares a budget."""

from __future__ import annotations

from airflow_provider_language.protocol.pacing.operations import Operation
from airflow_provider_language.protocol.wire import Request

PATH = "/language/analyze-text/jobs"


def test_looks_at_all_jobs_are_one_operation_and_submissions_another() -> None:
    look = Operation("GET", PATH)
    assert Operation.of(Request("GET", f"{PATH}/a-1")) == Operation.of(Request("GET", f"{PATH}/b-2")) == look
    assert Operation.of(Request("POST", PATH)) == Operation("POST", PATH)
    assert Operation.of(Request("POST", f"{PATH}/a-1:cancel")) == Operation("POST", f"{PATH}:cancel")


def test_only_what_asks_for_a_job_is_a_look() -> None:
    assert Operation("GET", PATH).is_look
    assert not Operation("POST", PATH).is_look
    assert not Operation("DELETE", PATH).is_look
