"""What was found in a document is read without the page that it came on, and an empty summary is none."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.findings import finding_in


def relation(*references: Any) -> dict[str, Any]:
    return {
        "relationType": "DosageOfMedication",
        "entities": [{"ref": one, "role": "x"} for one in references],
    }


def references_in(value: object) -> list[object]:
    if isinstance(value, list):
        return [found for one in value for found in references_in(one)]
    if isinstance(value, dict):
        inner = [found for name, one in value.items() if name != "ref" for found in references_in(one)]
        return [*([value["ref"]] if "ref" in value else []), *inner]
    return []


def health(*references: Any) -> dict[str, Any]:
    entities = [{"text": "100mg"}, {"text": "ibuprofen"}]
    return {"id": "22", "entities": entities, "relations": [relation(*references)], "warnings": []}


def test_a_reference_of_health_holds_within_the_row() -> None:
    document = health("#/results/documents/2/entities/0", "#/documents/7/entities/1")
    result = finding_in("Healthcare", document).result
    assert references_in(result) == ["#/result/entities/0", "#/result/entities/1"]
    assert references_in(document)[0] == "#/results/documents/2/entities/0"


def test_a_reference_of_an_opinion_holds_within_the_row() -> None:
    relations = [{"relationType": "assessment", "ref": "#/documents/3/sentences/0/assessments/0"}]
    sentence: Any = {"targets": [{"text": "food", "relations": relations}], "assessments": [{"text": "good"}]}
    result = finding_in("SentimentAnalysis", {"id": "1", "sentences": [sentence]}).result
    assert references_in(result) == ["#/result/sentences/0/assessments/0"]


@pytest.mark.parametrize(
    "odd",
    [
        "#/results/documents/2/entities/2",
        "#/results/documents/2/entities/-1",
        "#/results/documents/2/entities/0/text/x",
        "#/results/documents/2/nothing/0",
        "#/results/documents/x/entities/0",
        "#/elsewhere",
        "",
        5,
        None,
        {"ref": "#/elsewhere"},
    ],
)
def test_a_reference_to_nothing_stays_as_it_is(odd: Any) -> None:
    result = finding_in("Healthcare", health(odd)).result
    assert result["relations"] == [relation(odd)]


def test_what_is_nested_deeper_than_references_are_is_left_alone() -> None:
    deep: Any = "#/results/documents/2/entities/0"
    for _ in range(20):
        deep = {"ref ": deep, "inner": [deep]}
    document = {"id": "1", "entities": [{}], "relations": deep}
    assert finding_in("Healthcare", document).result == {"entities": [{}], "relations": deep}


def test_a_document_without_relations_has_none() -> None:
    assert finding_in("Healthcare", {"id": "1", "entities": []}).result == {"entities": []}


@pytest.mark.parametrize("kind", ["AbstractiveSummarization", "ConversationalSummarizationTask"])
@pytest.mark.parametrize("empty", [[], None, 5, [{}], [{"text": ""}], [{"text": " "}, {"text": 5}], ["x"]])
def test_a_summary_without_a_text_is_none(kind: str, empty: Any) -> None:
    finding = finding_in(kind, {"id": "1", "summaries": empty, "warnings": 5})
    assert finding.fault == ServiceFault("EmptySummary", "The service gave an empty summary.")


def test_an_extract_without_sentences_is_none() -> None:
    assert finding_in("ExtractiveSummarization", {"id": "1", "sentences": []}).fault is not None
    assert finding_in("ExtractiveSummarization", {"id": "1", "sentences": [{"text": "x"}]}).fault is None


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("AbstractiveSummarization", {"id": "1", "summaries": [{"text": ""}, {"text": "x"}]}),
        ("AbstractiveSummarization", {"id": "1", "source": {}, "target": [{}]}),
        ("SentimentAnalysis", {"id": "1", "sentences": []}),
    ],
)
def test_a_summary_with_a_text_and_what_is_no_summary_is_a_result(
    kind: str, document: dict[str, Any]
) -> None:
    assert finding_in(kind, document).fault is None


def test_what_is_no_warning_is_left_out() -> None:
    assert finding_in("KeyPhraseExtraction", {"id": "1", "warnings": 5}).warnings == ()
