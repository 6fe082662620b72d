"""Which sentences of a document say most of it: LexRank (Erkan and Radev, 2004) without a matrix library."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.words.stopwords import STOPWORDS
from airflow_provider_language.emulator.engines.words.text import Sentence, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LANGUAGES = tuple(sorted(STOPWORDS))

_WORD = re.compile(r"[^\W\d_]{2,}")
# Above this many sentences only those nearest to the whole document take part: the graph is quadratic.
_MAX_GRAPH = 300
_DAMPING = 0.85
_ROUNDS = 50
_SETTLED = 1e-6

_Vector = dict[str, float]


@dataclass(frozen=True)
class Ranked:
    """A sentence and how central it is.

    Attributes:
        sentence: The sentence without the white space around it.
        score: Between 0.0 and 1.0, two decimals; 1.0 for the most central sentence.
    """

    sentence: Sentence
    score: float


def rank(text: str, language: str) -> list[Ranked]:
    """Return the sentences of a document, the most central first.

    Args:
        text: The document.
        language: One of `LANGUAGES`.

    Returns:
        At most 300 sentences; none if the document has no visible character.
    """
    return rank_parts(sentences(text, language), language)


def rank_parts(candidates: Sequence[Sentence], language: str) -> list[Ranked]:
    """Return the most central of given sentences first, without the white space around them.

    Args:
        candidates: Sentences of one document or of one conversation.
        language: One of `LANGUAGES`.

    Returns:
        At most 300 sentences; those without a visible character are left out.
    """
    parts = [part.stripped() for part in candidates]
    parts = [part for part in parts if part.text]
    vectors = _vectors([_words(part.text, language) for part in parts])
    kept = _nearest_to_all(vectors)
    scores = _central([vectors[index] for index in kept])
    highest = max(scores, default=0.0) or 1.0
    ranked = [Ranked(parts[i], round(score / highest, 2)) for i, score in zip(kept, scores, strict=True)]
    return sorted(ranked, key=lambda item: (-item.score, item.sentence.offset))


def _words(sentence: str, language: str) -> Counter[str]:
    ignored = STOPWORDS[language]
    return Counter(word for word in _WORD.findall(sentence.lower()) if word not in ignored)


def _vectors(counts: Sequence[Mapping[str, int]]) -> list[_Vector]:
    """Return unit vectors of word frequency by rarity among the sentences."""
    frequency = Counter(word for words in counts for word in words)
    rarity = {word: 1.0 + math.log(len(counts) / number) for word, number in frequency.items()}
    return [_unit({word: number * rarity[word] for word, number in words.items()}) for words in counts]


def _unit(vector: _Vector) -> _Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else {}


def _nearest_to_all(vectors: Sequence[_Vector]) -> list[int]:
    """Return the places of the sentences that take part, in the order of the text."""
    if len(vectors) <= _MAX_GRAPH:
        return list(range(len(vectors)))
    total: defaultdict[str, float] = defaultdict(float)
    for vector in vectors:
        for word, weight in vector.items():
            total[word] += weight
    nearness = [sum(weight * total[word] for word, weight in vector.items()) for vector in vectors]
    best = sorted(range(len(vectors)), key=lambda index: (-nearness[index], index))
    return sorted(best[:_MAX_GRAPH])


def _central(vectors: Sequence[_Vector]) -> list[float]:
    """Return where a walk along the similarities of sentences stays, by power iteration."""
    size = len(vectors)
    links = _links(vectors)
    scores = [1.0 / size] * size if size else []
    for _ in range(_ROUNDS):
        following = [(1.0 - _DAMPING) / size] * size if size else []
        for score, row in zip(scores, links, strict=True):
            for index, share in row:
                following[index] += _DAMPING * score * share
        change = sum(abs(new - old) for new, old in zip(following, scores, strict=True))
        scores = following
        if change < _SETTLED:
            break
    return scores


def _links(vectors: Sequence[_Vector]) -> list[list[tuple[int, float]]]:
    """Return for each sentence the others that it shares words with, and their shares of the similarity."""
    by_word: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for index, vector in enumerate(vectors):
        for word, weight in vector.items():
            by_word[word].append((index, weight))
    links = []
    for own, vector in enumerate(vectors):
        row: defaultdict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            for index, other in by_word[word]:
                if index != own:
                    row[index] += weight * other
        total = sum(row.values())
        links.append([(index, similarity / total) for index, similarity in row.items()])
    return links
