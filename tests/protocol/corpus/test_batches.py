"""A batch is known again by the ids of its documents, also by a release that tells more of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.batches import Batch, batch_from, digest_of
from airflow_provider_language.protocol.inputs.documents import Document

DOCUMENTS = (Document("a", "one"), Document("b", "two"))
BATCH = Batch.of(3, 75, DOCUMENTS)


def test_a_batch_comes_back_from_json_whatever_a_later_release_tells_beside() -> None:
    assert batch_from({**BATCH.to_dict(), "colour": "red"}) == BATCH


def test_a_batch_may_tell_how_many_there_are() -> None:
    counted = replace(BATCH, total=7)
    assert batch_from(counted.to_dict()) == counted


def test_documents_of_the_same_ids_are_those_of_the_batch() -> None:
    assert BATCH.checked(list(DOCUMENTS)) == DOCUMENTS


@pytest.mark.parametrize(
    "others", [DOCUMENTS[:1], DOCUMENTS[::-1], [Document("ab", ""), Document("", "")], []]
)
def test_others_are_refused(others: list[Document]) -> None:
    with pytest.raises(InvalidInputError, match="batch 3 have changed since they were counted"):
        BATCH.checked(others)


def test_ids_are_not_run_together() -> None:
    assert digest_of(["ab", "c"]) != digest_of(["a", "bc"])
