"""A stratified sample: of each stratum its share of the whole, drawn by a seed, in the order of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from random import Random
from typing import Generic, TypeVar

StratumT = TypeVar("StratumT", bound=Hashable)


class Drawing(Generic[StratumT]):
    """Draws from a corpus that is read a second time, of which no more is held than the sizes of its strata.

    Args:
        sizes: how many documents each stratum has.
        size: of the sample; each stratum has a share of it, and one document at least where there is room.
        seed: the same one draws the same documents.
    """

    def __init__(self, sizes: Counter[StratumT], size: int, seed: int) -> None:
        self._left = Counter(sizes)
        self._wanted = _shares(sizes, size)
        self._random = Random(seed)  # noqa: S311 - a sample that can be drawn again is no secret

    def draws(self, stratum: StratumT) -> bool:
        """Whether the next document of a stratum is in the sample."""
        left, wanted = self._left[stratum], self._wanted[stratum]
        is_drawn = self._random.random() * left < wanted
        self._left[stratum] -= 1
        self._wanted[stratum] -= is_drawn
        return is_drawn


def _shares(sizes: Counter[StratumT], size: int) -> Counter[StratumT]:
    """How many documents of each stratum are drawn: by the largest remainders, each first having one."""
    total = sum(sizes.values())
    if size >= total:
        return Counter(sizes)
    strata = [stratum for stratum, _ in sizes.most_common()]
    wanted = Counter(dict.fromkeys(strata[:size], 1))
    rest = size - sum(wanted.values())
    free = {stratum: sizes[stratum] - wanted[stratum] for stratum in strata}
    room = sum(free.values())
    shares = {stratum: rest * free[stratum] / room for stratum in strata}
    for stratum in strata:
        wanted[stratum] += int(shares[stratum])
    missing = size - sum(wanted.values())
    for stratum in sorted(strata, key=lambda one: int(shares[one]) - shares[one])[:missing]:
        wanted[stratum] += 1
    return wanted
