"""Findings are held against labels: what was found, what was not, and how sure that is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.evaluation.evaluating import Evaluation, Evaluator
from airflow_provider_language.protocol.evaluation.figures import ANY, Counts
from airflow_provider_language.protocol.evaluation.minima import minimum_recall_from
from airflow_provider_language.protocol.evaluation.samples import LabelledDocument
from airflow_provider_language.protocol.redaction.spans import Span

TEXT = "Anna Smith, anna@example.org, 555-0100"
ANNA, MAIL = Span(0, 10, "Person"), Span(12, 28, "Email")


def document(
    *labels: Span, id_: str = "a", language: str = "en", note: str | None = None
) -> LabelledDocument:
    return LabelledDocument(id_, language, len(TEXT), TEXT, labels, note)


def evaluated(*cases: tuple[LabelledDocument, list[Span] | None]) -> Evaluation:
    evaluator = Evaluator([one for one, _ in cases])
    for labelled, found in cases:
        known = evaluator.document(labelled.id)
        if found is not None and known is not None:
            evaluator.take(known, found, "2026-01-01")
    return evaluator.evaluation()


def counts(evaluation: Evaluation, category: str, language: str = ANY) -> tuple[int, ...]:
    figure = evaluation.figure(category, language)
    assert figure is not None
    return tuple(vars(figure.counts).values())


def test_spans_and_characters_are_counted_by_category_and_language() -> None:
    evaluation = evaluated(
        (document(ANNA, MAIL), [Span(0, 4, "Person"), Span(12, 28, "Email")]),
        (document(ANNA, id_="b", language="de"), [Span(0, 10, "Person", 0.7), Span(30, 38, "Person")]),
    )
    assert counts(evaluation, "Person") == (2, 3, 1, 20, 22, 14)
    assert counts(evaluation, "Person", "en") == (1, 1, 0, 10, 4, 4)
    assert counts(evaluation, "Person", "de") == (1, 2, 1, 10, 18, 10)
    assert counts(evaluation, "Email") == (1, 1, 1, 16, 16, 16)
    assert counts(evaluation, ANY) == (3, 4, 2, 36, 38, 30)
    assert [(one.category, one.language) for one in evaluation.figures] == [
        *((ANY, language) for language in (ANY, "de", "en")),
        *(("Email", language) for language in (ANY, "en")),
        *(("Person", language) for language in (ANY, "de", "en")),
    ]


def test_what_is_hidden_as_something_else_counts_over_all_categories_alone() -> None:
    evaluation = evaluated((document(ANNA), [Span(0, 10, "Organization")]))
    assert counts(evaluation, "Person") == (1, 0, 0, 10, 0, 0)
    assert counts(evaluation, ANY) == (1, 1, 1, 10, 10, 10)


def test_of_categories_that_the_sample_does_not_label_nobody_knows_the_precision() -> None:
    evaluation = evaluated((document(ANNA), [ANNA, Span(30, 38, "PhoneNumber")]))
    phone = evaluation.figure("PhoneNumber")
    assert phone is not None
    assert phone.counts.found == 1
    assert (phone.counts.spans.precision, phone.counts.characters.recall, phone.counts.spans.f1) == (
        None,
    ) * 3
    assert counts(evaluation, ANY) == (1, 1, 1, 10, 10, 10)


def test_misses_tell_places_and_what_is_hidden_of_them_all_the_same() -> None:
    evaluation = evaluated((document(ANNA, MAIL), [Span(5, 10, "Person"), Span(12, 28, "URL")]))
    told = evaluation.told()
    assert [
        (one["category"], one["offset"], one["length"], one["found_characters"]) for one in told["misses"]
    ] == [
        ("Person", 0, 10, 5),
        ("Email", 12, 16, 16),
    ]
    assert "Anna" not in json.dumps(told)
    assert "example.org" not in json.dumps(told)


def test_a_document_without_a_result_is_in_no_figure_and_is_told() -> None:
    evaluation = evaluated((document(ANNA, note="invented"), [ANNA]), (document(MAIL, id_="b"), None))
    assert (evaluation.documents, evaluation.without_result) == (1, ["b"])
    assert evaluation.figure("Email") is None
    assert evaluation.model_versions == {"2026-01-01": 1}
    assert evaluation.notes == ["invented"]


def test_a_demand_that_is_met_is_no_shortfall() -> None:
    evaluation = evaluated((document(ANNA, MAIL), [Span(0, 9, "Person"), MAIL]))
    assert evaluation.shortfalls({}) == []
    assert evaluation.shortfalls({"Person": 0.9, "Email": 1, ANY: 0.9}) == []


def test_shortfalls_tell_what_is_demanded_and_how_sure_the_figure_is() -> None:
    evaluation = evaluated(
        (document(ANNA), [Span(0, 9, "Person"), Span(30, 38, "PhoneNumber")]), (document(id_="b"), None)
    )
    assert evaluation.shortfalls({"Person": 0.91, "Age": 0.1, "PhoneNumber": 0.1}) == [
        "the sample has no Age",
        "recall of Person is 0.900 (0.168 to 0.998), less than 0.91",
        "the sample has no PhoneNumber",
        "1 documents of the sample have no result",
    ]


def test_no_figure_is_made_of_nothing() -> None:
    with pytest.raises(InvalidInputError, match="is empty"):
        Evaluator([])
    with pytest.raises(InvalidInputError, match="None of the documents"):
        evaluated((document(ANNA), None))


def test_a_document_counts_once() -> None:
    with pytest.raises(InvalidInputError, match="'a' twice"):
        Evaluator([document(), document()])
    evaluator = Evaluator([document(ANNA)])
    evaluator.take(document(ANNA), [], None)
    with pytest.raises(InvalidInputError, match="more than once"):
        evaluator.take(document(ANNA), [], None)
    assert evaluator.document("b") is None
    assert evaluator.evaluation().model_versions == {"unknown": 1}


spans = st.lists(
    st.builds(
        lambda begin, length, category: Span(begin, min(begin + length, len(TEXT)), category),
        st.integers(0, len(TEXT) - 1),
        st.integers(1, 12),
        st.sampled_from(["Person", "Email", "URL"]),
    ),
    max_size=6,
)


@given(spans, spans)
def test_every_share_is_one_within_its_interval(labels: list[Span], found: list[Span]) -> None:
    told = evaluated((document(*labels), found)).told()
    for figure in told["figures"]:
        for measure in (figure["spans"], figure["characters"]):
            for share in (measure["recall"], measure["precision"]):
                if share is not None:
                    assert 0 <= share["low"] <= share["value"] <= share["high"] <= 1
    json.dumps(told)


@given(spans)
def test_who_finds_the_labels_has_all_and_misses_nothing(labels: list[Span]) -> None:
    evaluation = evaluated((document(*labels), labels))
    assert not evaluation.misses
    for figure in evaluation.figures:
        for measure in (figure.counts.spans, figure.counts.characters):
            assert measure.f1 == (1 if labels else None)


def test_who_finds_nothing_of_it_has_no_part_of_it() -> None:
    figure = evaluated((document(ANNA), [Span(30, 38, "Person")])).figure("Person")
    assert figure is not None
    assert figure.counts.spans.f1 == figure.counts.characters.f1 == 0


def test_counts_of_nothing_have_no_shares() -> None:
    assert Counts().spans.told() == {"recall": None, "precision": None, "f1": None}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (0.9, "is a float"),
        ({"Persn": 0.9}, "did you mean Person"),
        ({"Person": True}, "is True"),
        ({"Person": "0.9"}, "is '0.9'"),
        ({"Person": 90}, "is 90"),
        ({1: 0.9}, "has 1"),
    ],
)
def test_what_is_no_demand_is_refused(said: Any, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        minimum_recall_from(said)


def test_a_demand_is_a_share_by_category() -> None:
    assert minimum_recall_from(None) == {}
    assert minimum_recall_from({"Person": 1, ANY: 0.5}) == {"Person": 1.0, ANY: 0.5}
