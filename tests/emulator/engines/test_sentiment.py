"""SentimentAnalysis and its opinion mining."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from airflow_provider_language.emulator.engines import ENGINES, UnsupportedLanguage
from airflow_provider_language.emulator.engines.sentiment import document_label
from airflow_provider_language.emulator.engines.words.text import sentences

from .texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Thirty sentences written for this test before the engine saw them. A lexicon misses what is only implied.
LABELLED = [
    ("The room was clean and the staff were friendly.", "positive"),
    ("Absolutely love this phone, best purchase in years!", "positive"),
    ("Support answered within minutes and fixed the problem.", "positive"),
    ("What a wonderful evening we had.", "positive"),
    ("The update made everything faster and more reliable.", "positive"),
    ("I can recommend this restaurant to everyone.", "positive"),
    ("The breakfast was delicious.", "positive"),
    ("Not bad at all, I would come back.", "positive"),
    ("Thanks a lot for the quick help.", "positive"),
    ("The view from the balcony is beautiful.", "positive"),
    ("The soup was cold and tasteless.", "negative"),
    ("I will never buy from this shop again.", "negative"),
    ("The application crashes every time I open it.", "negative"),
    ("Terrible service, we waited for two hours.", "negative"),
    ("We did not enjoy our stay at this place.", "negative"),
    ("The driver was rude and the car was filthy.", "negative"),
    ("My order arrived broken and nobody answered.", "negative"),
    ("This is the worst film of the year.", "negative"),
    ("The website is slow and confusing.", "negative"),
    ("We were very disappointed by the quality.", "negative"),
    ("The train leaves at seven in the morning.", "neutral"),
    ("Our office is on the third floor.", "neutral"),
    ("The meeting was moved to Tuesday.", "neutral"),
    ("Water boils at one hundred degrees.", "neutral"),
    ("The report has twelve pages.", "neutral"),
    ("She works for a bank in Madrid.", "neutral"),
    ("The box contains two cables and a manual.", "neutral"),
    ("They bought the house in 1998.", "neutral"),
    ("Please send the invoice to the new address.", "neutral"),
    ("The museum opens at ten.", "neutral"),
]

# Written for this test: (target, sentiment) pairs that a reader would mark.
OPINIONS = [
    ("The soup and the bread were inedible.", {("soup", "negative"), ("bread", "negative")}),
    ("The doorman was kind, though.", {("doorman", "positive")}),
    ("The pizza was not good.", {("pizza", "negative")}),
    ("Great location but the rooms were dirty.", {("location", "positive"), ("rooms", "negative")}),
    ("I loved the swimming pool.", {("swimming pool", "positive")}),
    ("The staff at the reception was rude.", {("staff", "negative")}),
    ("I was happy with the breakfast.", {("breakfast", "positive")}),
    ("The battery life is terrible.", {("battery life", "negative")}),
    ("It has a beautiful screen and an awful keyboard.", {("screen", "positive"), ("keyboard", "negative")}),
    ("The waiter wasn't friendly.", {("waiter", "negative")}),
    ("The documentation is outdated.", {("documentation", "negative")}),
    ("We didn't like the music.", {("music", "negative")}),
    ("Their website never worked well.", {("website", "negative")}),
    ("The bed was comfortable and the bathroom was clean.", {("bed", "positive"), ("bathroom", "positive")}),
    ("Nobody told us that the lift was broken.", {("lift", "negative")}),
    ("The train leaves at seven.", set()),
    ("I hated the long queue at the airport.", {("queue", "negative")}),
    ("The price is fair for such a good hotel.", {("price", "positive"), ("hotel", "positive")}),
    ("The camera takes stunning pictures.", {("pictures", "positive")}),
    ("Delivery was slow.", {("Delivery", "negative")}),
]


def analyze(text: str, **parameters: Any) -> dict[str, Any]:
    return ENGINES["SentimentAnalysis"](text, "en", parameters)


def scored(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield result
    yield from result["sentences"]


def test_at_least_25_of_the_30_labelled_sentences_get_their_label() -> None:
    right = [text for text, label in LABELLED if analyze(text)["sentiment"] == label]
    assert len(right) >= 25, [text for text, _ in LABELLED if text not in right]


def test_opinion_mining_finds_most_of_the_labelled_pairs_and_little_else() -> None:
    expected, found = set(), set()
    for text, pairs in OPINIONS:
        expected |= {(text, *pair) for pair in pairs}
        for sentence in analyze(text, opinionMining=True)["sentences"]:
            found |= {(text, target["text"], target["sentiment"]) for target in sentence["targets"]}
    precision, recall = len(expected & found) / len(found), len(expected & found) / len(expected)
    assert precision >= 0.9, found - expected
    assert recall >= 0.9, expected - found


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["neutral", "neutral"], "neutral"),
        (["neutral", "positive"], "positive"),
        (["negative", "neutral"], "negative"),
        (["positive", "negative"], "mixed"),
        (["negative", "neutral", "positive"], "mixed"),
        ([], "neutral"),
    ],
)
def test_a_document_is_what_its_opinionated_sentences_are(labels: list[str], expected: str) -> None:
    assert document_label(labels) == expected


def test_a_document_with_both_is_mixed_and_its_scores_lie_between() -> None:
    result = analyze("The food was awful. The rooms were great. The bus leaves at nine.")
    assert [sentence["sentiment"] for sentence in result["sentences"]] == ["negative", "positive", "neutral"]
    assert result["sentiment"] == "mixed"
    assert max(result["confidenceScores"].values()) < 0.6


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_scores_add_up_to_one_and_the_label_has_the_highest(text: str) -> None:
    for item in scored(analyze(text)):
        scores = item["confidenceScores"]
        assert list(scores) == ["positive", "neutral", "negative"]
        assert sum(Decimal(str(score)) for score in scores.values()) == 1
        assert min(scores.values()) >= 0
        if item["sentiment"] != "mixed":
            assert scores[item["sentiment"]] == max(scores.values())


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_sentences_together_are_the_text(text: str) -> None:
    parts = sentences(text, "en")
    assert "".join(part.text for part in parts) == text
    assert all(text[part.offset : part.offset + len(part.text)] == part.text for part in parts)
    assert all(part.text.strip() for part in parts) or not text.strip()


def test_a_sentence_keeps_the_blank_behind_it() -> None:
    parts = sentences("Dr. Smith came late. The doorman was kind.", "en")
    assert [part.text for part in parts] == ["Dr. Smith came late. ", "The doorman was kind."]


def test_sentences_carry_opinions_only_if_asked() -> None:
    plain = analyze("The food was great.")["sentences"][0]
    assert list(plain) == ["sentiment", "confidenceScores", "offset", "length", "text"]
    mined = analyze("The food was great.", opinionMining=True)["sentences"][0]
    assert list(mined) == [*plain, "targets", "assessments"]


def test_a_target_points_to_its_assessments() -> None:
    result = analyze("We arrived late. The food and the wine weren't good.", opinionMining=True)
    assert result["sentences"][1]["targets"] == [
        {
            "sentiment": "negative",
            "confidenceScores": {"positive": 0.1, "negative": 0.9},
            "offset": offset,
            "length": 4,
            "text": text,
            "relations": [{"relationType": "assessment", "ref": "#/documents/0/sentences/1/assessments/0"}],
        }
        for offset, text in ((21, "food"), (34, "wine"))
    ]
    assert result["sentences"][1]["assessments"] == [
        {
            "sentiment": "negative",
            "confidenceScores": {"positive": 0.1, "negative": 0.9},
            "offset": 47,
            "length": 4,
            "text": "good",
            "isNegated": True,
        }
    ]


def test_a_target_that_is_praised_and_blamed_is_mixed() -> None:
    targets = analyze("The room was beautiful and dirty.", opinionMining=True)["sentences"][0]["targets"]
    assert [(target["text"], target["sentiment"], len(target["relations"])) for target in targets] == [
        ("room", "mixed", 2)
    ]


@pytest.mark.parametrize(
    ("language", "text", "sentiment"),
    [
        ("de", "Das Hotel war sauber und das Personal sehr freundlich.", "positive"),
        ("de", "Das Essen war kalt und viel zu teuer.", "negative"),
        ("de", "Das Zimmer hat zwei Betten und ein Fenster zum Hof.", "neutral"),
        ("de", "Ich bin nicht zufrieden.", "negative"),
        ("de", "Das funktioniert leider nicht.", "negative"),
        ("de", "Das Zimmer war schön, aber das Frühstück war schrecklich.", "negative"),
        ("de", "Wir kommen gerne wieder!", "positive"),
        ("de", "Nicht schlecht.", "positive"),
        ("de", "Die Lieferung kam am Montag an.", "neutral"),
        ("de", "Der Akku ist nach zwei Wochen kaputt gegangen.", "negative"),
        ("de", "Kann ich nur empfehlen.", "positive"),
        ("de", "Kann ich nicht empfehlen.", "negative"),
        ("de", "Die Rechnung liegt bei.", "neutral"),
        ("de", "Der Kundendienst war unhöflich und hat mir nicht geholfen.", "negative"),
        ("de", "Tolle Lage, tolles Team, alles perfekt.", "positive"),
        ("es", "El hotel era precioso y el personal muy amable.", "positive"),
        ("es", "La comida estaba fría y el servicio fue pésimo.", "negative"),
        ("es", "La habitación tiene dos camas.", "neutral"),
        ("es", "No me gusta nada.", "negative"),
        ("es", "No lo recomiendo.", "negative"),
        ("es", "La ubicación es buena, pero el baño estaba sucio.", "negative"),
        ("es", "Volveremos, ¡excelente!", "positive"),
        ("es", "El paquete llegó el lunes por la tarde.", "neutral"),
        ("es", "La aplicación falla cada dos minutos.", "negative"),
        ("es", "Muchas gracias por todo.", "positive"),
        ("es", "El producto llegó roto.", "negative"),
        ("es", "Todo perfecto y muy limpio.", "positive"),
        ("es", "Sin problemas.", "positive"),
        ("es", "La reunión es a las diez.", "neutral"),
        ("fr", "L'hôtel était propre et le personnel très accueillant.", "positive"),
        ("fr", "Le repas était froid et beaucoup trop cher.", "negative"),
        ("fr", "La chambre a deux lits.", "neutral"),
        ("fr", "Je ne recommande pas.", "negative"),
        ("fr", "Ce n'est pas mauvais.", "positive"),
        ("fr", "La chambre était belle, mais le petit déjeuner était horrible.", "negative"),
        ("fr", "Nous sommes ravis de notre séjour.", "positive"),
        ("fr", "Le colis est arrivé lundi.", "neutral"),
        ("fr", "La batterie est en panne depuis hier.", "negative"),
        ("fr", "Merci pour votre aide efficace.", "positive"),
        ("fr", "Le service client est nul.", "negative"),
        ("fr", "Aucun problème.", "positive"),
        ("fr", "La facture est jointe.", "neutral"),
        ("fr", "Je suis très déçu par cet achat.", "negative"),
    ],
)
def test_german_spanish_and_french_are_judged_and_marked_as_approximated(
    language: str, text: str, sentiment: str
) -> None:
    result = ENGINES["SentimentAnalysis"](text, language, {"opinionMining": True})

    assert result["sentiment"] == sentiment
    assert [warning["code"] for warning in result["warnings"]] == ["EmulatorApproximation"]
    assert [(each["targets"], each["assessments"]) for each in result["sentences"]] == [([], [])]
    assert sum(result["confidenceScores"].values()) == pytest.approx(1.0)


def test_english_is_not_marked_as_approximated() -> None:
    assert "warnings" not in ENGINES["SentimentAnalysis"]("It was good.", "en-GB", {})


def test_what_comes_after_a_but_counts_more() -> None:
    text = "Das Zimmer war schrecklich, aber das Frühstück war gut."

    assert ENGINES["SentimentAnalysis"](text, "de-AT", {})["sentiment"] == "positive"


def test_another_language_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        ENGINES["SentimentAnalysis"]("Era bello.", "it", {})
    assert (caught.value.language, caught.value.supported) == ("it", ("de", "en", "es", "fr"))
