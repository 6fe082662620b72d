"""A share of something that was counted, with the interval in which the share of all else probably lies."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""Of a confidence of 95 %, on both sides."""


@dataclass(frozen=True)
class Share:
    """A share, and Wilson's interval of 95 %.

    Args:
        value: from 0 to 1.
        low: end of the interval.
        high: end of the interval.
    """

    value: float
    low: float
    high: float


def share(hits: int, of: int, drawn: int | None = None) -> Share | None:
    """The share of what was hit; None of nothing.

    Args:
        hits: how much was hit.
        of: how much there is.
        drawn: how much was drawn independently, which bounds what is known: characters of a span are found
            or missed together, so that it is the spans. By default all.
    """
    if not of:
        return None
    value, number = hits / of, of if drawn is None else drawn
    root = Z * sqrt(value * (1 - value) / number + (Z / (2 * number)) ** 2)
    scale = 1 + Z**2 / number
    middle = value + Z**2 / (2 * number)
    # Of 0 and of 1, the ends are these, whatever rounding makes of them.
    low = 0.0 if hits == 0 else (middle - root) / scale
    high = 1.0 if hits == of else (middle + root) / scale
    return Share(value, max(low, 0.0), min(high, 1.0))
