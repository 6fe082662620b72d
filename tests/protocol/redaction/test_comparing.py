"""Two runs over the same documents are compared by the places of what they found."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.comparing import Comparison

ANNA = {"category": "Person", "offset": 0, "length": 4, "text": "Anna", "confidenceScore": 0.5}
MAIL = {"category": "Email", "offset": 9, "length": 6, "text": "a@b.de"}


def row(*entities: Any, model: str | None = "1", **told: Any) -> dict[str, Any]:
    result = {"entities": list(entities)}
    return {"document_id": "a", "status": "ok", "result": result, "model_version": model, **told}


def test_what_only_one_run_has_is_told_by_its_place() -> None:
    comparison = Comparison()
    shifted = {**ANNA, "length": 9, "confidenceScore": 0.7}
    changes = list(comparison.changed([row(ANNA, MAIL)], [row(MAIL, shifted, model="2")]))

    told = {"document_id": "a", "category": "Person", "offset": 0}
    models = {"model_version_before": "1", "model_version_after": "2"}
    assert changes == [
        {**told, "change": "lost", "length": 4, "confidence_score": 0.5, **models},
        {**told, "change": "gained", "length": 9, "confidence_score": 0.7, **models},
    ]
    assert (comparison.documents, comparison.without_result, comparison.same) == (1, 0, 1)
    assert comparison.changes == {("Person", "1", "2", "lost"): 1, ("Person", "1", "2", "gained"): 1}


def test_documents_without_a_result_and_findings_without_a_place_are_passed() -> None:
    comparison = Comparison()
    failed = row(status="error")
    assert not list(comparison.changed([row(ANNA), failed], [failed, row(ANNA)]))
    assert not list(comparison.changed([row(model=None)], [row({"category": "Person"})]))
    assert (comparison.documents, comparison.without_result) == (1, 2)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ([], "not of the same documents"),
        ([row(), row()], "not of the same documents"),
        ([row(document_id="b")], "not of the same documents"),
        ([row(characters=7)], "'a' is another text"),
        ([row(result={})], "no list of entities"),
    ],
)
def test_runs_over_other_documents_are_not_compared(after: list[dict[str, Any]], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        list(Comparison().changed([row()], after))
