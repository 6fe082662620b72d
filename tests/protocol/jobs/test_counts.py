"""Rows are counted job by job, by what became of them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from airflow_provider_language.protocol.jobs.counts import MISSING, Counts, Failure, Tally
from airflow_provider_language.protocol.jobs.expected import (
    ExpectedDocument,
    ExpectedResults,
    expected_results_from,
)
from airflow_provider_language.protocol.jobs.results import EXPIRED, NOT_FETCHED, Row, missing_rows, rows_from
from tests.protocol.answers import item, job_body, read


def counted(*jobs: Iterable[Row]) -> Counts:
    tally = Tally()
    for rows in jobs:
        tally.add_job(rows)
    return tally.counts


def test_rows_are_counted_by_what_became_of_them() -> None:
    body = job_body(items=[item("a", ["1"], errors=["2"]), item("b", [], errors=["1"])])
    counts = counted(iter(rows_from([read(body)], expected_results_from(["1", "2", "3"]))))
    assert counts == Counts(
        documents=3,
        rows=6,
        ok=1,
        error=2,
        missing=3,
        gone=0,
        error_codes={"InvalidArgument": 2},
        warning_codes={},
        failures=[
            Failure("b", MISSING, None, 2, "2"),
            Failure("a", "InvalidArgument", None, 1, "2"),
            Failure("a", MISSING, None, 1, "3"),
            Failure("b", "InvalidArgument", None, 1, "1"),
        ],
        text_records=None,
        models={"KeyPhraseExtraction": ["2022-10-01"]},
    )
    assert counts.failed_share == pytest.approx(5 / 6)


def test_what_is_billed_is_summed_up_over_the_rows_that_tell_of_it() -> None:
    one = item("a", ["1", "2", "3"], errors=["4"])
    for document, number in zip(one["results"]["documents"], (2, 0), strict=False):
        document["statistics"] = {"transactionsCount": number}
    rows = rows_from([read(job_body(items=[one]))])
    assert counted(rows, rows).text_records == 4


def test_the_same_id_in_two_jobs_is_two_documents() -> None:
    rows = rows_from([read(job_body(items=[item("a", ["1"])]))])
    assert counted(rows, rows).documents == 2


def test_the_commonest_error_comes_first_and_one_without_a_code_counts() -> None:
    one = item("a", [], errors=["1", "2", "3"])
    one["results"]["errors"][0]["error"] = {}
    rows = rows_from([read(job_body(items=[one]))])
    assert list(counted(rows).error_codes.items()) == [("InvalidArgument", 2), ("", 1)]


def test_no_rows_have_no_failed_share() -> None:
    assert counted().failed_share == 0.0


def test_failures_are_told_apart_by_task_code_and_language_with_one_document_of_each() -> None:
    expected = ExpectedResults(
        (ExpectedDocument("1", "xx"), ExpectedDocument("2", "xx"), ExpectedDocument("3"))
    )
    body = job_body(items=[item("a", [], errors=["1", "2", "3"])])
    counts = counted(rows_from([read(body)], expected))
    assert counts.failures == [
        Failure("a", "InvalidArgument", "xx", 2, "1"),
        Failure("a", "InvalidArgument", None, 1, "3"),
    ]


def test_warnings_are_counted_by_code_and_odd_ones_too() -> None:
    one = item("a", ["1", "2"])
    first, second = one["results"]["documents"]
    first["warnings"] = [{"code": "DocumentTruncated", "message": "Cut."}, {"code": 5}, {}]
    second["warnings"] = [{"code": "DocumentTruncated", "message": "Cut."}, "odd"]
    counts = counted(rows_from([read(job_body(items=[one]))]))
    assert counts.warning_codes == {"DocumentTruncated": 2, "5": 1, "": 1}


def test_rows_that_no_retry_will_find_are_counted_apart() -> None:
    expected = ExpectedResults((ExpectedDocument("1"),), (("KeyPhraseExtraction", "a"),))
    counts = counted(
        missing_rows("j", expected, EXPIRED),
        missing_rows("k", expected, NOT_FETCHED),
        rows_from([read(job_body(items=[item("a")]))], ExpectedResults((ExpectedDocument("0"),))),
    )
    assert (counts.missing, counts.gone, counts.ok) == (2, 2, 1)


def test_a_job_of_whose_tasks_nobody_told_misses_a_row_for_each_document() -> None:
    assert counted(missing_rows("j", ExpectedResults((ExpectedDocument("1"),)), EXPIRED)).missing == 1
