"""SentimentAnalysis: VADER for English sentences, lists for others, the service's rule for documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import opinions
from airflow_provider_language.emulator.engines import parameter_values as wire
from airflow_provider_language.emulator.engines.extras import load
from airflow_provider_language.emulator.engines.once import once
from airflow_provider_language.emulator.engines.words import polarity
from airflow_provider_language.emulator.engines.words.text import Sentence, encodable, require, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINED = "en"
LANGUAGES = tuple(sorted((_MINED, *polarity.LANGUAGES)))
_WARNING = {
    "code": "EmulatorApproximation",
    "message": "The emulator judges this language by short lists of words, and mines no opinions in it.",
}

# VADER's own threshold between neutral and the others, on its compound score from -1 to 1.
_THRESHOLD = 0.05

# Words of reviews and bug reports that VADER's lexicon does not have, on its scale from -4 to 4.
_MORE_WORDS = {
    "tasty": 2.2, "spacious": 1.6, "spotless": 2.2, "reliable": 1.9, "attentive": 1.7, "intuitive": 1.6,
    "knowledgeable": 1.7, "professional": 1.3, "convenient": 1.6, "punctual": 1.5, "seamless": 1.9,
    "seamlessly": 1.9, "smoothly": 1.6, "affordable": 1.5, "recommended": 1.7, "recommend": 1.7,
    "slow": -1.3, "slowly": -0.9, "overpriced": -2.0, "cramped": -1.5, "buggy": -2.0, "unreliable": -2.0,
    "stale": -1.5, "bland": -1.4, "unhelpful": -1.9, "outdated": -1.3, "filthy": -2.6, "crowded": -0.9,
    "expensive": -0.9, "crashes": -1.7, "crashed": -1.7, "crashing": -1.7, "freezes": -1.4, "laggy": -1.6,
    "inedible": -2.5, "soggy": -1.4, "moldy": -2.3, "smelly": -1.8, "smelled": -0.9, "stained": -1.2,
    "undercooked": -1.7, "overcooked": -1.6, "unusable": -2.2, "leaking": -1.2, "cancelled": -0.9,
    "refund": -1.1, "mediocre": -1.1, "unprofessional": -2.3, "unresponsive": -1.6, "underwhelming": -1.5,
}  # fmt: skip


def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Label a document and each of its sentences.

    The document is ``neutral`` if all its sentences are, ``mixed`` if it has positive and negative ones,
    otherwise what its non-neutral sentences are (sentiment and opinion mining, how-to page). Its scores are
    the mean over the sentences that decided its label.

    Args:
        text: The document.
        language: One of `LANGUAGES`; all but English are approximated.
        parameters: ``opinionMining`` adds ``targets`` and ``assessments`` to each sentence; of an
            approximated language there are none.

    Returns:
        ``sentiment``, ``confidenceScores``, ``sentences`` and ``warnings``, if any.

    Raises:
        UnsupportedLanguage: The language is another one.
        MissingEngine: A library is not installed.
    """
    code = require(language, LANGUAGES)
    mining = wire.flag(parameters, "opinionMining")
    found = sentences(text, language)
    scores = [_hundredths(sentence.text, code) for sentence in found]
    labels = [_label(score) for score in scores]
    sentiment = document_label(labels)
    results = []
    for index, (sentence, label, score) in enumerate(zip(found, labels, scores, strict=True)):
        result = {"sentiment": label, "confidenceScores": _confidence(score), **_span(sentence)}
        if mining:
            result.update(_opinions(sentence, index, code))
        results.append(result)
    deciding = [
        s for s, label in zip(scores, labels, strict=True) if sentiment == "neutral" or label != "neutral"
    ]
    told = {"sentiment": sentiment, "confidenceScores": _confidence(_mean(deciding)), "sentences": results}
    return told if code == _MINED else {**told, "warnings": [dict(_WARNING)]}


def _opinions(sentence: Sentence, index: int, code: str) -> dict[str, Any]:
    if code != _MINED:
        return {"targets": [], "assessments": []}
    return opinions.mine(sentence, index, valences())


def document_label(labels: list[str]) -> str:
    """Return a document's label from those of its sentences."""
    opinionated = set(labels) - {"neutral"}
    if len(opinionated) > 1:
        return "mixed"
    return opinionated.pop() if opinionated else "neutral"


@once
def _analyzer() -> Any:
    analyzer = load("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    analyzer.lexicon.update(_MORE_WORDS)
    return analyzer


def valences() -> Mapping[str, float]:
    """Return the valence of each known word, from -4 to 4."""
    lexicon: Mapping[str, float] = _analyzer().lexicon
    return lexicon


def _polarity(sentence: str, code: str) -> polarity.Polarity:
    if code != _MINED:
        return polarity.polarity(sentence, code)
    found = _analyzer().polarity_scores(encodable(sentence).replace("\u2019", "'"))
    return polarity.Polarity(found["compound"], found["pos"], found["neg"])


def _hundredths(sentence: str, code: str) -> tuple[int, int, int]:
    """Return the shares of positive, neutral and negative; they add up to 100, the label's is the largest."""
    found = _polarity(sentence, code)
    compound = found.compound
    strength = abs(compound)
    if strength < _THRESHOLD:
        positive, negative = round(10 * found.positive), round(10 * found.negative)
        return positive, 100 - positive - negative, negative
    winner = round(100 * (0.55 + 0.44 * strength))
    opposite = found.negative if compound > 0 else found.positive
    loser = round((100 - winner) * opposite)
    neutral = 100 - winner - loser
    return (winner, neutral, loser) if compound > 0 else (loser, neutral, winner)


def _label(score: tuple[int, int, int]) -> str:
    return ("positive", "neutral", "negative")[score.index(max(score))]


def _mean(scores: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    count = max(len(scores), 1)
    positive = round(sum(score[0] for score in scores) / count)
    negative = round(sum(score[2] for score in scores) / count)
    negative = min(negative, 100 - positive)
    return positive, 100 - positive - negative, negative


def _confidence(score: tuple[int, int, int]) -> dict[str, float]:
    positive, neutral, negative = score
    return {"positive": positive / 100, "neutral": neutral / 100, "negative": negative / 100}


def _span(sentence: Sentence) -> dict[str, Any]:
    return {"offset": sentence.offset, "length": len(sentence.text), "text": sentence.text}
