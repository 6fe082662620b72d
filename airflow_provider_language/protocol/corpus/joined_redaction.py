"""The redacted text of a document that was cut: its own text, with the masks of what its pieces found."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from airflow_provider_language.protocol.corpus.joined_spans import NOWHERE, Found, Key
from airflow_provider_language.protocol.corpus.rulers import Ruler, Span
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.jobs.string_units import elements, old_elements
from airflow_provider_language.protocol.json_values import JsonObject, text_or_none

_NUMBERED = re.compile(r"\[([^\[\]]{1,100})_[0-9]{1,9}\]")
"""An entity mask: a category, and a number that tells apart whom it stands for."""


@dataclass(frozen=True)
class Mask:
    """What stands for a stretch of the document.

    Args:
        piece: the number of the one whose mask it is.
        span: of the stretch, in code points of the document.
        text: of the service.
        keys: the findings that it hides.
    """

    piece: int
    span: Span
    text: str
    keys: tuple[Key, ...]


def masks_of(
    text: str, pieces: Sequence[Piece], results: Sequence[JsonObject], found: Sequence[Found], ruler: Ruler
) -> list[Mask] | None:
    """What stands for what, as the redacted texts of the pieces tell, whatever the policy is.

    Args:
        text: of the document.
        pieces: of it.
        results: of each piece.
        found: all that they found.
        ruler: of the document.

    Returns:
        None where a piece has no redacted text, or one that is not its text with masks in place of what it
        found: then nobody knows what else is to be hidden.
    """
    of_piece: defaultdict[int, list[Found]] = defaultdict(list)
    for one in found:
        if one.span != NOWHERE:
            of_piece[one.key[0]].append(one)
    masks: list[Mask] = []
    for piece, result in zip(pieces, results, strict=True):
        shown = text_or_none(result.get("redactedText"))
        hidden = _hidden(of_piece[piece.number], ruler)
        spans = [span for span, _ in hidden]
        hints = [_longest_mask(ones) for _, ones in hidden]
        told = None if shown is None else _aligned(text, piece, spans, hints, shown)
        if told is None:
            return None
        masks += (
            Mask(piece.number, span, mask, tuple(one.key for one in ones))
            for (span, ones), mask in zip(hidden, told, strict=True)
        )
    return masks


def _hidden(found: Sequence[Found], ruler: Ruler) -> list[tuple[Span, list[Found]]]:
    """The stretches that one mask hides each, and what is found in them."""
    stretches: list[tuple[Span, list[Found]]] = []
    for one in sorted(found, key=lambda one: one.span):
        begin, end = map(ruler.place, one.span)
        if stretches and begin < stretches[-1][0][1]:
            (first, last), ones = stretches[-1]
            stretches[-1] = (first, max(last, end)), [*ones, one]
        else:
            stretches.append(((begin, end), [one]))
    return stretches


def _longest_mask(found: Sequence[Found]) -> str | None:
    longest = max(found, key=lambda one: one.span[1] - one.span[0])
    return text_or_none(longest.told.get("mask"))


def _aligned(
    text: str, piece: Piece, spans: Sequence[Span], hints: Sequence[str | None], shown: str
) -> list[str] | None:
    """The masks of a piece's spans, as they stand between what its redacted text and its text share."""
    stops = [*(begin for begin, _ in spans), piece.end]
    at = stops[0] - piece.begin
    if shown[:at] != text[piece.begin : stops[0]]:
        return None
    masks: list[str] = []
    for span, hint, stop in zip(spans, hints, stops[1:], strict=True):
        behind = text[span[1] : stop]
        rest = len(shown) - at - len(behind)
        fitting = (one for one in _lengths(text, span, hint) if shown.startswith(behind, at + one))
        if len(masks) == len(spans) - 1:
            length = rest if shown.endswith(behind) else -1
        else:
            length = next(fitting, shown.find(behind, at) - at)
        if not 0 <= length <= rest:
            return None
        masks.append(shown[at : at + length])
        at += length + len(behind)
    return masks if at == len(shown) else None


def _lengths(text: str, span: Span, hint: str | None) -> Iterator[int]:
    """How long a mask may be, the likeliest first."""
    if hint is not None:
        yield len(hint)
    hidden = text[span[0] : span[1]]
    yield len(hidden)
    yield from (sum(widths(hidden)) for widths in (old_elements, elements))


def redacted(
    text: str, masks: Sequence[Mask], kept: Sequence[Found], ruler: Ruler
) -> tuple[str, list[JsonObject]]:
    """A document with masks in it, and what was found with the places of these.

    Entity masks are numbered anew, as the numbers of two pieces know nothing of each other: the same text in
    several pieces has one number.

    Args:
        text: of the document.
        masks: of all its pieces.
        kept: what stays of what they found.
        ruler: of the document.
    """
    staying = {one.key for one in kept}
    parts: list[str] = []
    where: dict[Key, tuple[int, str]] = {}
    numbers, done, length, last = _Numbers(), 0, 0, (0, "")
    for one in sorted(masks, key=lambda mask: (mask.span[0], -mask.span[1])):
        if staying.isdisjoint(one.keys):
            continue
        begin, end = one.span
        if end > done:
            gap, mask = text[done:begin], numbers.renumbered(one, text)
            parts += gap, mask
            last = length + len(gap), mask
            length, done = last[0] + len(mask), end
        where.update(dict.fromkeys(one.keys, last))
    whole = "".join((*parts, text[done:]))
    units = ruler.of(whole)
    return whole, [_placed(one, where, units) for one in kept]


def _placed(one: Found, where: Mapping[Key, tuple[int, str]], units: Ruler) -> JsonObject:
    """A finding with its mask as it stands in the joined text."""
    if one.key not in where or "maskOffset" not in one.told:
        return one.told
    begin, mask = where[one.key]
    offset = units.units(begin)
    length = units.units(begin + len(mask)) - offset
    return {**one.told, "mask": mask, "maskOffset": offset, "maskLength": length}


class _Numbers:
    """Gives the entity masks of all pieces numbers that stand for one each, in the order of the text."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()
        self._of_mask: dict[tuple[int, str], str] = {}
        self._of_text: dict[tuple[str, str], tuple[int, str]] = {}

    def renumbered(self, mask: Mask, text: str) -> str:
        """A mask with the number that it has in the document; one without a number as it is."""
        match, hidden = _NUMBERED.fullmatch(mask.text), text[mask.span[0] : mask.span[1]]
        if match is None or mask.text == hidden:
            return mask.text
        name = match[1]
        if (mask.piece, mask.text) not in self._of_mask:
            known = self._of_text.get((name, hidden.casefold()))
            if known is None or known[0] == mask.piece:
                self._last[name] += 1
                known = mask.piece, f"[{name}_{self._last[name]}]"
            self._of_mask[mask.piece, mask.text] = known[1]
        new = self._of_mask[mask.piece, mask.text]
        self._of_text.setdefault((name, hidden.casefold()), (mask.piece, new))
        return new
