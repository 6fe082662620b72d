"""Spans of personal data in a text, and the stretches that those which overlap make together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from airflow_provider_language.exceptions import InvalidInputError


class Span(NamedTuple):
    """Where something stands in a text.

    Args:
        begin: code points before it.
        end: code points before what follows it.
        category: what it is.
        confidence: of the service, from 0 to 1; None if it says none.
    """

    begin: int
    end: int
    category: str
    confidence: float | None = None


BEGIN = itemgetter(0)
"""Where a span begins, to sort by."""


class Stretch(NamedTuple):
    """What one replacement stands for: a span, or several of which each overlaps another one.

    Args:
        begin: of the first.
        end: of the one that ends last.
        spans: of it.
    """

    begin: int
    end: int
    spans: Sequence[Span]

    @property
    def deciding(self) -> Span:
        """The span by whose category the stretch is redacted.

        It is the longest one; of several, the one that begins first, then the one of the greatest
        confidence, and then the one whose category comes first in the alphabet.
        """
        return self.spans[0] if len(self.spans) == 1 else min(self.spans, key=_rank)


def _rank(span: Span) -> tuple[int, int, float, str]:
    return span.begin - span.end, span.begin, -(span.confidence or 0.0), span.category


def check_spans(spans: Iterable[Span], length: int) -> None:
    """Refuse spans that are not in a text of this length, which is then not the one that they were found in.

    Raises:
        InvalidInputError: with the first of them.
    """
    for span in spans:
        if not 0 <= span.begin < span.end <= length:
            raise InvalidInputError(
                f"A span is said to be from {span.begin} to {span.end} in a text of {length} characters."
            )


def stretches(spans: Iterable[Span]) -> list[Stretch]:
    """Put those together that share a character with another one, in the order of the text."""
    found: list[Stretch] = []
    for span in sorted(spans, key=BEGIN):
        if found and span.begin < found[-1].end:
            last = found[-1]
            found[-1] = Stretch(last.begin, max(last.end, span.end), [*last.spans, span])
        else:
            found.append(Stretch(span.begin, span.end, [span]))
    return found
