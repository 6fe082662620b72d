"""Rows: each document exactly once per task, and counts that reconcile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from airflow_provider_language.exceptions import IncompleteResultsError, InvalidInputError
from airflow_provider_language.protocol.jobs.expected import (
    ExpectedDocument,
    ExpectedResults,
    expected_documents_from,
)
from airflow_provider_language.protocol.jobs.results import Row, RowStatus, rows_from
from airflow_provider_language.protocol.jobs.status import Job
from tests.protocol.answers import JOB_ID, item, job_body, read


def job(*items: dict[str, Any], **more: Any) -> Job:
    return read(job_body(more.pop("status", "succeeded"), items, **more))


def told(rows: tuple[Row, ...]) -> list[tuple[str, str, str]]:
    return [(row.task, row.document_id, row.status.value) for row in rows]


def submitted(*ids: str, tasks: Sequence[tuple[str, str]] = ()) -> ExpectedResults:
    return ExpectedResults(expected_documents_from(ids), tuple(tasks))


def test_each_document_comes_out_once_per_task_in_the_order_it_went_in() -> None:
    rows = rows_from([job(item("a", ["1", "2"]), item("b", ["2", "1"]))], submitted("2", "1"))
    assert told(rows) == [("a", "2", "ok"), ("a", "1", "ok"), ("b", "2", "ok"), ("b", "1", "ok")]


def test_a_row_says_what_the_service_found() -> None:
    warnings = [{"code": "LongWordsInDocument", "message": "Long."}]
    one = item("a", ["1"])
    one["results"]["documents"][0]["warnings"] = warnings
    (row,) = rows_from([job(one)], ExpectedResults((ExpectedDocument("1", "en"),)))
    assert row == Row(
        document_id="1",
        task="a",
        kind="KeyPhraseExtraction",
        status=RowStatus.OK,
        language="en",
        result={"keyPhrases": ["phrase 1"]},
        error_code=None,
        error_message=None,
        warnings=tuple(warnings),
        model_version="2022-10-01",
        text_records=None,
        job_id=JOB_ID,
    )


def test_a_row_is_json_with_its_fields_in_order() -> None:
    (row,) = rows_from([job(item("a", [], errors=["1"]))], submitted("1"))
    assert list(json.loads(json.dumps(row.to_dict())).items()) == [
        ("document_id", "1"),
        ("task", "a"),
        ("kind", "KeyPhraseExtraction"),
        ("status", "error"),
        ("language", None),
        ("result", None),
        ("error_code", "InvalidArgument"),
        ("error_message", "Bad 1."),
        ("warnings", []),
        ("model_version", "2022-10-01"),
        ("text_records", None),
        ("job_id", JOB_ID),
    ]


@pytest.mark.parametrize(
    ("statistics", "billed"),
    [
        ({"charactersCount": 1001, "transactionsCount": 2}, 2),
        ({"transactionsCount": 0}, 0),
        ({"charactersCount": 1001}, None),
        ({"transactionsCount": "2"}, None),
        ({"transactionsCount": True}, None),
        ({"transactionsCount": -1}, None),
        ([2], None),
    ],
    ids=str,
)
def test_a_row_tells_what_the_service_says_that_it_bills(statistics: Any, billed: int | None) -> None:
    one = item("a", ["1"])
    one["results"]["documents"][0]["statistics"] = statistics
    (row,) = rows_from([job(one)])
    assert row.text_records == billed


def test_results_stay_out_of_repr() -> None:
    assert "phrase" not in repr(rows_from([job(item("a", ["1"]))]))


def test_a_task_without_a_name_is_called_by_its_kind() -> None:
    assert told(rows_from([job(item("", ["1"]))])) == [("KeyPhraseExtraction", "1", "ok")]


def test_errors_and_what_nothing_is_said_about_are_rows_too() -> None:
    rows = rows_from([job(item("a", ["1"], errors=["2"]))], submitted("1", "2", "3"))
    assert told(rows) == [("a", "1", "ok"), ("a", "2", "error"), ("a", "3", "missing")]
    assert (rows[2].error_code, rows[2].error_message, rows[2].result) == (None, None, None)


def test_pages_are_put_together_by_task() -> None:
    pages = [job(item("a", ["1"]), item("b", ["1"])), job(item("a", ["2"]), item("b", ["2"]))]
    assert told(rows_from(pages, submitted("1", "2"))) == [
        ("a", "1", "ok"),
        ("a", "2", "ok"),
        ("b", "1", "ok"),
        ("b", "2", "ok"),
    ]


def test_errors_that_each_page_repeats_are_one() -> None:
    pages = [job(item("a", ["1"], errors=["2"])), job(item("a", ["3"], errors=["2"]))]
    assert told(rows_from(pages, submitted("1", "2", "3"))) == [
        ("a", "1", "ok"),
        ("a", "2", "error"),
        ("a", "3", "ok"),
    ]


def test_without_what_went_in_every_document_that_a_task_speaks_of_is_expected_of_all() -> None:
    rows = rows_from([job(item("a", ["1"]), item("b", [], errors=["2"]))])
    assert told(rows) == [("a", "1", "ok"), ("a", "2", "missing"), ("b", "1", "missing"), ("b", "2", "error")]


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        ([job(item("a", ["1", "1"]))], "'a' has 1 documents more than once, among them '1'"),
        ([job(item("a", ["1"])), job(item("a", ["1"]))], "more than once"),
        ([job(item("a", ["1"], errors=["1"]))], "more than once"),
        ([job(item("a", ["1"])), job(item("a", [], errors=["1"]))], "more than once"),
        ([job(item("a", ["1", "9"]))], "'a' has 1 documents that never went in, among them '9'"),
        ([job(item("a", ["1"], errors=["9"]))], "never went in"),
        ([job(item("", ["9"]))], "'KeyPhraseExtraction' has 1 documents that never went in"),
        ([job(item("a", ["1"]), total=2)], "has 2 tasks, and a page has results of 1"),
        ([job(item("a", ["1"]), total=2), job(item("a", ["1"]), item("b", ["1"]))], "results of 1"),
        ([job(), job(item("a", ["1"]))], "results of 0"),
        (
            [job(item("a", ["1"]), item("b", ["1"])), job(item("b", ["2"]), item("a", ["2"]))],
            "same tasks in the same order",
        ),
    ],
)
def test_results_that_do_not_reconcile_are_refused(pages: list[Job], why: str) -> None:
    with pytest.raises(IncompleteResultsError, match=why) as error:
        rows_from(pages, submitted("1", "2"))
    assert error.value.job_id == JOB_ID
    assert error.value.retryable


def test_a_failed_task_without_a_target_takes_the_job_s_error_for_each_document() -> None:
    errors = [{"code": "InternalServerError", "message": "1 out of 2 job tasks failed."}]
    partial = job(item("a", ["1"]), item("b", status="failed"), status="partiallyCompleted", errors=errors)
    rows = rows_from([partial], submitted("1", "2"))
    assert told(rows) == [("a", "1", "ok"), ("a", "2", "missing"), ("b", "1", "error"), ("b", "2", "error")]
    assert {row.error_code for row in rows[2:]} == {"InternalServerError"}


def test_a_failed_task_with_a_target_takes_the_error_that_is_aimed_at_it() -> None:
    errors = [
        {"code": "General", "message": "Some tasks failed."},
        {"code": "First", "message": "a", "target": "#/tasks/items/0"},
        {"code": "Second", "message": "b", "target": "#/tasks/items/1"},
    ]
    partial = job(
        item("a", status="failed"),
        item("b", status="failed"),
        item("c", ["1"]),
        status="failed",
        errors=errors,
    )
    rows = rows_from([partial], submitted("1"))
    assert [row.error_code for row in rows] == ["First", "Second", None]


def test_a_failed_task_does_not_take_another_task_s_error() -> None:
    errors = [{"code": "Second", "message": "b", "target": "#/tasks/items/1"}]
    (first, _) = rows_from([job(item("a", status="failed"), item("b", ["1"]), errors=errors)], submitted("1"))
    assert (first.error_code, first.error_message) == ("TaskFailed", "The service gave no reason.")


def test_a_failed_task_without_any_reason_is_an_error_still() -> None:
    (row,) = rows_from([job(item("a", status="failed"))], submitted("1"))
    assert (row.status, row.error_code) == (RowStatus.ERROR, "TaskFailed")


@pytest.mark.parametrize(
    ("detected", "language"),
    [
        ("es", "es"),
        ({"name": "Spanish", "iso6391Name": "es", "confidenceScore": 1.0}, "es"),
        ({"name": "Spanish"}, "auto"),
        (None, "auto"),
        (5, "auto"),
    ],
)
def test_the_language_is_the_detected_one_if_there_is_one(detected: object, language: str) -> None:
    one = item("a", ["1"])
    one["results"]["documents"][0]["detectedLanguage"] = detected
    (row,) = rows_from([job(one)], ExpectedResults((ExpectedDocument("1", "auto"),)))
    assert row.language == language


def test_what_was_submitted_is_read_as_documents_are() -> None:
    values: list[Any] = ["a", {"id": 7, "language": "es", "text": "x"}, {"id": "b"}, ExpectedDocument("c")]
    assert expected_documents_from(values) == (
        ExpectedDocument("a"),
        ExpectedDocument("7", "es"),
        ExpectedDocument("b"),
        ExpectedDocument("c"),
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([{"text": "x"}], "told by ids"),
        ([5], "told by ids"),
        ("a rendered template", "single str"),
        ({"id": "1"}, "single dict"),
    ],
)
def test_what_tells_no_documents_is_refused(values: Any, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        expected_documents_from(values)


def test_a_document_that_was_submitted_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="'1' is told of more than once"):
        submitted("1", "2", "1")


A, B = ("KeyPhraseExtraction", "a"), ("KeyPhraseExtraction", "b")


@pytest.mark.parametrize(
    "pages",
    [
        [job(item("a", ["1", "2"]))],
        [job(item("a", ["1"])), job(item("a", ["2"]))],
        [job(item("a", ["1"]), total=5), job(item("a", ["2"]), total=0)],
    ],
)
def test_a_task_that_went_in_and_did_not_come_out_is_missing_for_each_document(pages: list[Job]) -> None:
    rows = rows_from(pages, submitted("1", "2", tasks=[A, B]))
    assert told(rows) == [("a", "1", "ok"), ("a", "2", "ok"), ("b", "1", "missing"), ("b", "2", "missing")]
    assert {(row.kind, row.model_version) for row in rows[2:]} == {("KeyPhraseExtraction", None)}


def test_of_a_job_that_tells_of_nothing_everything_is_missing() -> None:
    rows = rows_from([job(total=0)], submitted("1", "2", tasks=[A, B]))
    assert [row.status for row in rows] == [RowStatus.MISSING] * 4


def test_a_missing_task_takes_the_error_that_is_about_none_of_the_others() -> None:
    errors = [{"code": "Gone", "message": "b is gone.", "target": "#/tasks/items/1"}]
    partial = job(item("a", ["1"]), status="partiallyCompleted", errors=errors)
    rows = rows_from([partial], submitted("1", tasks=[A, B]))
    assert [(row.status.value, row.error_message) for row in rows] == [
        ("ok", None),
        ("missing", "b is gone."),
    ]


def test_tasks_are_known_by_name_and_kind_and_not_by_place() -> None:
    pages = [job(item("b", ["1"]), item("a", ["1"])), job(item("a", ["2"]), item("b", ["2"]))]
    rows = rows_from(pages, submitted("1", "2", tasks=[A, B]))
    assert [(row.task, row.document_id) for row in rows] == [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]
    assert {row.status for row in rows} == {RowStatus.OK}


def test_a_task_without_a_name_is_known_by_its_kind_and_gets_the_name_that_went_in() -> None:
    rows = rows_from([job(item("", ["1"]))], submitted("1", tasks=[A, ("SentimentAnalysis", "mood")]))
    assert told(rows) == [("a", "1", "ok"), ("mood", "1", "missing")]


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([item("a", ["1"]), item("a", ["1"])], "tells of task 'a' 2 times"),
        ([item("a", ["1"], kind="SentimentAnalysis")], "'a' of kind 'SentimentAnalysis': none such"),
        ([item("c", ["1"])], "'c' of kind 'KeyPhraseExtraction': none such"),
        ([item("", ["1"])], "task '' of kind 'KeyPhraseExtraction'"),
        ([item("d", ["1"], kind="Healthcare"), item("", ["1"], kind="Healthcare")], "more than once"),
    ],
)
def test_a_task_that_never_went_in_or_comes_twice_is_refused(items: list[Any], why: str) -> None:
    tasks = [A, B, ("Healthcare", "d")]
    with pytest.raises(IncompleteResultsError, match=why):
        rows_from([job(*items)], submitted("1", tasks=tasks))


def test_a_task_that_comes_twice_is_refused_without_what_went_in_too() -> None:
    with pytest.raises(IncompleteResultsError, match="'a' 2 times"):
        rows_from([job(item("a", ["1"]), item("a", ["1"]))])


@pytest.mark.parametrize("id_", [None, "", 5.5, [], {}, True, "absent"])
@pytest.mark.parametrize("part", ["documents", "errors"])
def test_a_result_without_an_id_is_named_as_that(part: str, id_: object) -> None:
    one = item("a", ["1"], errors=["2"])
    entry = one["results"][part][0]
    entry["id"] = id_
    if id_ == "absent":
        del entry["id"]
    for expected in (None, submitted("1", "2", tasks=[A])):
        with pytest.raises(IncompleteResultsError, match="'a' tells of 1 documents without an id"):
            rows_from([job(one)], expected)


def test_a_number_as_an_id_is_that_number() -> None:
    one = item("a", ["1"])
    one["results"]["documents"][0]["id"] = 1
    assert told(rows_from([job(one)], submitted("1", tasks=[A]))) == [("a", "1", "ok")]


def test_an_empty_summary_is_an_error_with_the_warning_s_reason() -> None:
    one = item("a", ["1", "2"], kind="AbstractiveSummarization")
    first, second = one["results"]["documents"]
    warnings = [{"code": "GenerationFailure", "message": "Nothing was generated."}]
    first.update(summaries=[], warnings=warnings)
    second.update(summaries=[{"text": "A summary."}])
    rows = rows_from([job(one)], submitted("1", "2"))
    assert told(rows) == [("a", "1", "error"), ("a", "2", "ok")]
    assert (rows[0].error_code, rows[0].error_message) == ("GenerationFailure", "Nothing was generated.")
    assert (rows[0].result, list(rows[0].warnings)) == (None, warnings)
