"""What a job costs, in the service's unit: text records."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.inputs.fields import number_in
from airflow_provider_language.protocol.inputs.native_documents import NativeDocument

RECORD_CHARACTERS = 1000
"""A text record is 1,000 characters, rounded up per document; each task counts (docs/service.md, charges)."""


def text_records(documents: Iterable[Input], tasks: int) -> int | None:
    """The text records that a job is billed at most; None for native documents, whose size is unknown here.

    Counted in code points, which are never fewer than the service's text elements; summaries are also
    billed for their output, which nobody knows before.

    Args:
        documents: the job's documents or conversations.
        tasks: how many tasks run on each of them.
    """
    charged = 0
    for document in documents:
        if isinstance(document, NativeDocument):
            return None
        charged += -(-document.characters // RECORD_CHARACTERS)
    return tasks * charged


def price_in(value: object) -> float | None:
    """The price of a thousand text records, in any currency; None for none.

    Args:
        value: as it was given, or rendered.

    Raises:
        InvalidInputError: it is no number, or below 0.
    """
    price = number_in(value, "price_per_thousand_records")
    if price is not None and price < 0:
        raise InvalidInputError(f"price_per_thousand_records is {price:g}, below 0.")
    return price
