"""The figures of an evaluation: recall, precision and F1, of spans and of characters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from airflow_provider_language.protocol.evaluation.shares import Share, share


@dataclass(frozen=True)
class Measure:
    """How well findings meet labels.

    Args:
        recall: the share of what is labelled that was found; None if nothing is.
        precision: the share of what was found that is labelled; None if nothing was found, or if the sample
            labels nothing of this category, so that nobody has looked for it.
    """

    recall: Share | None
    precision: Share | None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where one of them is unknown, or both are 0."""
        if self.recall is None or self.precision is None:
            return None
        both = self.recall.value + self.precision.value
        return 2 * self.recall.value * self.precision.value / both if both else 0.0

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "recall": None if self.recall is None else asdict(self.recall),
            "precision": None if self.precision is None else asdict(self.precision),
            "f1": self.f1,
        }


@dataclass
class Counts:
    """What is counted of a category in a language.

    Args:
        labelled: spans of the sample.
        found: spans that were found.
        exact: spans of both, with the same begin, end and category.
        labelled_characters: in the former.
        found_characters: in those that were found.
        common_characters: in both.
    """

    labelled: int = 0
    found: int = 0
    exact: int = 0
    labelled_characters: int = 0
    found_characters: int = 0
    common_characters: int = 0

    def add(self, other: Counts) -> None:
        """Count what was counted elsewhere, too."""
        for name, number in vars(other).items():
            setattr(self, name, getattr(self, name) + number)

    @property
    def spans(self) -> Measure:
        """Of spans that are met exactly."""
        precision = share(self.exact, self.found) if self.labelled else None
        return Measure(share(self.exact, self.labelled), precision)

    @property
    def characters(self) -> Measure:
        """Of characters; as sure as so many spans are, since those of a span are found or missed together."""
        common = self.common_characters
        precision = share(common, self.found_characters, self.found) if self.labelled else None
        return Measure(share(common, self.labelled_characters, self.labelled), precision)


@dataclass(frozen=True)
class Figure:
    """The figures of a category in a language.

    Args:
        category: of the labels; :data:`ANY` for all of them, where what was found as something else counts.
        language: of the sample; :data:`ANY` for all of them.
        counts: of what.
    """

    category: str
    language: str
    counts: Counts

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "category": self.category,
            "language": self.language,
            **vars(self.counts),
            "spans": self.counts.spans.told(),
            "characters": self.counts.characters.told(),
        }


ANY = "*"
