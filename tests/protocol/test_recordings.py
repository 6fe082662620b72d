"""Recorded traffic of the live service, replayed against the flows: our requests beside the recorded ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.exceptions import (
    AuthenticationError,
    InvalidInputError,
    JobFailedError,
    LanguageError,
    QuotaExceededError,
    RequestRefusedError,
    ServiceUnavailableError,
    SubmissionLostError,
)
from airflow_provider_language.protocol import flows, result_pages
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.expected import ExpectedDocument, ExpectedResults
from airflow_provider_language.protocol.jobs.handles import JobHandle
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.protocol.jobs.status import State, job_from
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT, LEGACY_ANALYZE, LEGACY_HEALTH
from airflow_provider_language.protocol.wire import Response
from tests.protocol.answers import HANDLE, JOB_ID, LEGACY_HANDLE, accepted, answer
from tests.protocol.models import RECORDINGS
from tests.protocol.playing import STEADY, Player, flattened, settled
from tests.protocol.recordings import (
    exchanges_of,
    handle_in,
    pages,
    recorded_results,
    recording,
    response_of,
    submission_of,
    waits,
)

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"the recorded traffic is not at {RECORDINGS}"),
]

JOBS = [
    "analyze_v3_1",
    "autodetect_language_2022-10-01-preview",
    "cancel_in_terminal_state_2022-05-01",
    "custom_entities_2022-05-01",
    "custom_single_label_2022-05-01",
    "custom_tasks_partial_error_2022-05-01",
    "healthcare_in_analyze_2022-05-01",
    "healthcare_stats_v3_1",
    "healthcare_success_2022-05-01",
    "healthcare_success_v3_1",
    "multi_task_success_2022-05-01",
    "pagination_nextlink_2022-05-01",
    "partial_success_documents_in_error_2022-05-01",
    "pii_categories_filter_2022-05-01",
]
"""Submitted, waited for and read to the end."""

REFUSED_BY_US: Mapping[str, tuple[int, str]] = {
    "duplicate_ids_2022-05-01": (400, "InvalidDocument"),
    "empty_document_bad_request_2022-05-01": (400, "InvalidDocumentBatch"),
    "too_many_documents_2022-05-01": (400, "InvalidDocumentBatch"),
}
"""The service refused them; we do not even send them."""

OTHERS = [
    "bad_credentials_401_2022-05-01",
    "bad_model_version_all_tasks_2022-05-01",
    "cancel_2022-05-01",
    "cancel_unsupported_v3_1",
    "conversation_pii_2025-11-15-preview",
    "documents_submit_notstarted_2026-05-15-preview",
    "issue_quoted_errors_429_403_500",
    "mock_action_error_no_target",
    "mock_action_error_no_target_language",
    "mock_action_error_with_targets",
    "mock_action_job_failure_language",
    "payload_too_large_413_2022-05-01",
]
"""Each has a test of its own, below or in test_recordings_of_families."""

NOT_REPLAYED: Mapping[str, str] = {
    "conversation_sync_unknown_deployment_404_2025-05-15-preview": "a synchronous call of conversations",
}


def replayed(name: str) -> tuple[Row, ...]:
    """The rows of a recorded job, with what went in known."""
    submitted = ExpectedResults.of(submission_of(name), at=0.0, lost_submissions=0)
    player = Player(*(page.reply for page in pages(name)))
    rows = player.play(result_pages.results(handle_in(name), STEADY, submitted))
    assert all(page.is_of(request) for page, request in zip(pages(name), player.requests, strict=True)), (
        player.requests
    )
    return rows


def test_every_recording_is_replayed_or_left_out_for_a_reason() -> None:
    named = [*JOBS, *REFUSED_BY_US, *OTHERS, *NOT_REPLAYED]
    assert sorted(named) == sorted(path.stem for path in RECORDINGS.glob("*.json"))


@pytest.mark.parametrize("name", NOT_REPLAYED)
def test_what_is_left_out_is_of_no_family_of_ours(name: str) -> None:
    path = exchanges_of(name)[0].path
    assert path not in {ANALYZE_TEXT.submit_path, LEGACY_ANALYZE.submit_path, LEGACY_HEALTH.submit_path}


@pytest.mark.parametrize("name", [*JOBS, "cancel_2022-05-01", "cancel_unsupported_v3_1"])
def test_a_submission_is_the_recorded_request_and_its_answer_a_handle(name: str) -> None:
    first = exchanges_of(name)[0]
    player = Player(first.reply)
    assert player.play(flows.submit(submission_of(name), STEADY)) == handle_in(name)
    (request,) = player.requests
    assert first.is_of(request)
    assert json.loads(request.content or b"") == first.sent


@pytest.mark.parametrize("name", JOBS)
def test_a_recorded_job_is_waited_for_to_its_end(name: str) -> None:
    player = Player(*(look.reply for look in waits(name)))
    job = player.play(flows.wait(handle_in(name), STEADY))
    assert job.state is State.SUCCEEDED
    assert job.job_id == handle_in(name).job_id
    assert job.finished == job.total == len(job.items)
    assert all(look.is_of(request) for look, request in zip(waits(name), player.requests, strict=True))


@pytest.mark.parametrize("name", JOBS)
def test_each_recorded_document_comes_out_once_per_task(name: str) -> None:
    submission = submission_of(name)
    health = submission.surface is LEGACY_HEALTH
    tasks = ["Healthcare"] if health else [task.name for task in submission.tasks]
    rows = replayed(name)
    assert Counter((row.task, row.document_id) for row in rows) == Counter(
        (task, document.id) for task in tasks for document in submission.documents
    )
    assert {row.kind for row in rows} == {task.kind for task in submission.tasks}


@pytest.mark.parametrize("name", JOBS)
def test_each_row_says_what_was_recorded_of_its_document(name: str) -> None:
    documents, errors = recorded_results(name)
    rows = replayed(name)
    assert {(row.task, row.document_id) for row in rows if row.status is RowStatus.OK} == set(documents)
    assert set(documents.values()) == {1}
    failed = {(row.task, row.document_id): row for row in rows if row.status is RowStatus.ERROR}
    assert set(failed) == set(errors)
    for key, row in failed.items():
        inner = errors[key].get("innererror", errors[key])
        assert (row.error_code, row.error_message) == (inner["code"], inner["message"])
    assert len(documents) + len(errors) == len(rows)


@pytest.mark.parametrize("name", JOBS)
def test_offsets_of_a_recorded_text_are_code_points(name: str) -> None:
    texts = {one.id: one.text for one in submission_of(name).documents if isinstance(one, Document)}
    for row in replayed(name):
        for entity in (row.result or {}).get("entities", ()):
            if "offset" in entity:
                begin, end = entity["offset"], entity["offset"] + entity["length"]
                assert texts[row.document_id][begin:end] == entity["text"]


def test_detected_languages_are_read_in_both_of_their_forms() -> None:
    rows = replayed("autodetect_language_2022-10-01-preview")
    assert {(row.document_id, row.language) for row in rows if row.status is RowStatus.OK} == {
        ("1", "en"),
        ("2", "es"),
    }
    assert {row.language for row in rows if row.status is RowStatus.ERROR} <= {"auto"}


def test_succeeded_says_nothing_about_documents() -> None:
    rows = replayed("partial_success_documents_in_error_2022-05-01")
    codes = Counter(row.error_code for row in rows)
    assert codes["UnsupportedLanguageCode"] >= 1
    assert codes[None] >= 1


def test_a_custom_task_s_model_is_its_project_and_deployment() -> None:
    rows = replayed("custom_entities_2022-05-01")
    assert {row.model_version for row in rows} == {
        "custom_entities_project_name/custom_entities_project_name"
    }


@pytest.mark.parametrize("name", ["healthcare_stats_v3_1", "pagination_nextlink_2022-05-01"])
def test_the_rows_tell_as_many_text_records_as_the_statistics_of_the_tasks(name: str) -> None:
    bodies: list[dict[str, Any]] = [dict(page.reply.payload or {}) for page in pages(name)]
    results = [
        item["results"]
        for body in bodies
        for item in ([body] if "results" in body else body["tasks"]["items"])
        if "statistics" in item.get("results", {})
    ]
    told = sum(one["statistics"]["transactionsCount"] for one in results)

    assert told > 0
    assert sum(row.text_records or 0 for row in replayed(name)) == told


def test_the_second_page_is_asked_for_by_its_two_numbers() -> None:
    name = "pagination_nextlink_2022-05-01"
    player = Player(*(page.reply for page in pages(name)))
    player.play(result_pages.results(handle_in(name), STEADY))
    assert [flattened(request.query).get("skip") for request in player.requests] == [None, "20"]


@pytest.mark.parametrize(("name", "told"), REFUSED_BY_US.items())
def test_what_the_service_refused_is_refused_before_it_is_sent(name: str, told: tuple[int, str]) -> None:
    with pytest.raises(InvalidInputError):
        submission_of(name)
    with pytest.raises(RequestRefusedError) as error:
        settled(flows.submit(any_submission(), STEADY), exchanges_of(name)[0].reply)
    assert (error.value.status, error.value.code) == told


def any_submission() -> Submission:
    return Submission((Document("1", "A text."),), (WireTask("KeyPhraseExtraction", "0"),))


@pytest.mark.parametrize(
    ("name", "class_", "status", "code"),
    [
        ("bad_credentials_401_2022-05-01", AuthenticationError, 401, "401"),
        ("bad_model_version_all_tasks_2022-05-01", RequestRefusedError, 400, "InvalidParameterValue"),
    ],
)
def test_a_recorded_refusal_is_an_error_of_its_kind(
    name: str, class_: type[LanguageError], status: int, code: str
) -> None:
    (first,) = exchanges_of(name)
    player = Player(first.reply)
    with pytest.raises(class_) as error:
        player.play(flows.submit(submission_of(name), STEADY))
    assert type(error.value) is class_
    assert (error.value.status, error.value.code) == (status, code)
    assert error.value.request_id == first.reply.headers["apim-request-id"]
    assert json.loads(player.requests[0].content or b"") == first.sent


def test_a_payload_that_is_too_large_is_refused() -> None:
    """The recording keeps one of its 500 documents, so the refusal before sending is made of copies."""
    name = "payload_too_large_413_2022-05-01"
    (document,) = submission_of(name).documents
    assert isinstance(document, Document)
    copies = tuple(Document(str(number), document.text * 4) for number in range(25))
    with pytest.raises(InvalidInputError, match="at most 125000 characters"):
        Submission(copies, submission_of(name).tasks, "2022-05-01")
    with pytest.raises(RequestRefusedError, match="Limit request size to: 125000") as error:
        settled(flows.submit(submission_of(name), STEADY), exchanges_of(name)[0].reply)
    assert (error.value.status, error.value.code) == (413, "InvalidDocumentBatch")


def test_a_recorded_job_is_cancelled() -> None:
    name = "cancel_2022-05-01"
    _, cancelling = exchanges_of(name)
    player = Player(cancelling.reply)
    assert player.play(flows.cancel(handle_in(name), STEADY)) is flows.Cancellation.REQUESTED
    assert cancelling.is_of(player.requests[0])
    assert player.requests[0].body is cancelling.sent is None


def test_a_recorded_job_that_has_ended_is_not_cancelled_and_that_is_no_error() -> None:
    name = "cancel_in_terminal_state_2022-05-01"
    cancelling = exchanges_of(name)[-1]
    player = Player(cancelling.reply, waits(name)[-1].reply)
    assert player.play(flows.cancel(handle_in(name), STEADY)) is flows.Cancellation.ALREADY_ENDED
    assert cancelling.is_of(player.requests[0])
    assert waits(name)[-1].is_of(player.requests[1])


def test_v3_1_cannot_cancel() -> None:
    with pytest.raises(InvalidInputError):
        settled(flows.cancel(handle_in("cancel_unsupported_v3_1"), STEADY))


def mocked(name: str) -> Response:
    """The answer of a mock, about the job of these tests' handles."""
    response = recording(name)["response"]
    return response_of({**response, "body": {**response["body"], "jobId": JOB_ID}})


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("mock_action_error_no_target", LEGACY_HANDLE),
        ("mock_action_error_no_target_language", HANDLE),
        ("mock_action_error_with_targets", LEGACY_HANDLE),
    ],
)
def test_a_partially_completed_job_has_a_row_for_each_document_and_task(name: str, handle: JobHandle) -> None:
    job = settled(flows.wait(handle, STEADY), mocked(name))
    assert job.state is State.PARTIAL
    known = {str(document["id"]) for item in job.items for document in item.documents}
    known |= {id_ for item in job.items for id_, _ in item.errors}
    tasks = tuple((item.kind, item.name) for item in job.items)
    submitted = ExpectedResults(tuple(map(ExpectedDocument, sorted(known))), tasks)
    rows = settled(result_pages.results(handle, STEADY, submitted), mocked(name))
    assert len(rows) == len(submitted.documents) * job.total
    failed = {(item.kind, item.name) for item in job.items if item.state is State.FAILED}
    assert failed
    for row in rows:
        assert (row.status is RowStatus.OK) is ((row.kind, row.task) not in failed and row.error_code is None)
    assert {(row.kind, row.task) for row in rows} == {(item.kind, item.name) for item in job.items}


def test_a_failed_task_takes_the_error_that_is_aimed_at_it() -> None:
    rows = settled(result_pages.results(LEGACY_HANDLE, STEADY), mocked("mock_action_error_with_targets"))
    messages = {row.task: row.error_message for row in rows if row.document_id == "1"}
    assert messages == {
        "0": "Some error0",
        "1": "Some error1",
        "2": "Some error2",
        "3": "Some error3",
        "4": "Some error4",
        "5": "Some error5",
        "6": None,
    }


def test_a_failed_task_without_a_target_takes_the_job_s_only_error() -> None:
    rows = settled(result_pages.results(HANDLE, STEADY), mocked("mock_action_error_no_target_language"))
    failed = [row for row in rows if row.status is RowStatus.ERROR]
    assert [(row.kind, row.error_code) for row in failed] == [("KeyPhraseExtraction", "InternalServerError")]


def test_a_job_all_of_whose_tasks_failed_has_no_results() -> None:
    reply = mocked("mock_action_job_failure_language")
    assert settled(flows.wait(HANDLE, STEADY), reply).state is State.FAILED
    with pytest.raises(JobFailedError, match="1 out of 1 job tasks failed") as error:
        settled(result_pages.results(HANDLE, STEADY), reply)
    assert error.value.code == "InternalServerError"


def quoted(source: str) -> Response:
    (item,) = [
        item for item in recording("issue_quoted_errors_429_403_500")["items"] if source in item["source"]
    ]
    return response_of(item["response"])


def test_all_quoted_errors_are_replayed_below() -> None:
    assert len(recording("issue_quoted_errors_429_403_500")["items"]) == 5


def test_a_throttled_look_is_repeated_after_the_second_that_the_service_asks_for() -> None:
    player = Player(quoted("net#26521"), answer(200, {"jobId": JOB_ID, "status": "running"}))
    player.play(flows.get(HANDLE, STEADY))
    assert player.sleeps == [1.0]


def test_a_throttled_submission_is_repeated() -> None:
    player = Player(quoted("js#18941"), accepted())
    assert player.play(flows.submit(any_submission(), STEADY)) == HANDLE


def test_a_used_up_quota_is_final_at_once() -> None:
    player = Player(quoted("python#25619"))
    with pytest.raises(QuotaExceededError, match="15 days"):
        player.play(flows.wait(HANDLE, STEADY))
    assert len(player.requests) == 1


def test_a_fault_of_the_service_is_ridden_out_while_waiting() -> None:
    player = Player(quoted("net#26693"), answer(200, {"jobId": JOB_ID, "status": "running"}))
    assert player.play(flows.get(HANDLE, STEADY)).status == "running"
    with pytest.raises(ServiceUnavailableError, match="Invalid Task Type"):
        Player(then=quoted("net#26693")).play(flows.get(HANDLE, STEADY))


def test_a_fault_of_the_service_upon_a_submission_may_have_registered_it() -> None:
    with pytest.raises(SubmissionLostError, match="Failed to register new job"):
        settled(flows.submit(any_submission(), STEADY), quoted("java#24908"))


@pytest.mark.parametrize("path", sorted(RECORDINGS.glob("*.json")), ids=lambda path: path.stem)
def test_no_recorded_answer_breaks_the_reading(path: Path) -> None:
    for recorded in recording(path.stem).get("exchanges", ()):
        body = recorded["response"].get("body")
        for surface in (ANALYZE_TEXT, LEGACY_ANALYZE, LEGACY_HEALTH):
            job = job_from(surface, body or {})
            assert (job is None) is ("status" not in (body or {}))
