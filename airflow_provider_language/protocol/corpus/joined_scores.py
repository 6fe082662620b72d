"""What the pieces of a document are, as what the document is: its sentiment and its classes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from airflow_provider_language.protocol.corpus.joined_findings import Cut
from airflow_provider_language.protocol.corpus.rulers import (
    Ruler,
    moved,
    span_of,
    whole,
    without_places,
)
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.json_values import (
    JsonObject,
    JsonValue,
    object_or_empty,
    objects_in,
    text_or_none,
)

_SENTIMENTS = ("positive", "neutral", "negative")
_DIGITS = 4
"""Of a mean; the service tells two."""
_WORDS = ("targets", "assessments")
_REFERENCE = re.compile(r"#/result/sentences/([0-9]{1,9})/(targets|assessments)/([0-9]{1,9})")

Way: TypeAlias = "tuple[int, str, int]"
"""A sentence by its number, which of its lists, and the place in that."""


def sentiment(cut: Cut) -> dict[str, JsonValue]:
    """The sentences of all pieces; the label that follows from theirs, and the means of the pieces' scores.

    A document with positive and negative sentences is mixed; else it is what those are that are not neutral
    (page "Sentiment analysis and opinion mining").
    """
    sentences: list[JsonObject] = []
    labels: set[str | None] = set()
    for piece, result in zip(cut.pieces, cut.results, strict=True):
        told = _sentences(cut, piece, objects_in(result.get("sentences")), len(sentences))
        labels.update(text_or_none(one.get("sentiment")) for one in told or (result,))
        sentences += told
    means = _means(cut, [_confidences(result) for result in cut.results])
    scores: dict[str, JsonValue] = {name: means[name] for name in _SENTIMENTS if name in means}
    return {"sentiment": _label(labels), "confidenceScores": scores, "sentences": sentences}


def _label(labels: set[str | None]) -> str:
    if "mixed" in labels or labels >= {"positive", "negative"}:
        return "mixed"
    return next((one for one in ("positive", "negative") if one in labels), "neutral")


def _confidences(result: JsonObject) -> dict[str, float]:
    told = object_or_empty(result.get("confidenceScores"))
    return {name: score for name in _SENTIMENTS if (score := _score(told.get(name))) is not None}


def _sentences(cut: Cut, piece: Piece, told: Sequence[JsonObject], number: int) -> list[JsonObject]:
    """The sentences of a piece, without what the piece before has of them.

    Args:
        cut: the document.
        piece: of it.
        told: its sentences.
        number: how many sentences come before, in all pieces.
    """
    ways: dict[Way, Way] = {}
    sentences: list[JsonObject] = []
    for place, sentence in enumerate(told):
        new = _behind_seam(cut.text, piece, sentence, cut.ruler)
        if new is None:
            continue
        for name in _WORDS:
            if name in new:
                words = _words(piece, objects_in(new[name]), cut.ruler)
                ways |= {
                    (place, name, old): (number + len(sentences), name, at) for at, old in enumerate(words)
                }
                new[name] = list(words.values())
        sentences.append(new)
    return [_referring(one, ways) for one in sentences]


def _behind_seam(
    text: str, piece: Piece, sentence: JsonObject, ruler: Ruler | None
) -> dict[str, JsonValue] | None:
    """A sentence at its place in the document, or what is left of it; None if the piece before has it."""
    span = span_of(sentence)
    if ruler is None or span is None:
        return without_places(sentence)
    begin, end = moved(span, ruler.units(piece.begin))
    seam = ruler.units(piece.seam)
    if begin >= seam:
        return {**sentence, "offset": begin}
    left = ruler.slice(text, (seam, end))
    return {**sentence, "offset": seam, "length": end - seam, "text": left} if left.strip() else None


def _words(piece: Piece, told: Sequence[JsonObject], ruler: Ruler | None) -> dict[int, JsonObject]:
    """Targets or assessments at their places in the document, by their old places in the list."""
    if ruler is None:
        return {place: without_places(one) for place, one in enumerate(told)}
    seam, by = ruler.units(piece.seam), ruler.units(piece.begin)
    words: dict[int, JsonObject] = {}
    for place, one in enumerate(told):
        offset = whole(one.get("offset"))
        if offset is None:
            words[place] = one
        elif offset + by >= seam:
            words[place] = {**one, "offset": offset + by}
    return words


def _referring(sentence: JsonObject, ways: Mapping[Way, Way]) -> JsonObject:
    """A sentence whose targets refer to what the document has; to what the piece before has, they do not."""
    targets = [
        {**one, "relations": list(_relations(objects_in(one["relations"]), ways))}
        if "relations" in one
        else one
        for one in objects_in(sentence.get("targets"))
    ]
    return {**sentence, "targets": targets} if "targets" in sentence else sentence


def _relations(told: Iterable[JsonObject], ways: Mapping[Way, Way]) -> Iterable[JsonObject]:
    for one in told:
        match = _REFERENCE.fullmatch(text_or_none(one.get("ref")) or "")
        way = ways.get((int(match[1]), match[2], int(match[3]))) if match else None
        if way is not None:
            yield {**one, "ref": "#/result/sentences/{}/{}/{}".format(*way)}


def single_label(cut: Cut) -> dict[str, JsonValue]:
    """The class with the largest mean; a piece that does not have it counts as 0."""
    means = _means(cut, [_classes(result) for result in cut.results])
    best = max(means, key=lambda name: means[name], default=None)
    return {"class": [] if best is None else [_class(best, means[best])]}


def multi_label(cut: Cut) -> dict[str, JsonValue]:
    """Each class that a piece has, with the largest of its scores."""
    best: dict[str, float] = {}
    for result in cut.results:
        for name, score in _classes(result).items():
            best[name] = max(score, best.get(name, score))
    return {"class": [_class(name, score) for name, score in best.items()]}


def _class(name: str, score: float) -> JsonObject:
    return {"category": name, "confidenceScore": score}


def _classes(result: JsonObject) -> dict[str, float]:
    told = objects_in(result.get("class"))
    named = ((text_or_none(one.get("category")), _score(one.get("confidenceScore"))) for one in told)
    return {name: score for name, score in named if name is not None and score is not None}


def _means(cut: Cut, scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The means over the pieces, weighted by their lengths, by name, in the order in which they come."""
    sums: defaultdict[str, float] = defaultdict(float)
    weights = [max(piece.own, 1) for piece in cut.pieces]
    for weight, told in zip(weights, scores, strict=True):
        for name, score in told.items():
            sums[name] += weight * score
    return {name: round(one / sum(weights), _DIGITS) for name, one in sums.items()}


def _score(value: JsonValue) -> float | None:
    """A share of one."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= 1 else None  # type: ignore[operator, arg-type]
