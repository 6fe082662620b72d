"""A job as each family describes it, and what becomes of an answer that describes none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.status import (
    STATES,
    Page,
    State,
    job_from,
    state_of,
)
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    SURFACES,
    Surface,
)
from tests.protocol.answers import JOB_ID, item, job_body, next_link, read
from tests.protocol.models import enum_of, needs_model

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("status", "state", "ended"),
    [
        ("notStarted", State.ACTIVE, False),
        ("running", State.ACTIVE, False),
        ("cancelling", State.CANCELLING, False),
        ("succeeded", State.SUCCEEDED, True),
        ("partiallyCompleted", State.PARTIAL, True),
        ("partiallySucceeded", State.PARTIAL, True),
        ("failed", State.FAILED, True),
        ("rejected", State.FAILED, True),
        ("cancelled", State.CANCELLED, True),
    ],
)
def test_each_status_has_one_meaning_however_it_is_cased(status: str, state: State, ended: bool) -> None:
    assert state_of(status) is state_of(status.upper()) is state
    assert state.ended is ended
    assert read(job_body(status)).known_status


def test_the_table_has_no_other_status() -> None:
    assert len(STATES) == 9


@pytest.mark.parametrize("status", ["validating", "", "Succeeded "])
def test_an_unknown_status_is_neither_success_nor_failure(status: str) -> None:
    job = read(job_body(status))
    assert job.state is State.ACTIVE
    assert not job.known_status


@needs_model
@pytest.mark.reference
def test_all_statuses_of_the_newest_model_are_known() -> None:
    assert {status.lower() for status in enum_of("TextActionState")} <= set(STATES)


def test_a_text_job_is_read() -> None:
    job = read(job_body("running", [item("a", ["1"])], total=3, displayName="mine"))
    assert (job.job_id, job.status, job.state) == (JOB_ID, "running", State.ACTIVE)
    assert (job.display_name, job.total, job.finished) == ("mine", 3, 1)
    assert (job.created, job.updated, job.expires) == (
        "2026-05-02T10:00:00Z",
        "2026-05-02T10:00:02Z",
        "2026-05-03T10:00:00Z",
    )
    assert (job.faults, job.next_page) == ((), None)


def conversation_item(kind: str) -> dict[str, Any]:
    """A finished task as recording conversation_pii has it."""
    told = {"id": "c", "conversationItems": [{"id": "0", "redactedContent": {"text": "*"}, "entities": []}]}
    results = {"conversations": [told], "errors": [], "modelVersion": "2025-02-01"}
    return {"kind": kind, "taskName": "mine", "status": "succeeded", "results": results}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("conversationalPIIResults", "ConversationalPIITask"),
        ("conversationalSummarizationResults", "ConversationalSummarizationTask"),
        ("ConversationalSummarizationResults", "ConversationalSummarizationTask"),
        ("conversationalSentimentResults", "ConversationalSentimentTask"),
        ("customConversationalSummarizationResults", "CustomConversationalSummarizationTask"),
        ("", ""),
    ],
)
def test_a_task_of_conversations_is_read_with_the_request_s_kind(told: str, kind: str) -> None:
    (task,) = read(job_body(items=[conversation_item(told)]), ANALYZE_CONVERSATIONS).items
    assert (task.kind, task.name, task.model_version) == (kind, "mine", "2025-02-01")
    assert [document["id"] for document in task.documents] == ["c"]


def test_a_task_of_native_documents_names_its_blobs_without_their_sas() -> None:
    blob = {"kind": "AzureBlob", "location": "https://host/out/a.json?sig=secret"}
    told = {"id": "1", "source": {**blob}, "targets": [blob], "warnings": []}
    described = {
        "kind": "PiiEntityRecognitionLROResults",
        "taskName": "mine",
        "status": "succeeded",
        "results": {"documents": [told], "errors": [], "modelVersion": "2023-09-01"},
    }
    (task,) = read(job_body(items=[described]), ANALYZE_DOCUMENTS).items
    assert task.kind == "PiiEntityRecognition"
    bare = {"kind": "AzureBlob", "location": "https://host/out/a.json"}
    assert task.documents == ({"id": "1", "source": bare, "target": [bare], "warnings": []},)


def test_failed_tasks_are_finished_too() -> None:
    assert read(job_body("partiallyCompleted", [item("a"), item("b", status="failed")])).finished == 2


def test_a_task_is_read_with_the_request_s_kind() -> None:
    (task,) = read(job_body(items=[item("a", ["1"], errors=["2"])])).items
    assert (task.kind, task.name, task.state) == ("KeyPhraseExtraction", "a", State.SUCCEEDED)
    assert task.documents == ({"id": "1", "keyPhrases": ["phrase 1"], "warnings": []},)
    assert task.errors == (("2", ServiceFault("InvalidArgument", "Bad 2.")),)
    assert (task.model_version, task.target) == ("2022-10-01", "#/tasks/items/0")


def test_a_custom_task_names_project_and_deployment_as_its_model() -> None:
    custom = item(kind="CustomEntityRecognition", projectName="p", deploymentName="d")
    del custom["results"]["modelVersion"]
    assert read(job_body(items=[custom])).items[0].model_version == "p/d"


def test_a_failed_task_has_no_documents_and_no_model() -> None:
    (task,) = read(job_body("failed", [item("a", status="failed")])).items
    assert (task.state, task.documents, task.errors, task.model_version) == (State.FAILED, (), (), None)


def test_documents_stay_out_of_repr() -> None:
    assert "phrase" not in repr(read(job_body(items=[item("a", ["1"])])))


def legacy_body(**tasks: Any) -> dict[str, Any]:
    return {
        "jobId": JOB_ID,
        "lastUpdateDateTime": "2022-06-09T17:12:49Z",
        "status": "succeeded",
        "errors": [],
        "tasks": {"completed": 2, "failed": 0, "inProgress": 0, "total": 2, **tasks},
    }


def test_a_v3_1_job_s_arrays_are_its_tasks() -> None:
    results = item("x", ["1"])["results"]
    job = read(
        legacy_body(
            sentimentAnalysisTasks=[{"taskName": "s", "state": "succeeded", "results": results}],
            entityRecognitionPiiTasks=[{"taskName": "p", "state": "failed"}],
        ),
        LEGACY_ANALYZE,
    )
    assert [(task.kind, task.name, task.state, task.target) for task in job.items] == [
        ("PiiEntityRecognition", "p", State.FAILED, "#/tasks/entityRecognitionPiiTasks/0"),
        ("SentimentAnalysis", "s", State.SUCCEEDED, "#/tasks/sentimentAnalysisTasks/0"),
    ]
    assert job.updated == "2022-06-09T17:12:49Z"


def test_a_v3_1_job_that_runs_has_no_arrays_yet() -> None:
    job = read({**legacy_body(), "status": "running"}, LEGACY_ANALYZE)
    assert job.items == ()


def health_body(status: str, **more: Any) -> dict[str, Any]:
    return {"jobId": JOB_ID, "status": status, "errors": [], **more}


def test_a_v3_1_health_job_is_one_task() -> None:
    job = read(health_body("succeeded", results=item("x", ["1"])["results"]), LEGACY_HEALTH)
    (task,) = job.items
    assert (task.kind, task.name, task.state, len(task.documents)) == ("Healthcare", "", State.SUCCEEDED, 1)
    assert (job.total, job.finished) == (1, 1)


def test_a_v3_1_health_job_that_runs_has_finished_nothing() -> None:
    job = read(health_body("running"), LEGACY_HEALTH)
    assert (job.items, job.total, job.finished) == ((), 1, 0)


def test_a_v3_1_health_job_that_failed_is_a_failed_task() -> None:
    (task,) = read(health_body("failed"), LEGACY_HEALTH).items
    assert (task.state, task.documents) == (State.FAILED, ())


@pytest.mark.parametrize(
    ("link", "page"),
    [
        (next_link(20, 5), Page(5, 20)),
        ("https://evil.example/?skip=20", Page(None, 20)),
        ("?top=5", Page(5, 0)),
        ("?skip=-1", Page(None, 0)),
        ("?skip=1e3&top=five", Page(None, 0)),
        ("?skip=9999999999", Page(None, 0)),
        ("?skip=\u0662\u0660", Page(None, 0)),
        ("http://[cut?skip=20#&skip=40", Page(None, 20)),
        ("no query", Page(None, 0)),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_only_two_numbers_are_read_of_a_next_link(link: object, page: Page | None) -> None:
    assert read(job_body(nextLink=link)).next_page == page


@pytest.mark.parametrize("link", ["https://h/x?$top=5&$skip=20", "https://h/x?%24top=5&%24skip=20"])
def test_v3_1_spells_its_next_link_otherwise(link: str) -> None:
    body = {**legacy_body(), "@nextLink": link, "nextLink": next_link(40)}
    assert read(body, LEGACY_ANALYZE).next_page == Page(5, 20)


@pytest.mark.parametrize("body", [{}, {"status": "ok"}, {"jobId": "x"}, {"jobId": 5, "status": "running"}])
def test_a_payload_without_job_and_status_is_no_job(body: dict[str, Any]) -> None:
    assert job_from(ANALYZE_TEXT, body) is None


@given(body=st.dictionaries(st.text(max_size=8), JSON, max_size=4), tasks=JSON, more=JSON)
@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_no_payload_breaks_the_reading(
    surface: Surface, body: dict[str, Any], tasks: object, more: object
) -> None:
    odd_items = {"items": more, "entityLinkingTasks": [{"results": more}], "total": more, "completed": more}
    for odd in (tasks, odd_items, {"items": [{"results": {"documents": more, "errors": more}}]}):
        described = {
            **body,
            "jobId": "j",
            "status": "succeeded",
            "tasks": odd,
            "results": more,
            "errors": more,
        }
        job = read({**described, "nextLink": more, "@nextLink": more}, surface)
        assert job.state is State.SUCCEEDED


def test_entries_of_another_shape_are_left_out_for_reconciling_to_notice() -> None:
    body = job_body(items=[item("a", ["1"])])
    body["tasks"]["items"] += ["cut", None]
    body["tasks"]["items"][0]["results"]["documents"].append("cut")
    (task,) = read(body).items
    assert len(task.documents) == 1


def test_a_job_without_its_results_says_how_it_ended_and_nothing_of_what_it_found() -> None:
    found = read(job_body("succeeded", [item("a", errors=["1"])]))
    bare = found.without_results()

    assert found.items[0].documents
    assert [(one.documents, one.errors) for one in bare.items] == [((), ())]
    assert (bare.state, bare.job_id, bare.items[0].name) == (State.SUCCEEDED, JOB_ID, "a")
