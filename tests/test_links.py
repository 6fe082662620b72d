"""The buttons of a task lead to what it told, and a link that cannot be told hinders nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from airflow.providers_manager import ProvidersManager

from airflow_provider_language import links
from airflow_provider_language.get_provider_info import get_provider_info
from airflow_provider_language.links import ReportLink, ResultsLink, ServiceLink
from airflow_provider_language.operators.analyze import (
    AnalyzeCorpusOperator,
    FetchAnalyzeResultsOperator,
    InspectFindingsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor

JOB = "http://127.0.0.1:5000/language/analyze-text/jobs/1?api-version=2026-05-01"
STATUS_PAGE = "http://127.0.0.1:5000/_emulator/"
MANIFEST = {
    "path": "s3://c@box/analyzed/results/run",
    "report": "s3://c@box/analyzed/results/run/report.html",
}
SUBMIT: Any = SubmitAnalyzeJobOperator(task_id="submit", documents=["a"], tasks=["KeyPhraseExtraction"])

Telling = Callable[..., None]


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> Telling:
    """Stand in for the XComs of a task, of which Airflow 3 tells its worker alone."""

    def tell(**xcoms: Any) -> None:
        monkeypatch.setattr(links, "told_xcom", lambda _, key: xcoms[key])

    return tell


def test_a_submission_leads_to_the_service(telling: Telling) -> None:
    telling(operation_location=JOB)

    assert ServiceLink().get_link(SUBMIT, ti_key=None) == STATUS_PAGE


def test_a_sensor_leads_to_the_service_of_its_one_job() -> None:
    sensor: Any = AnalyzeJobSensor(task_id="wait", operation_location=JOB)
    of_many: Any = AnalyzeJobSensor(task_id="wait", operation_location=[JOB, JOB])

    assert ServiceLink().get_link(sensor, ti_key=None) == STATUS_PAGE
    assert ServiceLink().get_link(of_many, ti_key=None) == ""


def test_results_and_report_have_links_where_an_address_is_configured(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling(return_value=MANIFEST)
    assert ResultsLink().get_link(SUBMIT, ti_key=None) == ReportLink().get_link(SUBMIT, ti_key=None) == ""

    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REPORT_BASE_URL", "https://reports.example.com")
    results = "https://reports.example.com/analyzed/results/run"
    assert ResultsLink().get_link(SUBMIT, ti_key=None) == results
    assert ReportLink().get_link(SUBMIT, ti_key=None) == f"{results}/report.html"


@pytest.mark.parametrize("told", [{}, {"return_value": None}, {"return_value": {"report": None}}])
def test_a_task_that_told_nothing_has_no_link_and_no_error(
    telling: Telling, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any]
) -> None:
    telling(**told)
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REPORT_BASE_URL", "https://reports.example.com")

    for link in (ServiceLink(), ResultsLink(), ReportLink()):
        assert link.get_link(SUBMIT, ti_key=None) == ""


@pytest.mark.parametrize(
    ("task", "names"),
    [
        (SubmitAnalyzeJobOperator, ["Azure AI Language"]),
        (AnalyzeJobSensor, ["Azure AI Language"]),
        (FetchAnalyzeResultsOperator, ["Results"]),
        (AnalyzeCorpusOperator, ["Report", "Results"]),
        (InspectFindingsOperator, ["Report"]),
    ],
)
def test_each_task_has_the_buttons_that_it_can_have(task: Any, names: list[str]) -> None:
    assert [link.name for link in task.operator_extra_links] == names


def test_airflow_knows_each_link() -> None:
    manager: Any = ProvidersManager()  # type: ignore[no-untyped-call]  # Airflow's own lack of annotations

    assert set(get_provider_info()["extra-links"]) <= set(manager.extra_links_class_names)
