"""A word for each entry of a block, of the few that there are, told by the places that have it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

from airflow_provider_language.protocol.corpus import row_ranges


def places_of(words: Sequence[str]) -> dict[str, str]:
    """The places that have each word, written short."""
    of: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        of.setdefault(word, []).append(place)
    return {word: row_ranges.told(places) for word, places in of.items()}


class Words:
    """Which word each place has, in two bytes for a place, or in none where all have the same."""

    def __init__(self, places: Mapping[str, str], count: int) -> None:
        if count and not places:
            raise ValueError("no place has a word")
        self.words = list(places)
        self._numbers = array("H", bytes(2 * count)) if len(places) > 1 else None
        if self._numbers is not None:
            for number, told in enumerate(places.values()):
                for place in row_ranges.read(told):
                    self._numbers[place] = number

    def at(self, place: int) -> str:
        """The word at a place."""
        return self.words[0 if self._numbers is None else self._numbers[place]]
