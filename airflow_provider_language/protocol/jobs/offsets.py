"""Offsets of kinds that have no string index type, counted anew in code points.

The service counts the offsets of personal data in conversations in units that it does not name
(docs/service.md, offsets). The texts are not kept here; but what it tells is nearly the text: the redacted
text has a mask in place of each entity, and each entity has its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import punctuation
from typing import Any, TypeAlias

from airflow_provider_language.protocol.jobs.string_units import WIDTHS, Widths, places
from airflow_provider_language.protocol.json_values import JsonObject, object_or_empty, objects_in

OFFSETS_UNKNOWN: JsonObject = {
    "code": "OffsetsUnknown",
    "message": "The offsets of some entities are left out: in which unit the service counted cannot be told.",
}
"""The warning, of ours, of a row whose entities have lost their offsets."""

_ITEMS = "conversationItems"
_FORMS = ("text", "lexical", "itn", "maskedItn")
_UNITS_OF_TEXT = ("offset", "length")
_UNITS = (*_UNITS_OF_TEXT, "maskOffset", "maskLength")

Span: TypeAlias = tuple[int, int]


def in_code_points(result: dict[str, Any]) -> bool:
    """Count the offsets of a conversation's entities in code points, where units differ.

    Args:
        result: of one conversation; its items are replaced by ones with other offsets, or with none where
            what is told of them does not fit together in exactly one unit.

    Returns:
        Whether all offsets are known.
    """
    items = result.get(_ITEMS)
    if not isinstance(items, list):
        return True
    counted = [_counted(item) if isinstance(item, dict) else (item, True) for item in items]
    result[_ITEMS] = [item for item, _ in counted]
    return all(known for _, known in counted)


def _counted(item: JsonObject) -> tuple[JsonObject, bool]:
    entities = objects_in(item.get("entities"))
    content = object_or_empty(item.get("redactedContent"))
    redacted = [text for form in _FORMS if isinstance(text := content.get(form), str)]
    texts = [text for entity in entities if isinstance(text := entity.get("text"), str)]
    if not entities or (redacted and all(map(_is_plain, (*redacted, *texts)))):
        return item, True
    found = {spans for text in redacted for widths in WIDTHS if (spans := _spans(text, entities, widths))}
    if len(found) != 1:
        bare = [{name: one for name, one in entity.items() if name not in _UNITS} for entity in entities]
        return {**item, "entities": bare}, False
    (spans,) = found
    placed = [
        {**entity, **dict(zip(_UNITS if "maskOffset" in entity else _UNITS_OF_TEXT, span, strict=False))}
        for entity, span in zip(entities, spans, strict=True)
    ]
    return {**item, "entities": placed}, True


def _is_plain(text: str) -> bool:
    """Whether a code point is one unit, whatever the unit."""
    if text.isascii():
        return "\r\n" not in text
    return all(width == 1 for widths in WIDTHS for width in widths(text))


def _spans(
    redacted: str, entities: Sequence[JsonObject], widths: Widths
) -> tuple[tuple[int, ...], ...] | None:
    """Offset and length of each entity, and of its mask, in code points; None if the unit does not fit."""
    begins = places(redacted, widths)
    masks = [_mask(redacted, entity, begins) for entity in entities]
    order = sorted(range(len(entities)), key=lambda number: masks[number] or (0, 0))
    spans: dict[int, tuple[int, ...]] = {}
    end, shift = 0, 0
    for number in order:
        mask, text = masks[number], entities[number].get("text")
        if mask is None or mask[0] < end or not isinstance(text, str):
            return None
        spans[number] = (mask[0] + shift, len(text), mask[0], mask[1] - mask[0])
        shift += len(text) - (mask[1] - mask[0])
        end = mask[1]
    return tuple(spans[number] for number in range(len(entities))) if _stand_apart(redacted, spans) else None


def _mask(redacted: str, entity: JsonObject, begins: dict[int, int]) -> Span | None:
    """Where an entity's mask stands in the redacted text, if one stands where the entity is said to be."""
    names = ("maskOffset", "maskLength") if "maskOffset" in entity else _UNITS_OF_TEXT
    offset, length = (entity.get(name) for name in names)
    if not isinstance(offset, int) or not isinstance(length, int) or length < 1:
        return None
    start, end = begins.get(offset), begins.get(offset + length)
    if start is None or end is None:
        return None
    mask = redacted[start:end]
    is_mask = mask in (entity.get("text"), entity.get("mask")) or _is_run(mask)
    return (start, end) if is_mask else None


def _is_run(mask: str) -> bool:
    """Whether it is a masking character again and again: each that the service takes is one of these."""
    return len(set(mask)) == 1 and mask[0] in punctuation


def _stand_apart(redacted: str, spans: dict[int, tuple[int, ...]]) -> bool:
    """Whether each run of a masking character is a mask from its begin to its end, or several of them."""
    covered = sorted((mask, mask + length) for _, _, mask, length in spans.values())
    starts, ends = {start for start, _ in covered}, {end for _, end in covered}
    return all(
        not _is_run(redacted[start:end])
        or (
            (start in ends or redacted[:start][-1:] != redacted[start])
            and (end in starts or redacted[end : end + 1] != redacted[start])
        )
        for start, end in covered
    )
