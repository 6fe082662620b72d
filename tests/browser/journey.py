"""What a person does on the first day: connects, starts examples by their forms, and follows their links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.get_provider_info import CONNECTION_FIELDS
from tests.browser.pages import NewConnection
from tests.browser.stage import KEY

if TYPE_CHECKING:
    from tests.browser.pages import AirflowPages, Form
    from tests.browser.pictures import Pictures
    from tests.browser.stage import Stage
    from tests.system.rest import Run

pytestmark = pytest.mark.system

RUN_SECONDS = 300
WANTS_PORT = ("3.3.2",)
"""Whose button refuses to test a connection that has none."""
ASKING = {"inspect_approve_redact", "plan_approve_analyze"}
"""Examples that ask people, which Airflow 2 cannot."""


@pytest.fixture(scope="session")
def connection(stage: Stage, airflow: str) -> NewConnection:
    """The connection of all examples, as the emulator wants it."""
    emulator = stage.emulator
    host, _, port = emulator.endpoint.rpartition(":")
    if airflow in WANTS_PORT:
        return NewConnection("azure_language_default", host, int(port), emulator.key)
    return NewConnection("azure_language_default", emulator.endpoint, None, emulator.key)


@pytest.fixture(scope="session")
def help_of_connection(pages: AirflowPages, pictures: Pictures, connection: NewConnection) -> str:
    """What the form of a connection tells, which is filled in and open."""
    told = pages.fill_connection(connection)
    pictures.take(pages.page, "connection-form")
    return told


@pytest.fixture(scope="session")
def told_by_test(
    pages: AirflowPages, pictures: Pictures, connection: NewConnection, help_of_connection: str
) -> str:
    """What the button said, before or after which the connection was saved."""
    return pages.test_and_save(connection, lambda: pictures.take(pages.page, "connection-test"))


def start(stage: Stage, form: Form) -> Run:
    """Press the button, and wait for the end of the run, which must be a good one."""
    run = form.start()
    states = {}
    for change in stage.airflow.api.follow(run, timeout=RUN_SECONDS):
        states[change.task_id, change.map_index] = change.after
    assert set(states.values()) == {"success"}
    return run


def test_the_form_of_a_connection_has_all_fields_of_ours_with_their_help(help_of_connection: str) -> None:
    for field in CONNECTION_FIELDS.values():
        assert field["label"] in help_of_connection
        assert field["description"] in help_of_connection


def test_a_connection_is_tested_by_the_button_and_saved(told_by_test: str) -> None:
    assert "The endpoint is a Language resource" in told_by_test
    assert "the key is right" in told_by_test
    assert "Failed" not in told_by_test


def test_each_example_can_be_started_at_once(airflow: str, stage: Stage, pages: AirflowPages) -> None:
    examples = {path.stem for path in stage.airflow.dags.glob("*.py")}
    assert examples > ASKING
    for example in sorted(examples - ASKING if airflow.startswith("2.") else examples):
        stage.airflow.wait_for_dag(example)
        form = pages.form(example)
        assert form.can_start, example
        for section in form.sections:
            form.unfold(section)
            assert form.can_start, f"{section} of {example}"


@pytest.mark.usefixtures("told_by_test")
def test_a_corpus_is_started_by_its_form_and_its_report_is_one_click_away(
    stage: Stage, pages: AirflowPages, pictures: Pictures
) -> None:
    stage.airflow.wait_for_dag("analyze_corpus")
    form = pages.form("analyze_corpus")
    assert sorted(form.sections) == ["Bounds", "How the files are written"]
    assert form.can_start
    form.write("output", f"{stage.results.as_uri()}/corpus")
    assert "Of the files, if it is not UTF-8" in form.unfold("How the files are written")
    assert "Documents after which it ends, for a trial." in form.unfold("Bounds")
    assert form.can_start
    run = start(stage, form)

    pages.task(run, "analyze")
    pictures.take(pages.page, "corpus-links")
    assert sorted(pages.links()) == ["Report", "Results"]
    report = pages.follow("Report")
    pictures.take(report, "report", of_airflow=False)
    assert report.url.startswith("https://")
    assert report.get_by_role("heading", level=1).inner_text() == "Corpus report"
    [path] = (stage.results / "corpus").glob("results/*/_manifest.json")
    manifest = json.loads(path.read_text())
    assert f"Documents\n{manifest['documents']}\n" in report.inner_text("body")
    results = pages.follow("Results")
    assert {"_SUCCESS", "part-00000.jsonl"} <= set(results.get_by_role("link").all_inner_texts())
    report.close()
    results.close()

    fields = pages.rendered_fields(run, "analyze")
    assert "SentimentAnalysis" in fields
    assert "azure_language_default" in fields
    assert KEY not in fields


@pytest.mark.usefixtures("told_by_test")
def test_a_folder_is_redacted_as_was_chosen_in_the_form_and_the_service_is_one_click_away(
    stage: Stage, pages: AirflowPages, pictures: Pictures
) -> None:
    stage.airflow.wait_for_dag("redact_folder")
    form = pages.form("redact_folder")
    assert form.sections == ["What is read", "What is redacted", "What is written"]
    assert form.can_start
    told = form.unfold("What is redacted")
    assert "Categories of personal data; others of the service can be typed." in told
    assert "PhoneNumber" in told
    assert form.choices("How to redact") == ["with asterisks", "by the category's name"]
    pictures.take(pages.page, "form")
    form.choose("How to redact", "by the category's name")
    form.unfold("What is written")
    form.write("output", f"{stage.results.as_uri()}/redacted")
    assert form.can_start
    run = start(stage, form)

    [letter] = (stage.results / "redacted").glob("*/texts/complaint.txt")
    assert "[EMAIL" in letter.read_text().upper()
    assert "letters, batch 1 of 1" in pages.instances(run, "submit")
    pages.task(run, "submit", 0)
    pictures.take(pages.page, "submission-links")
    assert pages.links() == ["Azure AI Language"]
    service = pages.follow("Azure AI Language")
    pictures.take(service, "status-page", of_airflow=False)
    assert service.url == f"{stage.emulator.endpoint}/_emulator/"
    assert "PiiEntityRecognition" in service.inner_text("main")
    assert KEY not in service.content()
    service.close()

    fields = pages.rendered_fields(run, "submit", 0)
    assert "entityMask" in fields
    assert KEY not in fields
