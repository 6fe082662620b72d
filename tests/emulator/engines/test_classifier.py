from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.engines.classifier import Classifier, Label
from airflow_provider_language.emulator.engines.custom_entities import Category, EntityFinder
from airflow_provider_language.emulator.engines.spans.phrases import phrase_pattern

LABELS = (
    Label("Billing", ("invoice",), ("the payment was too high", "please pay me back the money")),
    Label("Shipping", ("parcel", "on its way"), ("it has not arrived", "the courier lost the box")),
    Label("Other", ("hello",)),
)


def test_words_of_the_examples_decide() -> None:
    ranked = Classifier(LABELS).ranked("I want my money back, the payment was wrong")
    assert ranked[0].name == "Billing"
    assert ranked[0].confidence > 0.5
    assert abs(sum(score.confidence for score in ranked) - 1.0) < 0.02


def test_keywords_decide_where_no_example_speaks() -> None:
    classifier = Classifier(LABELS)
    best = classifier.best("HELLO there")
    assert best is not None
    assert best.name == "Other"
    assert [score.name for score in classifier.all_that_fit("an invoice for the parcel on its  way")] == [
        "Shipping",
        "Billing",
    ]


def test_a_text_that_nothing_speaks_of_has_no_label_of_many_and_the_first_of_one() -> None:
    classifier = Classifier(LABELS)
    assert classifier.all_that_fit("zzz") == []
    best = classifier.best("zzz")
    assert best is not None
    assert (best.name, best.confidence) == ("Billing", 0.33)
    assert classifier.ranked("zzz", otherwise="None")[0].name == "None"
    assert Classifier(()).best("zzz") is None


def test_a_keyword_is_a_whole_word() -> None:
    assert Classifier(LABELS).all_that_fit("invoices") == []


def test_the_longest_phrase_is_found_and_empty_ones_are_left_out() -> None:
    pattern = phrase_pattern(["New York", "new york city", " "])
    assert pattern is not None
    assert pattern.findall("In NEW\nYork  City or New York") == ["NEW\nYork  City", "New York"]
    assert phrase_pattern(["  "]) is None


def test_of_overlapping_entities_the_longest_stays() -> None:
    finder = EntityFinder(
        [Category("Short", phrases=("water",)), Category("Long", phrases=("water filter",))]
    )
    assert [entity["category"] for entity in finder.find("a water filter and water")] == ["Long", "Short"]


@settings(deadline=None)
@given(st.text())
def test_any_text_has_ranks_between_0_and_1_always_the_same(text: str) -> None:
    ranked = Classifier(LABELS).ranked(text, otherwise="None")
    assert len(ranked) == len(LABELS) + 1
    assert all(0.0 <= score.confidence <= 1.0 for score in ranked)
    assert ranked == Classifier(LABELS).ranked(text, otherwise="None")
