"""A text without what was found in it: each stretch of it replaced as the policy says, and nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.protocol.redaction.spans import Span, Stretch, check_spans, stretches
from airflow_provider_language.protocol.redaction.ways import Kind, Way


class Change(NamedTuple):
    """What became of a span.

    Args:
        span: in the original text.
        way: by which the stretch that it is in was redacted.
        offset: code points of the redacted text before what stands for the stretch; of a span that was left,
            before it.
        length: of that, in code points.
    """

    span: Span
    way: Kind
    offset: int
    length: int


class Redacted(NamedTuple):
    """A redacted text.

    Args:
        text: of which each stretch is replaced.
        changes: of each span, in the order in which they were given; behind them those that were suggested.
    """

    text: str
    changes: Sequence[Change]


def redact(
    text: str,
    spans: Iterable[Span],
    policy: RedactionPolicy,
    key: RedactionKey | None = None,
    suggested: Sequence[Span] = (),
) -> Redacted:
    """Redact a text.

    Spans that share a character are one stretch, and one replacement stands for it. The longest span decides
    on its way, and it is that span's surface form which has a pseudonym. Of a stretch of several spans,
    ``keep_last`` shows what each of them would show. Spans whose way is ``leave`` are put into no stretch:
    what another span hides stays hidden.

    Args:
        text: in which the spans were found.
        spans: of it, in any order.
        policy: what becomes of each category.
        key: of pseudonyms, if the policy has some.
        suggested: spans that stay as they are, whatever the policy says of their categories.

    Raises:
        InvalidInputError: a span is not in the text, or there is no key for a pseudonym.
    """
    given = tuple(spans)
    check_spans((*given, *suggested), len(text))
    ways = {category: policy.way(category) for category in {span.category for span in given}}
    hidden = stretches([span for span in given if ways[span.category].kind != "leave"])
    parts: list[str] = []
    placed: list[_Placed] = []
    done = length = 0
    for stretch in hidden:
        kind, replacement = _replaced(text, stretch, ways, key)
        gap = text[done : stretch.begin]
        parts += gap, replacement
        offset = length + len(gap)
        placed.append(_Placed(stretch.begin, stretch.end, kind, offset, len(replacement)))
        length, done = offset + len(replacement), stretch.end
    parts.append(text[done:])
    places = _Places(placed)
    changes = [places.change(span, ways[span.category]) for span in given]
    return Redacted("".join(parts), [*changes, *(places.change(span, _LEFT) for span in suggested)])


_LEFT = Way("leave")


def hidden_by(policy: RedactionPolicy, spans: Iterable[Span]) -> list[Stretch]:
    """The stretches of a text that a policy replaces, in their order."""
    return stretches([span for span in spans if policy.way(span.category).kind != "leave"])


def _replaced(
    text: str, stretch: Stretch, ways: Mapping[str, Way], key: RedactionKey | None
) -> tuple[Kind, str]:
    """The way of a stretch, and what stands in its place."""
    deciding = stretch.deciding
    way = ways[deciding.category]
    if way.kind == "pseudonym":
        if key is None:
            raise InvalidInputError("The redaction policy has pseudonyms, and there is no redaction key.")
        return way.kind, key.pseudonym(deciding.category, text[deciding.begin : deciding.end])
    if way.kind == "category":
        return way.kind, f"[{deciding.category}]"
    if way.kind == "remove":
        return way.kind, ""
    if way.kind == "keep_last" and len(stretch.spans) > 1:
        way = _strictest(way, stretch, ways)
    return way.kind, way.masked(text[stretch.begin : stretch.end])


def _strictest(way: Way, stretch: Stretch, ways: Mapping[str, Way]) -> Way:
    """Show no character that one of the spans would hide: each shows the last ones of its own, if any."""
    spans = [(span, ways[span.category]) for span in stretch.spans]
    kept = [
        min(one.kept, (span.end - span.begin) // 2) if one.kind == "keep_last" else 0 for span, one in spans
    ]
    return Way(way.kind, way.character, min(kept)) if min(kept) else Way("mask", way.character)


class _Placed(NamedTuple):
    begin: int
    end: int
    way: Kind
    offset: int
    length: int


class _Places:
    """Where what stands in the original text stands in the redacted one."""

    def __init__(self, placed: Sequence[_Placed]) -> None:
        self._placed = placed
        self._begins = [one.begin for one in placed]

    def change(self, span: Span, way: Way) -> Change:
        if way.kind != "leave":
            one = self._placed[bisect_right(self._begins, span.begin) - 1]
            return Change(span, one.way, one.offset, one.length)
        begin, end = self._moved(span.begin, at_end=False), self._moved(span.end, at_end=True)
        return Change(span, way.kind, begin, end - begin)

    def _moved(self, place: int, *, at_end: bool) -> int:
        """A place in the redacted text; amid a stretch, the begin or the end of what stands for it."""
        number = bisect_right(self._begins, place - at_end) - 1
        if number < 0:
            return place
        one = self._placed[number]
        if place < one.end:
            return one.offset + one.length * at_end
        return place - one.end + one.offset + one.length
