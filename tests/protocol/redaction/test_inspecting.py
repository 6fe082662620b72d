"""What there is in a corpus is told in counts, and what a policy would leave of it."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.inspecting import UNSURE, Inspection
from tests.protocol.redaction.policies import policy


def row(*entities: Any, language: str | None = "en", **told: Any) -> dict[str, Any]:
    result = {"entities": list(entities)}
    return {"status": "ok", "language": language, "result": result, "text_records": 2, **told}


def entity(category: str, confidence: float | None = None) -> dict[str, Any]:
    return {"category": category, "offset": 0, "length": 1, "text": "A", "confidenceScore": confidence}


def test_findings_and_documents_are_counted_by_category_and_language() -> None:
    inspection = Inspection()
    for one in (
        row(entity("Person", 0.55), entity("Person", 1.0), entity("Email", 0.0)),
        row(entity("Person"), language=None, text_records=None),
        row(language="de"),
        row(status="error"),
    ):
        inspection.take(one)

    assert (inspection.documents, inspection.without_result) == ({"en": 1, UNSURE: 1, "de": 1}, 1)
    assert inspection.text_records == 4
    assert inspection.findings == {("Person", "en"): 2, ("Email", "en"): 1, ("Person", UNSURE): 1}
    assert inspection.documents_with == {("Person", "en"): 1, ("Email", "en"): 1, ("Person", UNSURE): 1}
    assert inspection.confidences == {
        ("Person", 5): 1,
        ("Person", 9): 1,
        ("Email", 0): 1,
        ("Person", UNSURE): 1,
    }


def test_findings_of_all_turns_of_a_conversation_are_those_of_one_document() -> None:
    turns: Any = [
        {"id": "0", "entities": [entity("Person")]},
        {"id": "1", "entities": [entity("Person", 0.9)]},
    ]
    inspection = Inspection()
    inspection.take({"status": "ok", "language": "en", "result": {"conversationItems": turns}})

    assert (inspection.documents["en"], inspection.findings["Person", "en"]) == (1, 2)
    assert inspection.documents_with["Person", "en"] == 1


def test_what_a_policy_leaves_and_does_not_name_is_told() -> None:
    inspection = Inspection()
    inspection.take(row(entity("Person"), entity("Email"), entity("Person")))
    leaving = policy("mask", Person="leave", Age="leave")
    assert list(inspection.left(leaving)) == [("Person", 2)]
    assert inspection.unnamed(leaving) == ["Email"]


def test_what_is_told_is_bounded_and_names_no_language_that_is_none() -> None:
    inspection = Inspection()
    for one in (
        row(entity("Person", 0.5), language="Anna Smith"),
        row(entity("Person"), entity("Email"), language="Otto"),
        row(entity("Person"), language="zh-Hans"),
        row(language=None),
        *(row(entity("A" * n)) for n in range(1, 100)),
    ):
        inspection.take(one)

    told = inspection.told(policy("leave"))

    assert told["languages"] == {"en": 99, "other": 2, "zh-Hans": 1, UNSURE: 1}
    persons = [one for one in told["findings"] if one["category"] == "Person"]
    assert persons == [
        {"category": "Person", "language": "other", "findings": 2, "documents": 2},
        {"category": "Person", "language": "zh-Hans", "findings": 1, "documents": 1},
    ]
    assert [len(told[name]) for name in ("findings", "confidences", "left", "unnamed")] == [100] * 4
    assert told["confidences"]["Email"] == [0] * 10 + [1]
    assert told["policy_sha256"] == policy("leave").digest
    assert "policy_sha256" not in inspection.told()


def test_a_turn_that_tells_nothing_of_findings_is_not_taken_for_one_without_any() -> None:
    with pytest.raises(InvalidInputError, match="no list of entities"):
        Inspection().take({"status": "ok", "result": {"conversationItems": [{"id": "0"}]}})


def test_a_result_that_tells_nothing_of_findings_is_not_taken_for_one_without_any() -> None:
    with pytest.raises(InvalidInputError, match="no list of entities"):
        Inspection().take(row(result={}))
