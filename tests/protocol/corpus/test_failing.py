"""How many documents may fail: a count or a share, as an author or a template says it."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.failing import allowed_in, are_too_many


@pytest.mark.parametrize(
    ("said", "allowed"),
    [(5, 5), ("5", 5), (0.05, 0.05), (" 0.05 ", 0.05), (None, 0), ("", 0), (0, 0), (1, 1), (1.0, 1.0)],
)
def test_a_whole_number_is_a_count_and_one_with_a_point_a_share(said: Any, allowed: float) -> None:
    found = allowed_in(said, "max_failed_documents")

    assert (found, type(found)) == (allowed, type(allowed))


@pytest.mark.parametrize("said", [-1, 1.5, "many", True, "-0.1", "5 %"])
def test_what_is_neither_is_refused(said: Any) -> None:
    with pytest.raises(InvalidInputError, match="instead of a number of documents"):
        allowed_in(said, "max_failed_documents")


@pytest.mark.parametrize(
    ("failed", "allowed", "too_many"),
    [
        (0, 0, False),
        (1, 0, True),
        (1, 1, False),
        (2, 1, True),
        (5, 0.05, False),
        (6, 0.05, True),
        (0, 0.0, False),
    ],
)
def test_as_many_as_are_allowed_are_not_too_many(failed: int, allowed: float, too_many: bool) -> None:
    assert are_too_many(failed, 100, allowed) is too_many
