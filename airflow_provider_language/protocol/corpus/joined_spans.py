"""What the pieces of a document found, at its places in the document, and once where pieces overlap."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TypeAlias

from airflow_provider_language.protocol.corpus.rulers import Ruler, Span, moved, span_of, without_places
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.json_values import JsonObject

Key: TypeAlias = "tuple[int, int]"
"""The number of a piece, and the place of a finding among those of the piece."""


NOWHERE: Span = (-1, -1)


@dataclass(frozen=True)
class Found:
    """A finding of a piece.

    Args:
        key: of it.
        what: tells it from others at the same place, such as its category.
        told: in the service's words, with its offset in the document.
        span: where it stands in the document, in units; :data:`NOWHERE` if it does not say.
    """

    key: Key
    what: object
    told: JsonObject
    span: Span


def found_in(key: Key, told: JsonObject, what: object, piece: Piece, ruler: Ruler | None) -> Found:
    """A finding of a piece, put at its place in the document.

    Args:
        key: of it.
        told: in the service's words.
        what: tells it from others at the same place.
        piece: in which it was found.
        ruler: of the document; None where the unit is unknown, so that it has no place.
    """
    span = span_of(told)
    if ruler is None or span is None:
        return Found(key, what, without_places(told), NOWHERE)
    span = moved(span, ruler.units(piece.begin))
    return Found(key, what, {**told, "offset": span[0]}, span)


def once(
    found: Sequence[Found], pieces: Sequence[Piece], ruler: Ruler | None
) -> tuple[list[Found], dict[Key, Key]]:
    """Leave out what stands twice as pieces overlap, or is a part of what another piece saw whole.

    Of what both pieces found alike, that of the first one stays. Of the rest, what lies within something
    longer that only the other piece found was cut by a seam, and goes; of two at the same place that differ,
    that stays which stands further from the end of its piece. What one piece found within another finding of
    its own, and what overlaps in part, stays.

    Args:
        found: in the order of the pieces.
        pieces: of the document.
        ruler: of the document; None where no places are known, and all stays.

    Returns:
        What stays, in its order; and for what does not, the key of what stands for it.
    """
    if ruler is None:
        return list(found), {}
    of_piece: defaultdict[int, list[Found]] = defaultdict(list)
    for one in found:
        of_piece[one.key[0]].append(one)
    lost: dict[Key, Key] = {}
    for before, piece in pairwise(pieces):
        if piece.repeated:
            seam = ruler.units(piece.begin), ruler.units(before.end)
            lost |= _lost(_at(seam, of_piece[before.number]), _at(seam, of_piece[piece.number]), seam)
    stands_for = {key: _last(lost, key) for key in lost}
    return [one for one in found if one.key not in lost], stands_for


def _last(lost: Mapping[Key, Key], key: Key) -> Key:
    while key in lost:
        key = lost[key]
    return key


def _at(seam: Span, found: Iterable[Found]) -> list[Found]:
    """What stands where two pieces overlap, if only in part."""
    return [one for one in found if one.span[0] < seam[1] and one.span[1] > seam[0]]


def _lost(first: list[Found], second: list[Found], seam: Span) -> dict[Key, Key]:
    """What goes of two pieces' findings, and what stands for it."""
    known = {(one.span, one.what): one for one in first}
    twins = {one.key: known[one.span, one.what].key for one in second if (one.span, one.what) in known}
    standing = set(twins.values())
    of_first = [one for one in first if one.key not in standing]
    of_second = [one for one in second if one.key not in twins]
    lost = {**twins, **_within(of_first, of_second), **_within(of_second, of_first)}
    others = {one.span: one for one in of_second if one.key not in lost}
    for one in of_first:
        other = others.get(one.span)
        if other is not None and one.key not in lost:
            (begin, end), (low, high) = one.span, seam
            loser, winner = (one, other) if high - end < begin - low else (other, one)
            lost[loser.key] = winner.key
    return lost


def _within(some: Sequence[Found], others: Sequence[Found]) -> dict[Key, Key]:
    """Those that lie within a longer one of the others."""
    ordered = sorted(others, key=lambda one: one.span[0])
    begins = [one.span[0] for one in ordered]
    # Of those that begin no later than a place: the one that reaches furthest, and of these the longest.
    furthest = list(accumulate(ordered, _further))
    lost: dict[Key, Key] = {}
    for one in some:
        begin, end = one.span
        place = bisect_right(begins, begin)
        if place:
            low, high = furthest[place - 1].span
            if high >= end and high - low > end - begin:
                lost[one.key] = furthest[place - 1].key
    return lost


def _further(one: Found, other: Found) -> Found:
    return max(one, other, key=_reach)


def _reach(one: Found) -> tuple[int, int]:
    begin, end = one.span
    return end, -begin
