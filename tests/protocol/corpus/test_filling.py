"""Filling jobs: every document in one job, within the limits, and hardly more jobs than must be."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.corpus.filling import fill, lower_bound

DOCUMENTS, CHARACTERS = 25, 125_000


def reviews(chance: random.Random, count: int) -> list[int]:
    return [min(CHARACTERS, int(chance.lognormvariate(5.7, 0.8)) + 1) for _ in range(count)]


def notes(chance: random.Random, count: int) -> list[int]:
    return [min(CHARACTERS, int(chance.uniform(10_000, 200_000))) for _ in range(count)]


@given(st.lists(st.integers(1, 100), max_size=60), st.integers(1, 7))
def test_each_document_is_in_one_job_within_the_limits(sizes: list[int], most: int) -> None:
    jobs = fill(sizes, most, 100)

    assert sorted(place for job in jobs for place in job) == list(range(len(sizes)))
    assert all(len(job) <= most and sum(sizes[place] for place in job) <= 100 for job in jobs)
    assert lower_bound(sizes, most, 100) <= len(jobs)
    assert fill(sizes, most, 100) == jobs


def test_documents_keep_their_order_where_that_costs_no_job() -> None:
    assert fill([100] * 60, DOCUMENTS, CHARACTERS) == [
        tuple(range(25)),
        tuple(range(25, 50)),
        tuple(range(50, 60)),
    ]


@pytest.mark.parametrize(
    ("corpus", "most"),
    [
        (lambda chance: reviews(chance, 10_000), 1.0),
        (lambda chance: [int(chance.lognormvariate(7.6, 0.7)) + 1 for _ in range(10_000)], 1.02),
        (lambda chance: notes(chance, 2_000), 1.02),
        (
            lambda chance: chance.sample(mixed := reviews(chance, 9_200) + notes(chance, 800), len(mixed)),
            1.04,
        ),
    ],
    ids=["reviews", "mails", "notes", "mixture"],
)
def test_hardly_more_jobs_are_made_than_must_be(corpus: object, most: float) -> None:
    sizes = corpus(random.Random(7))  # type: ignore[operator] # noqa: S311 - sizes, no secrets

    jobs = fill(sizes, DOCUMENTS, CHARACTERS)

    assert len(jobs) <= most * lower_bound(sizes, DOCUMENTS, CHARACTERS)


def test_what_cannot_be_together_counts_for_the_bound() -> None:
    assert lower_bound([60, 60, 60], 25, 100) == 3
    assert lower_bound([60, 60, 40, 40, 30], 25, 100) == 3
    assert lower_bound([], 25, 100) == 0
    assert fill([], 25, 100) == []
