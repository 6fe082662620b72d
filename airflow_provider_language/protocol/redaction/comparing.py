"""What two runs over the same documents found: what one of them has and the other one has not, by places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.rulers import span_of
from airflow_provider_language.protocol.json_values import JsonObject, text_or_none
from airflow_provider_language.protocol.redaction.entities import category_of, entities_of
from airflow_provider_language.protocol.tables.values import number

Place: TypeAlias = "tuple[str, int, int]"
"""The category of a finding, its offset and its length, in the unit that was asked for."""

GAINED, LOST = "gained", "lost"


class Comparison:
    """Compares the rows of two runs, document by document; no more than one of each is held.

    Attributes:
        documents: that both runs have a result of.
        without_result: that one of them has none of, so that nothing is told of them.
        same: findings that both have.
        changes: how many findings were gained and lost, by category, model version before and after, and
            which of both.
    """

    def __init__(self) -> None:
        self.documents = self.without_result = self.same = 0
        self.changes: Counter[tuple[str, str, str, str]] = Counter()

    def changed(self, before: Iterable[JsonObject], after: Iterable[JsonObject]) -> Iterator[dict[str, Any]]:
        """The findings that only one run has, as JSON has them; no text is in them.

        Args:
            before: the rows of one task, in the order of their source.
            after: those of the other run, in the same order.

        Raises:
            InvalidInputError: they are not of the same documents, or a result tells nothing of findings.
        """
        for one, other in zip_longest(before, after):
            if one is None or other is None or one.get("document_id") != other.get("document_id"):
                raise InvalidInputError("The two runs are not of the same documents in the same order.")
            if one.get("characters") != other.get("characters"):
                raise InvalidInputError(f"Document {one.get('document_id')!r:.60} is another text by now.")
            found, found_later = _found(one), _found(other)
            if found is None or found_later is None:
                self.without_result += 1
                continue
            self.documents += 1
            self.same += len(found.keys() & found_later.keys())
            for what, key in _differing(found, found_later):
                yield self._change(what, key, (found | found_later)[key], one, other)

    def _change(
        self,
        what: str,
        key: Place,
        confidence: float | None,
        one: JsonObject,
        other: JsonObject,
    ) -> dict[str, Any]:
        category, offset, length = key
        models = [text_or_none(row.get("model_version")) or "unknown" for row in (one, other)]
        self.changes[category, models[0], models[1], what] += 1
        return {
            "document_id": one["document_id"],
            "change": what,
            "category": category,
            "offset": offset,
            "length": length,
            "confidence_score": confidence,
            "model_version_before": models[0],
            "model_version_after": models[1],
        }


def _found(row: JsonObject) -> dict[Place, float | None] | None:
    """The confidence in each finding, by category, offset and length; None of a row without a result."""
    entities = entities_of(row)
    if entities is None:
        return None
    found = {}
    for entity in entities:
        place = span_of(entity)
        if place is not None:
            key = category_of(entity), place[0], place[1] - place[0]
            found[key] = number(entity.get("confidenceScore"))
    return found


def _differing(
    before: dict[Place, float | None], after: dict[Place, float | None]
) -> Iterator[tuple[str, Place]]:
    """What only one of them has, in the order of the text."""
    lost, gained = before.keys() - after.keys(), after.keys() - before.keys()
    told = [*((LOST, key) for key in lost), *((GAINED, key) for key in gained)]
    yield from sorted(told, key=lambda one: (one[1][1], one[1][2], one[1][0], one[0]))
