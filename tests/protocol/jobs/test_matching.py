"""Jobs and what was submitted find one another by the job, in whatever shape the two arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.expected import ExpectedDocument, ExpectedResults, Part
from airflow_provider_language.protocol.jobs.matching import matched, told_in

JOBS = {"j1": "https://x/j1", "j2": "https://x/j2"}


def told(job_id: str | None, *ids: str, batch: Part | None = None) -> dict[str, Any]:
    """What a submitter tells of a job."""
    documents = tuple(ExpectedDocument(one) for one in ids)
    return ExpectedResults(documents, (("K", "k"),), 1.0, 0, job_id, batch).to_dict()


ONE, TWO, THREE = told("j1", "a"), told("j2", "b"), told("j3", "c")


def found(submitted: object, jobs: dict[str, str] = JOBS) -> list[tuple[str, str | None, list[str] | None]]:
    """Each job with the ids of the documents that are expected of it."""
    return [
        (
            one.job_id,
            one.location,
            None if (job := one.expected) is None else [each.id for each in job.documents],
        )
        for one in matched(jobs, submitted)
    ]


BOTH = [("j1", "https://x/j1", ["a"]), ("j2", "https://x/j2", ["b"])]


@pytest.mark.parametrize(
    "submitted",
    [
        [ONE, TWO],
        [TWO, ONE],
        (TWO, ONE),
        [[TWO], [ONE]],
        [[[TWO, ONE]]],
        str([TWO, ONE]),
        [str(TWO), str([ONE])],
        iter([TWO, ONE]),
        [["a"], ["b"]],
        [{"documents": ["a"]}, {"documents": ["b"]}],
        [ExpectedResults((ExpectedDocument("a"),)), ["b"]],
        [{**ONE, "job_id": None}, TWO],
        str([["a"], ["b"]]),
    ],
)
def test_each_job_finds_what_was_submitted(submitted: object) -> None:
    assert found(submitted) == BOTH


@pytest.mark.parametrize(
    "submitted",
    [ONE, [ONE], str(ONE), [str(ONE)], ["a"], [["a"]], [{"id": "a"}], [ExpectedDocument("a")], str(["a"])],
)
def test_one_job_may_be_told_of_alone_or_in_a_list(submitted: object) -> None:
    assert found(submitted, {"j1": "x"}) == [("j1", "x", ["a"])]


def test_a_job_that_was_told_of_and_not_given_is_found_too() -> None:
    assert found([THREE, TWO, ONE]) == [*BOTH, ("j3", None, ["c"])]


def test_nothing_told_is_no_expectation() -> None:
    assert found(None) == [("j1", "https://x/j1", None), ("j2", "https://x/j2", None)]


@pytest.mark.parametrize(
    "submitted",
    [[ONE, None], [None, [ONE]], [[None], ONE], str([None, ONE]), ["None", ONE], [str([None, ONE])]],
)
def test_the_branch_that_was_skipped_is_left_out(submitted: object) -> None:
    assert found(submitted, {"j1": "x"}) == [("j1", "x", ["a"])]


def test_ids_in_brackets_are_ids() -> None:
    assert found([["[1]", "{2}", "(3", "['x']"], ["b"]])[0][2] == ["[1]", "{2}", "(3", "['x']"]


@pytest.mark.parametrize(
    ("submitted", "why"),
    [
        ([ONE], "not told what was submitted as job j2"),
        ([ONE, ONE, TWO], "told twice what was submitted as job j1"),
        ([["a"]], "There are 2 jobs, and it is told of 1"),
        ([["a"], ["b"], ["c"]], "There are 2 jobs, and it is told of 3"),
        ([], "not told what was submitted as job j1"),
        ([[], ["b"]], "it is told of 1"),
        ([TWO, ["b"]], "as job j1 is told in another place"),
        (7, "is told as int"),
        ([ONE, 7], "is told as int"),
        ([None, None], "not told what was submitted as job j1"),
        ([ONE, None], "not told what was submitted as job j2"),
        ("", "a text that tells of no job"),
        ("None", "a text that tells of no job"),
        ("[" * 10_000, "a text that tells of no job"),
        ("{1, 2}", "a text that tells of no job"),
        ([ONE, {**TWO, "batch": 7}], "a batch that is none"),
    ],
)
def test_what_does_not_fit_the_jobs_is_refused(submitted: object, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        found(submitted)


def test_what_is_told_and_cannot_be_read_is_refused_when_it_is_read() -> None:
    jobs = matched(JOBS, [{**ONE, "at": "yesterday"}, TWO])
    with pytest.raises(InvalidInputError):
        _ = jobs[0].expected


FIRST, SECOND = Part(0, 2, "dag/task/run"), Part(1, 2, "dag/task/run")


def batches(*parts: Part) -> list[dict[str, Any]]:
    return [told(f"j{number}", f"d{number}", batch=part) for number, part in enumerate(parts, 1)]


@pytest.mark.parametrize(
    "parts",
    [
        (FIRST, SECOND),
        (replace(FIRST, total=None), replace(SECOND, total=None)),
        (FIRST, replace(FIRST, total=7, group="dag/another task/run")),
        (FIRST, replace(FIRST, total=7, source="digest of another file")),
    ],
)
def test_the_batches_of_one_input_fit_together(parts: tuple[Part, ...]) -> None:
    assert len(matched(JOBS, batches(*parts))) == 2


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ((FIRST, replace(SECOND, total=3)), "one job is a batch of 2, another one of 3"),
        ((FIRST, replace(SECOND, number=2)), "there is a batch 2 of 2, counted from 0"),
        ((FIRST, FIRST), "batch 0 is there twice"),
        ((replace(FIRST, total=None), replace(FIRST, total=None)), "batch 0 is there twice"),
    ],
)
def test_a_batch_that_a_longer_input_left_behind_is_noticed(parts: tuple[Part, ...], why: str) -> None:
    with pytest.raises(InvalidInputError, match=f"dag/task/run submitted contradicts itself: {why}"):
        matched(JOBS, batches(*parts))


def test_files_of_one_task_may_have_documents_of_the_same_ids() -> None:
    other = replace(FIRST, source="digest of another file")
    assert len(matched(JOBS, [told("j1", "a", batch=FIRST), told("j2", "a", batch=other)])) == 2


def test_a_document_in_two_batches_of_one_input_is_refused() -> None:
    parts = [told("j1", "a", "b", batch=FIRST), told("j2", "b", batch=SECOND)]
    with pytest.raises(InvalidInputError, match="document 'b' is in two batches"):
        matched(JOBS, parts)


def test_a_batch_tells_how_many_there_are_if_that_is_known() -> None:
    assert str(FIRST) == "batch 0 of 2"
    assert str(replace(FIRST, total=None)) == "batch 0 of an unknown number"


def test_what_was_read_already_is_taken_as_it_is() -> None:
    read = ExpectedResults((ExpectedDocument("a"),), job_id="j1", batch=FIRST)
    assert told_in(read) == [read]
    assert found([read], {"j1": "x"}) == [("j1", "x", ["a"])]
