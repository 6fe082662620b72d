"""What the pieces of a document found, as what was found in the document, kind by kind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from airflow_provider_language.protocol.corpus.joined_redaction import masks_of, redacted
from airflow_provider_language.protocol.corpus.joined_spans import Found, Key, found_in, once
from airflow_provider_language.protocol.corpus.rulers import Ruler
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.json_values import (
    JsonObject,
    JsonValue,
    encoded,
    objects_in,
    text_or_none,
)

T = TypeVar("T", bound=JsonValue)

REDACTION_UNKNOWN: JsonObject = {
    "code": "RedactedTextUnknown",
    "message": "The redacted text is left out: those of the pieces are not their texts with masks.",
}
"""The warning, of ours, of a document whose pieces were redacted in a way that cannot be followed."""
_ENTITY = re.compile(r"#/result/entities/([0-9]{1,9})")
_MASKED = frozenset({"maskOffset", "maskLength"})


@dataclass
class Cut:
    """A document that was cut, and what its pieces found.

    Args:
        text: of the document.
        pieces: of it.
        results: of each piece.
        ruler: of the document; None where the unit of its offsets is unknown.
        warnings: of ours, of what could not be joined.
    """

    text: str = field(repr=False)
    pieces: Sequence[Piece]
    results: Sequence[JsonObject] = field(repr=False)
    ruler: Ruler | None
    warnings: list[JsonObject] = field(default_factory=list)

    def objects(self, name: str) -> Iterable[tuple[Piece, int, JsonObject]]:
        """The objects of a list that each result has, with their piece and their place in the list."""
        for piece, result in zip(self.pieces, self.results, strict=True):
            for place, one in enumerate(objects_in(result.get(name))):
                yield piece, place, one

    def found(self, name: str, *identity: str) -> list[Found]:
        """The same as findings, which the values of some fields tell apart at the same place."""
        return [
            found_in((piece.number, place), one, _identity(one, identity), piece, self.ruler)
            for piece, place, one in self.objects(name)
        ]

    def kept(self, found: Sequence[Found]) -> tuple[list[Found], dict[Key, Key]]:
        """What stays where pieces overlap; see :func:`~.joined_spans.once`."""
        return once(found, self.pieces, self.ruler)


def _identity(holder: JsonObject, names: Iterable[str]) -> tuple[str | None, ...]:
    return tuple(text_or_none(holder.get(name)) for name in names)


def each_once(values: Iterable[T]) -> Iterator[T]:
    """Values without those that came before."""
    seen: set[bytes] = set()
    for value in values:
        told = encoded(value)
        if told not in seen:
            seen.add(told)
            yield value


def entities(cut: Cut) -> dict[str, JsonValue]:
    """Each entity at its place in the document, and once."""
    kept, _ = cut.kept(cut.found("entities", "category", "subcategory"))
    return {"entities": [one.told for one in kept]}


def personal_data(cut: Cut) -> dict[str, JsonValue]:
    """As :func:`entities`, and the document redacted as its pieces are."""
    found = cut.found("entities", "category", "subcategory", "type")
    kept, _ = cut.kept(found)
    if any("redactedText" in result for result in cut.results):
        ruler = cut.ruler
        masks = None if ruler is None else masks_of(cut.text, cut.pieces, cut.results, found, ruler)
        if ruler is not None and masks is not None:
            text, told = redacted(cut.text, masks, kept, ruler)
            return {"redactedText": text, "entities": told}
        cut.warnings.append(REDACTION_UNKNOWN)
    bare = [{name: one for name, one in each.told.items() if name not in _MASKED} for each in kept]
    return {"entities": bare}


def linked_entities(cut: Cut) -> dict[str, JsonValue]:
    """Each entity once, with its matches in all pieces."""
    of: dict[tuple[str | None, ...], JsonObject] = {}
    found: list[Found] = []
    for piece, _, entity in cut.objects("entities"):
        who = _identity(entity, ("name", "dataSource", "id", "language"))
        of.setdefault(who, entity)
        for match in objects_in(entity.get("matches")):
            found.append(found_in((piece.number, len(found)), match, who, piece, cut.ruler))
    matches: defaultdict[object, list[JsonObject]] = defaultdict(list)
    for one in cut.kept(found)[0]:
        matches[one.what].append(one.told)
    told = [
        {**entity, "matches": matches[who]}
        for who, entity in of.items()
        if matches[who] or not entity.get("matches")
    ]
    return {"entities": told}


def health(cut: Cut) -> dict[str, JsonValue]:
    """As :func:`entities`, with the relations within each piece; bundles stay those of the pieces."""
    kept, stands_for = cut.kept(cut.found("entities", "category"))
    places = {one.key: place for place, one in enumerate(kept)}
    places |= {key: places[other] for key, other in stands_for.items()}
    related = each_once(_related(piece, one, places) for piece, _, one in cut.objects("relations"))
    told: dict[str, JsonValue] = {"entities": [one.told for one in kept], "relations": list(related)}
    bundles = [
        {"piece": piece.number, "fhirBundle": result["fhirBundle"]}
        for piece, result in zip(cut.pieces, cut.results, strict=True)
        if result.get("fhirBundle")
    ]
    return {**told, "fhirBundles": bundles} if bundles else told


def _related(piece: Piece, relation: JsonObject, places: Mapping[Key, int]) -> JsonObject:
    """A relation that refers to the document's entities; to none where it did not say which."""
    parts = []
    for one in objects_in(relation.get("entities")):
        match = _ENTITY.fullmatch(text_or_none(one.get("ref")) or "")
        place = places.get((piece.number, int(match[1]))) if match else None
        bare = {name: told for name, told in one.items() if name != "ref"}
        parts.append(bare if place is None else {**bare, "ref": f"#/result/entities/{place}"})
    return {**relation, "entities": parts}


def key_phrases(cut: Cut) -> dict[str, JsonValue]:
    """Each phrase once, in the order of the text."""
    lists = (result.get("keyPhrases") for result in cut.results)
    return {"keyPhrases": list(each_once(one for told in lists if isinstance(told, list) for one in told))}


def extracts(cut: Cut) -> dict[str, JsonValue]:
    """The sentences of each piece's summary, which say whose they are; ranks are within a piece."""
    kept, _ = cut.kept(cut.found("sentences"))
    return {"sentences": [{**one.told, "piece": one.key[0]} for one in kept]}


def summaries(cut: Cut) -> dict[str, JsonValue]:
    """The summary of each piece, which says whose it is, with the places of its contexts in the document."""
    told: list[JsonObject] = []
    for piece, _, one in cut.objects("summaries"):
        contexts = [
            found_in((piece.number, place), context, None, piece, cut.ruler).told
            for place, context in enumerate(objects_in(one.get("contexts")))
        ]
        told.append({**one, **({"contexts": contexts} if contexts else {}), "piece": piece.number})
    return {"summaries": told}
