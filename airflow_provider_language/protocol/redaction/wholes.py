"""All documents that those which were looked at stand for, and what analyzing them costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.quotes import cost_of
from airflow_provider_language.protocol.inputs.charges import price_in
from airflow_provider_language.protocol.json_values import JsonObject, object_or_empty
from airflow_provider_language.protocol.tables.values import whole as whole_number


@dataclass(frozen=True)
class Whole:
    """All documents of a source.

    Args:
        documents: how many there are.
        text_records: that they are charged; None where nobody knows.
        known_text_records: that are known from earlier runs, and not charged again.
        price: of a thousand text records, in any currency; None where nobody has told it.
    """

    documents: int
    text_records: int | None = None
    known_text_records: int = 0
    price: float | None = None

    @property
    def cost(self) -> float | None:
        """What their text records cost; None where nobody knows."""
        if self.text_records is None or self.price is None:
            return None
        return cost_of(self.text_records, self.price)

    def told(self) -> dict[str, Any]:
        """All of it as JSON."""
        told: dict[str, Any] = {
            "documents": self.documents,
            "text_records": self.text_records,
            "known_text_records": self.known_text_records,
        }
        if self.price is not None:
            told |= {"price_per_thousand_records": self.price, "cost": self.cost}
        return told


def whole_from(said: object, price: object = None) -> Whole:
    """What a sample that was drawn, or a quote, tells of its source.

    Args:
        said: an object with ``documents``, ``text_records``, and perhaps ``known`` and
            ``price_per_thousand_records``.
        price: of a thousand text records, which goes before the object's; None for that.

    Raises:
        InvalidInputError: the object is none, or tells no numbers.
    """
    if not isinstance(said, Mapping):
        raise InvalidInputError(
            f"whole is a {type(said).__name__} instead of what a sample or a plan has told, such as "
            "plan.output."
        )
    documents, records = _count(said, "documents"), _count(said, "text_records")
    if documents is None:
        raise InvalidInputError("whole tells no number of documents, as a sample and a plan do.")
    return Whole(
        documents,
        records,
        _count(object_or_empty(said.get("known")), "text_records") or 0,
        price_in(said.get("price_per_thousand_records") if price is None else price),
    )


def _count(said: JsonObject, name: str) -> int | None:
    value = said.get(name)
    number = whole_number(value)
    if value is not None and (number is None or number < 0):
        raise InvalidInputError(f"whole has {name} {value!r:.60} instead of a number of them.")
    return number
