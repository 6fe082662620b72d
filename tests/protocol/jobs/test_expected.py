"""What is remembered of a submitted job survives an XCom, and is read from less, too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.expected import (
    ExpectedDocument,
    ExpectedResults,
    Part,
    Source,
    expected_documents_from,
    expected_results_from,
)

words = st.text(min_size=1, max_size=20)
jobs = st.builds(
    ExpectedResults,
    documents=st.lists(
        st.builds(ExpectedDocument, words, st.none() | words), max_size=5, unique_by=lambda one: one.id
    ).map(tuple),
    tasks=st.lists(st.tuples(words, words), max_size=3).map(tuple),
    at=st.none() | st.floats(min_value=0, max_value=4e9),
    lost_submissions=st.integers(min_value=0, max_value=100),
    job_id=st.none() | words,
    batch=st.none()
    | st.builds(
        Part,
        number=st.integers(min_value=0, max_value=9),
        total=st.none() | st.integers(min_value=1, max_value=9),
        group=words,
    ),
    source=st.none() | st.builds(Source, words, words, words),
)
WHOLE: dict[str, Any] = {
    "documents": [{"id": "a", "language": None}],
    "tasks": [{"kind": "KeyPhraseExtraction", "name": "phrases"}],
    "at": 1_800_000_000.0,
    "lost_submissions": 1,
}


@given(jobs)
def test_a_job_survives_an_xcom(job: ExpectedResults) -> None:
    assert expected_results_from(json.loads(json.dumps(job.to_dict()))) == job


@given(jobs)
def test_a_job_is_taken_as_it_is(job: ExpectedResults) -> None:
    assert expected_results_from(job) is job


@pytest.mark.parametrize(
    "value",
    [["a", "b"], ("a", "b"), [{"id": "a"}, {"id": "b", "language": None}], [ExpectedDocument("a"), "b"]],
)
def test_documents_alone_are_a_job_of_which_no_more_is_known(value: Any) -> None:
    assert expected_results_from(value) == ExpectedResults((ExpectedDocument("a"), ExpectedDocument("b")))


def test_a_job_without_time_and_losses_is_read() -> None:
    job = expected_results_from({"documents": ["a"]})

    assert (job.tasks, job.at, job.lost_submissions) == ((), None, 0)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (None, None),
        (7, None),
        ({"text_column": "review"}, None),
        ({"location": ["/a.csv"]}, None),
        ({"location": "/a.csv"}, Source("/a.csv")),
        ({"location": "/a.csv", "id_column": None, "of_a_later_release": 1}, Source("/a.csv")),
    ],
)
def test_a_source_is_read_as_far_as_it_is_known(said: Any, read: Source | None) -> None:
    assert expected_results_from(dict(WHOLE, source=said)).source == read


@pytest.mark.parametrize(
    "damage",
    [
        {"tasks": [{"kind": "KeyPhraseExtraction"}]},
        {"tasks": ["KeyPhraseExtraction"]},
        {"tasks": 7},
        {"at": "yesterday"},
        {"at": {}},
        {"lost_submissions": "some"},
        {"lost_submissions": None},
        {"documents": 7},
        {"documents": "a"},
        {"documents": {"id": "a"}},
        {"documents": [7]},
        {"documents": ["a", "b", "a"]},
        {"batch": 7},
        {"batch": {"number": 0}},
        {"batch": {"number": "first", "group": "g"}},
        {"documents": [{"language": "en"}]},
    ],
    ids=str,
)
def test_what_is_no_job_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        expected_results_from(dict(WHOLE, **damage))


def test_a_job_without_documents_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        expected_results_from({name: value for name, value in WHOLE.items() if name != "documents"})


def test_a_number_as_an_id_is_read_as_the_service_writes_it() -> None:
    assert expected_documents_from([{"id": 7}]) == (ExpectedDocument("7"),)
