"""Labels of texts by keywords and by the words of examples: the engine of custom classification."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.spans.phrases import phrase_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W_]+")
# How much more likely a label becomes by one of its keywords.
_KEYWORD_ODDS = math.log(20.0)


@dataclass(frozen=True)
class Label:
    """What a text may be said to be.

    Attributes:
        name: The category.
        keywords: Words or phrases that speak for it, in any case.
        examples: Texts that it is true of; a text may be an example of several labels.
    """

    name: str
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Score:
    """How sure a label is.

    Attributes:
        name: The category.
        confidence: Between 0.0 and 1.0, two decimals.
    """

    name: str
    confidence: float


class Classifier:
    """Naive Bayes over examples, helped by keywords.

    The evidence for a label is the logarithm of its odds: for each different word of the text that some
    example has, how much likelier it is (add-one smoothing) in the label's examples than in the others, and a
    fixed amount for each keyword. Labels are equally likely before a text is read, since examples are rarely
    a fair sample.

    Args:
        labels: In the order in which equally sure ones are told.
    """

    def __init__(self, labels: Sequence[Label]) -> None:
        self._labels = tuple(labels)
        self._keywords = [phrase_pattern(label.keywords) for label in labels]
        self._weights = [_word_weights(label, labels) for label in labels]

    def best(self, text: str) -> Score | None:
        """Return the surest label, however unsure; None if there are no labels."""
        return next(iter(self.ranked(text)), None)

    def ranked(self, text: str, otherwise: str | None = None) -> list[Score]:
        """Return all labels, the surest first; their confidences add up to about 1.

        Args:
            text: Any text.
            otherwise: A further label, for texts that nothing speaks of.
        """
        names = [label.name for label in self._labels]
        evidence = self._evidence(text)
        if otherwise is not None and otherwise not in names:
            names, evidence = [*names, otherwise], [*evidence, 0.0]
        highest = max(evidence, default=0.0)
        shares = [math.exp(value - highest) for value in evidence]
        total = sum(shares)
        scores = [Score(name, round(share / total, 2)) for name, share in zip(names, shares, strict=True)]
        places = sorted(range(len(scores)), key=lambda place: (-evidence[place], names[place] != otherwise))
        return [scores[place] for place in places]

    def all_that_fit(self, text: str) -> list[Score]:
        """Return the labels that more speaks for than against, the surest first."""
        found = [
            Score(label.name, round(1.0 / (1.0 + math.exp(-min(evidence, 50.0))), 2))
            for label, evidence in zip(self._labels, self._evidence(text), strict=True)
            if evidence > 0.0
        ]
        return sorted(found, key=lambda score: -score.confidence)

    def _evidence(self, text: str) -> list[float]:
        words = sorted(_words(text))
        return [
            sum(weights.get(word, 0.0) for word in words) + _KEYWORD_ODDS * _distinct(keywords, text)
            for weights, keywords in zip(self._weights, self._keywords, strict=True)
        ]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _distinct(pattern: re.Pattern[str] | None, text: str) -> int:
    return 0 if pattern is None else len({match.casefold() for match in pattern.findall(text)})


def _word_weights(label: Label, labels: Iterable[Label]) -> dict[str, float]:
    """Return for each word of the examples how much it speaks for a label."""
    own = _counts(label.examples)
    everything = {example for other in labels for example in other.examples}
    rest = _counts(everything - set(label.examples))
    if not own or not rest:
        return {}
    size = len(own.keys() | rest.keys())
    own_total, rest_total = sum(own.values()) + size, sum(rest.values()) + size
    return {
        word: math.log((own[word] + 1) / own_total) - math.log((rest[word] + 1) / rest_total)
        for word in own.keys() | rest.keys()
    }


def _counts(examples: Iterable[str]) -> Counter[str]:
    return Counter(word for example in examples for word in _words(example))
