"""Rows become records of tables: each finding once, each value of its column's type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.tables.records import Documents, said_in, tables_from
from airflow_provider_language.protocol.tables.schema import TABLES, Column, tables_of

TYPES: Mapping[str, type | tuple[type, ...]] = {"string": str, "int64": int, "double": float, "boolean": bool}


def row(kind: str, result: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    said = {
        "document_id": "1",
        "task": "t",
        "kind": kind,
        "status": "error" if result is None else "ok",
        "language": "en",
        "result": result,
        "error_code": "InvalidArgument" if result is None else None,
        "error_message": "No." if result is None else None,
        "warnings": (),
        "model_version": "2022-11-01",
        "text_records": 1,
        "job_id": "j",
    }
    return {**said, **more}


def found(said: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The records of a row by table, without their key and without nulls."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for table, records in tables_from([said]).items():
        for values in records if table != "documents" else ():
            assert (values.pop("document_id"), values.pop("task")) == (said["document_id"], said["task"])
            known = {name: value for name, value in values.items() if value is not None}
            tables.setdefault(table, []).append(known)
    return tables


def entity(text: str, category: str, **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "category": category,
        "offset": 3,
        "length": len(text),
        "confidenceScore": 1,
        **more,
    }


def told(text: str, category: str, **more: Any) -> dict[str, Any]:
    known = {"text": text, "category": category, "offset": 3, "length": len(text), "confidence_score": 1.0}
    return {**known, **more}


def test_a_row_without_a_result_is_told_of_and_has_no_findings() -> None:
    assert found(row("SentimentAnalysis")) == {
        "task_results": [
            {
                "kind": "SentimentAnalysis",
                "status": "error",
                "language": "en",
                "error_code": "InvalidArgument",
                "error_message": "No.",
                "warnings": 0,
                "model_version": "2022-11-01",
                "text_records": 1,
                "job_id": "j",
            }
        ]
    }


def test_warnings_are_counted_and_listed() -> None:
    warnings = [{"code": "DocumentTruncated", "message": "Cut.", "targetRef": "#/x"}]
    tables = found(row("KeyPhraseExtraction", {"keyPhrases": ["a b", "c"]}, warnings=warnings))
    assert tables["task_results"][0]["warnings"] == 1
    assert tables["warnings"] == [{"code": "DocumentTruncated", "message": "Cut."}]
    assert tables["key_phrases"] == [{"key_phrase": "a b"}, {"key_phrase": "c"}]


def test_sentiment_is_told_of_the_document_and_of_each_sentence() -> None:
    scores = {"positive": 0.9, "neutral": 0, "negative": 0.1}
    sentence = {
        "sentiment": "positive",
        "confidenceScores": scores,
        "offset": 0,
        "length": 5,
        "text": "Good.",
    }
    tables = found(
        row(
            "SentimentAnalysis",
            {"sentiment": "mixed", "confidenceScores": scores, "sentences": [sentence] * 2},
        )
    )
    flat = {"positive": 0.9, "neutral": 0.0, "negative": 0.1}
    assert tables["sentiment"] == [{"sentiment": "mixed", **flat}]
    said = {"text": "Good.", "offset": 0, "length": 5, "sentiment": "positive", **flat}
    assert tables["sentences"] == [{"sentence": 0, **said}, {"sentence": 1, **said}]
    assert "opinions" not in tables


def opinion(refs: list[str]) -> dict[str, Any]:
    target = {
        "text": "food",
        "offset": 4,
        "length": 4,
        "sentiment": "negative",
        "relations": [{"relationType": "assessment", "ref": ref} for ref in refs],
    }
    assessments = [
        {"text": "good", "offset": 13, "length": 4, "sentiment": "negative", "isNegated": True},
        {"text": "cold", "offset": 22, "length": 4, "sentiment": "negative", "isNegated": False},
    ]
    return {
        "sentences": [{"text": "It"}, {"text": "The food", "targets": [target], "assessments": assessments}]
    }


def test_each_assessment_of_a_target_is_an_opinion() -> None:
    refs = [f"#/result/sentences/1/assessments/{number}" for number in (1, 0)]
    tables = found(row("SentimentAnalysis", opinion(refs)))
    target = {
        "sentence": 1,
        "target": "food",
        "target_sentiment": "negative",
        "target_offset": 4,
        "target_length": 4,
        "assessment_sentiment": "negative",
        "assessment_length": 4,
    }
    assert tables["opinions"] == [
        {**target, "assessment": "cold", "assessment_offset": 22, "is_negated": False},
        {**target, "assessment": "good", "assessment_offset": 13, "is_negated": True},
    ]


@pytest.mark.parametrize(
    "refs",
    [[], ["#/result/sentences/7/assessments/0"], ["#/result/sentences/1/assessments/9"], ["elsewhere"]],
)
def test_a_target_of_which_nothing_is_said_is_an_opinion_without_an_assessment(refs: list[str]) -> None:
    [only] = found(row("SentimentAnalysis", opinion(refs)))["opinions"]
    assert only["target"] == "food"
    assert "assessment" not in only


@pytest.mark.parametrize("kind", ["EntityRecognition", "CustomEntityRecognition"])
def test_entities_are_numbered(kind: str) -> None:
    result = {"entities": [entity("Rome", "Location", type="City"), entity("x", "Other", subcategory="Y")]}
    assert found(row(kind, result))["entities"] == [
        told("Rome", "Location", entity=0, type="City"),
        told("x", "Other", entity=1, subcategory="Y"),
    ]


def test_a_linked_entity_is_told_once_a_match() -> None:
    match = {"text": "Rome", "offset": 0, "length": 4, "confidenceScore": 0.5}
    link = {
        "name": "Rome",
        "id": "Rome",
        "language": "en",
        "url": "https://u",
        "bingId": "b",
        "dataSource": "W",
    }
    result = {"entities": [{**link, "matches": [match, {**match, "offset": 9}]}, {**link, "matches": []}]}
    named_ = {
        "name": "Rome",
        "data_source": "W",
        "id": "Rome",
        "url": "https://u",
        "language": "en",
        "bing_id": "b",
    }
    where = {"text": "Rome", "length": 4, "confidence_score": 0.5}
    assert found(row("EntityLinking", result))["entity_links"] == [
        {"entity": 0, **named_, **where, "offset": 0},
        {"entity": 0, **named_, **where, "offset": 9},
        {"entity": 1, **named_},
    ]


def test_health_has_entities_links_relations_and_the_bundle() -> None:
    drug = entity(
        "ibuprofen",
        "MedicationName",
        name="Ibuprofen",
        links=[{"dataSource": "UMLS", "id": "C0020740"}],
        assertion={"certainty": "negative", "temporality": "Past"},
    )
    relation = {
        "relationType": "DosageOfMedication",
        "confidenceScore": 0.5,
        "entities": [
            {"ref": "#/result/entities/0", "role": "Dosage"},
            {"ref": "#/result/entities/1", "role": "Medication"},
            {"ref": "#/result/entities/9", "role": "Odd"},
        ],
    }
    bundle = {"resourceType": "Bundle", "id": "b"}
    tables = found(
        row(
            "Healthcare",
            {"entities": [entity("5 mg", "Dosage"), drug], "relations": [relation], "fhirBundle": bundle},
        )
    )
    asserted = {"name": "Ibuprofen", "certainty": "negative", "temporality": "Past"}
    assert tables["entities"][1] == told("ibuprofen", "MedicationName", entity=1, **asserted)
    [link] = tables["entity_links"]
    assert link == {
        "entity": 1,
        "name": "Ibuprofen",
        "data_source": "UMLS",
        "id": "C0020740",
        "text": "ibuprofen",
        "offset": 3,
        "length": 9,
    }
    common = {"relation": 0, "relation_type": "DosageOfMedication", "confidence_score": 0.5}
    assert tables["relations"] == [
        {**common, "role": "Dosage", "entity": 0, "text": "5 mg"},
        {**common, "role": "Medication", "entity": 1, "text": "ibuprofen"},
        {**common, "role": "Odd"},
    ]
    assert tables["fhir_bundles"] == [{"fhir_bundle": '{"resourceType":"Bundle","id":"b"}'}]


def test_health_without_a_bundle_has_none() -> None:
    assert "fhir_bundles" not in found(row("Healthcare", {"entities": []}))


def test_personal_data_has_entities_and_the_redacted_text() -> None:
    masked = entity("Anna", "Person", mask="[PERSON-1]", maskOffset=3, maskLength=10)
    tables = found(row("PiiEntityRecognition", {"entities": [masked], "redactedText": "It is [PERSON-1]"}))
    mask = {"mask": "[PERSON-1]", "mask_offset": 3, "mask_length": 10}
    assert tables["pii_entities"] == [told("Anna", "Person", entity=0, **mask)]
    assert tables["redacted_texts"] == [{"redacted_text": "It is [PERSON-1]"}]


def test_a_result_without_a_redacted_text_claims_none() -> None:
    assert "redacted_texts" not in found(row("PiiEntityRecognition", {"entities": []}))


def test_personal_data_of_a_conversation_is_told_by_item() -> None:
    items = [
        {"id": "7", "redactedContent": {"text": "I am ****"}, "entities": [entity("Anna", "Name")]},
        {"id": "8", "redactedContent": {"text": "Hello"}, "entities": []},
    ]
    tables = found(row("ConversationalPIITask", {"conversationItems": items}))
    assert tables["pii_entities"] == [told("Anna", "Name", entity=0, item_id="7")]
    assert tables["redacted_texts"] == [
        {"item_id": "7", "redacted_text": "I am ****"},
        {"item_id": "8", "redacted_text": "Hello"},
    ]


def test_sentiment_of_a_conversation_is_told_by_item() -> None:
    items = [{"id": "7", "sentiment": "positive", "confidenceScores": {"positive": 1.0}}]
    tables = found(row("ConversationalSentimentTask", {"conversationItems": items}))
    assert tables["item_sentiments"] == [{"item_id": "7", "sentiment": "positive", "positive": 1.0}]


@pytest.mark.parametrize("kind", ["CustomSingleLabelClassification", "CustomMultiLabelClassification"])
def test_classes_are_told_with_their_scores(kind: str) -> None:
    tables = found(row(kind, {"class": [{"category": "Travel", "confidenceScore": 0.9}]}))
    assert tables["classes"] == [{"category": "Travel", "confidence_score": 0.9}]


def test_sentences_that_were_extracted_are_a_summary() -> None:
    result = {"sentences": [{"text": "It.", "rankScore": 0.7, "offset": 2, "length": 3}]}
    tables = found(row("ExtractiveSummarization", result))
    assert tables["summaries"] == [{"summary": 0, "text": "It.", "offset": 2, "length": 3, "rank_score": 0.7}]


@pytest.mark.parametrize("kind", ["AbstractiveSummarization", "ConversationalSummarizationTask"])
def test_summaries_have_their_aspects_and_contexts(kind: str) -> None:
    contexts = [{"conversationItemId": "2", "offset": 4, "length": 39}, {"offset": 0, "length": 7}]
    tables = found(
        row(kind, {"summaries": [{"text": "A"}, {"aspect": "issue", "text": "B", "contexts": contexts}]})
    )
    assert tables["summaries"] == [
        {"summary": 0, "text": "A"},
        {"summary": 1, "aspect": "issue", "text": "B"},
    ]
    assert tables["summary_contexts"] == [
        {"summary": 1, "item_id": "2", "offset": 4, "length": 39},
        {"summary": 1, "offset": 0, "length": 7},
    ]


@pytest.mark.parametrize("name", ["target", "targets"])
def test_the_files_of_a_native_document_are_told(name: str) -> None:
    files = [{"kind": "AzureBlob", "location": "https://b/1.txt"}]
    tables = found(row("PiiEntityRecognition", {"source": {"location": "https://a/1.txt"}, name: files}))
    assert tables["targets"] == [
        {"source": "https://a/1.txt", "kind": "AzureBlob", "location": "https://b/1.txt"}
    ]
    assert "pii_entities" not in tables


def test_a_kind_of_a_later_release_keeps_its_row() -> None:
    assert set(found(row("Tomorrow", {"entities": [entity("a", "b")]}))) == {"task_results"}
    assert [table.name for table in tables_of(["Tomorrow"])] == ["documents", "task_results", "warnings"]


@pytest.mark.parametrize("gone", ["document_id", "task", "kind", "status"])
def test_what_is_no_row_is_refused(gone: str) -> None:
    said = {name: value for name, value in row("KeyPhraseExtraction").items() if name != gone}
    with pytest.raises(InvalidInputError, match="no row of results"):
        said_in(said)
    with pytest.raises(InvalidInputError, match="no row of results"):
        tables_from([said])


def test_a_document_is_ok_partial_or_failed_over_its_rows_in_any_order() -> None:
    documents = Documents()
    ok: dict[str, Any] = {"keyPhrases": []}
    for one in (
        row("KeyPhraseExtraction", None, document_id="a", language=None),
        row("KeyPhraseExtraction", ok, document_id="b"),
        row("SentimentAnalysis", ok, document_id="a", language="fr"),
        row("SentimentAnalysis", None, document_id="c", status="missing"),
    ):
        assert documents.add(one, said_in(one)) == []
    assert [record[:5] for record in documents.records()] == [
        ("a", "fr", "partial", 1, 1),
        ("b", "en", "ok", 1, 0),
        ("c", "en", "failed", 0, 1),
    ]


def test_of_rows_that_come_one_after_another_no_more_than_one_document_is_remembered() -> None:
    documents = Documents([Column("stars", "int64")], adjacent=True)
    where: dict[str, Any] = {"source": "a.csv", "row_number": 4, "characters": 9, "columns": {"stars": "5"}}
    first = row("KeyPhraseExtraction", document_id="a", **where)
    assert documents.add(first, said_in(first)) == documents.add(first, said_in(first)) == []
    next_ = row("KeyPhraseExtraction", document_id="b")
    told = documents.add(next_, said_in(next_))
    assert told == [("a", "en", "failed", 0, 2, "a.csv", 4, 9, None, 5)]
    assert documents.records() == [("b", "en", "failed", 0, 1, None, None, None, None, None)]


def test_tables_of_rows_hold_those_of_their_kinds_also_if_empty() -> None:
    tables = tables_from([row("SentimentAnalysis"), row("KeyPhraseExtraction", {"keyPhrases": ["a"]})])
    assert {name: len(records) for name, records in tables.items()} == {
        "documents": 1,
        "task_results": 2,
        "warnings": 0,
        "sentiment": 0,
        "sentences": 0,
        "opinions": 0,
        "key_phrases": 1,
    }
    assert tables["key_phrases"] == [{"document_id": "1", "task": "t", "key_phrase": "a"}]


@pytest.mark.parametrize(
    ("said", "known"),
    [(3, 3), (3.0, 3), (3.5, None), (True, None), ("3", None), (2**63, None), (1e300, None), (None, None)],
)
def test_an_offset_is_a_whole_number_of_64_bits_or_nothing(said: object, known: int | None) -> None:
    [one] = found(row("EntityRecognition", {"entities": [{"offset": said}]}))["entities"]
    assert one.get("offset") == known


@pytest.mark.parametrize(
    ("said", "known"),
    [(1, 1.0), (0.5, 0.5), (float("nan"), None), (10**400, None), (True, None), ("1", None)],
)
def test_a_score_is_a_finite_number_or_nothing(said: object, known: float | None) -> None:
    [one] = found(row("EntityRecognition", {"entities": [{"confidenceScore": said}]}))["entities"]
    assert one.get("confidence_score") == known


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "text",
                    "offset",
                    "entities",
                    "sentences",
                    "targets",
                    "relations",
                    "ref",
                    "confidenceScore",
                    "confidenceScores",
                    "positive",
                    "assertion",
                    "links",
                    "matches",
                    "summaries",
                    "contexts",
                    "class",
                    "keyPhrases",
                    "redactedText",
                    "conversationItems",
                    "redactedContent",
                    "fhirBundle",
                    "isNegated",
                    "source",
                    "target",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
KINDS = sorted(
    {"Tomorrow"}
    | {
        "SentimentAnalysis",
        "EntityRecognition",
        "PiiEntityRecognition",
        "KeyPhraseExtraction",
        "EntityLinking",
        "Healthcare",
        "CustomSingleLabelClassification",
        "ExtractiveSummarization",
        "AbstractiveSummarization",
        "ConversationalPIITask",
        "ConversationalSentimentTask",
    }
)


@given(kind=st.sampled_from(KINDS), result=JSON, warnings=JSON)
def test_whatever_stands_in_a_row_each_value_is_of_its_columns_type(
    kind: str, result: Any, warnings: Any
) -> None:
    for table, records in tables_from([{**row(kind, {}), "result": result, "warnings": warnings}]).items():
        for column, record in ((column, one) for column in TABLES[table].columns for one in records):
            value = record[column.name]
            if value is None:
                assert not column.required
            else:
                assert type(value) is TYPES[column.type]
                assert not isinstance(value, str) or value.encode() is not None
