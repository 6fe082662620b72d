"""Found spans, and which of them stay where they overlap."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Confidence is fixed per kind of rule: the engines have no model that could tell more.
CHECKSUM = 1.0
PATTERN = 0.9
LIST = 0.8
HEURISTIC = 0.6


@dataclass(frozen=True)
class Hit:
    """A span that is an entity.

    Attributes:
        start: Code points before it.
        end: The place after its last code point.
        type: The finest type, see `taxonomy`.
        confidence: One of the module's tiers.
    """

    start: int
    end: int
    type: str
    confidence: float

    def within(self, text: str) -> Hit:
        """Return the hit without white space at its ends."""
        part = text[self.start : self.end]
        left = len(part) - len(part.lstrip())
        return replace(self, start=self.start + left, end=self.start + left + len(part.strip()))


def unique(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits in the order of the text, each span and type once, with its best confidence."""
    best: dict[tuple[int, int, str], Hit] = {}
    for hit in hits:
        key = (hit.start, hit.end, hit.type)
        if hit.end > hit.start and (key not in best or best[key].confidence < hit.confidence):
            best[key] = hit
    return sorted(best.values(), key=lambda hit: (hit.start, hit.end, hit.type))


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits that do not overlap, in the order of the text.

    Of overlapping hits the longest stays; of equally long ones the surest, then the first of the text, then
    the first that was passed.
    """
    ranked = sorted(hits, key=lambda hit: (hit.start - hit.end, -hit.confidence, hit.start))
    starts: list[int] = []
    kept: list[Hit] = []
    for hit in ranked:
        if hit.end <= hit.start:
            continue
        place = bisect_left(starts, hit.start)
        free_before = place == 0 or kept[place - 1].end <= hit.start
        free_after = place == len(kept) or hit.end <= kept[place].start
        if free_before and free_after:
            starts.insert(place, hit.start)
            kept.insert(place, hit)
    return kept
