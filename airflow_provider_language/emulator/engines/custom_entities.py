"""Entities of a project's own categories, by regular expressions and phrases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.spans.hits import LIST, PATTERN, Hit, longest
from airflow_provider_language.emulator.engines.spans.phrases import phrase_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class Category:
    """What entities of one category look like.

    Attributes:
        name: The category.
        patterns: Regular expressions; each finds whole entities.
        phrases: Words or phrases that are entities, in any case.
    """

    name: str
    patterns: tuple[re.Pattern[str], ...] = ()
    phrases: tuple[str, ...] = ()


class EntityFinder:
    """Finds the entities of several categories; of overlapping ones the longest stays.

    Args:
        categories: Of equally long and sure entities that overlap, the first category's stays.
    """

    def __init__(self, categories: Sequence[Category]) -> None:
        self._patterns = [
            (category.name, pattern, PATTERN) for category in categories for pattern in category.patterns
        ]
        self._patterns += [
            (category.name, pattern, LIST)
            for category in categories
            if (pattern := phrase_pattern(category.phrases)) is not None
        ]

    def find(self, text: str) -> list[dict[str, Any]]:
        """Return the entities in the order of the text, offsets in code points."""
        return [
            {
                "text": text[hit.start : hit.end],
                "category": hit.type,
                "offset": hit.start,
                "length": hit.end - hit.start,
                "confidenceScore": hit.confidence,
            }
            for hit in longest(self._hits(text))
        ]

    def _hits(self, text: str) -> Iterator[Hit]:
        for name, pattern, confidence in self._patterns:
            for match in pattern.finditer(text):
                yield Hit(match.start(), match.end(), name, confidence)
