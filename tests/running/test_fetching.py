"""Rows are read while they are written: those of one job, and then those of the next."""

from __future__ import annotations

from typing import Any, cast

from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.jobs.counts import Counts, Failure
from airflow_provider_language.protocol.jobs.matching import SubmittedJob
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.running.fetching import Fetching, failures_told, is_lost_for_good


def row(id_: str) -> Row:
    return Row(id_, "t", "KeyPhraseExtraction", RowStatus.OK, None, {}, None, None, (), "latest", None, "job")


class Hook:
    """A hook whose jobs have two rows each."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def results(self, location: str, submitted: Any = None) -> tuple[Row, ...]:
        self.asked.append(location)
        return row(f"{location}-1"), row(f"{location}-2")


def test_a_job_is_asked_for_its_rows_only_when_those_of_the_one_before_are_taken() -> None:
    hook = Hook()
    fetching = Fetching(cast("LanguageHook", hook), "fail")
    rows = fetching.rows([SubmittedJob("a", "a", None), SubmittedJob("b", "b", None)])

    assert hook.asked == []
    assert [next(rows).document_id, next(rows).document_id] == ["a-1", "a-2"]
    assert hook.asked == ["a"]
    assert [one.document_id for one in rows] == ["b-1", "b-2"]
    assert (fetching.jobs, fetching.counts.rows, fetching.counts.documents) == (2, 4, 4)


def counts(*failures: Failure, missing: int = 0, gone: int = 0) -> Counts:
    return Counts(9, 9, 9, 0, missing, gone, {}, {}, failures, None, {})


def test_failures_are_told_in_words_and_those_left_out_are_counted() -> None:
    told = failures_told(counts(*(Failure(f"task-{n}", "Code", None, 9 - n, "x") for n in range(6))))

    assert told.startswith("9 Code of task-0, such as document 'x'; 8 Code of task-1,")
    assert told.endswith("; and 2 more kinds")


def test_only_what_no_retry_can_find_is_lost_for_good() -> None:
    assert is_lost_for_good(counts(missing=2, gone=2))
    assert not is_lost_for_good(counts(missing=2, gone=1))
    assert not is_lost_for_good(counts())
