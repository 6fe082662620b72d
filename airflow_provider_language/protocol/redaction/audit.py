"""What an auditor is told of a redaction: of each finding its place and what became of it, never a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from airflow_provider_language.protocol.json_values import JsonObject
from airflow_provider_language.protocol.redaction.redacting import Change
from airflow_provider_language.protocol.tables.values import Value, text


@dataclass(frozen=True)
class Provenance:
    """By what a copy was redacted.

    Args:
        policy: the digest of the policy.
        key_id: of the key of its pseudonyms; None if it has none.
        run: by which the copy was written.
    """

    policy: str
    key_id: str | None
    run: str


SERVICE, SECOND_PASS = "service", "second_pass"
"""By what something was found."""


def records_of(
    row: JsonObject,
    changes: Sequence[Change],
    provenance: Provenance,
    found: int | None = None,
    item_id: str | None = None,
) -> Iterator[tuple[Value, ...]]:
    """The records of :data:`~airflow_provider_language.protocol.tables.schema.REDACTIONS` of a document.

    Args:
        row: with its findings, as it has landed.
        changes: of each of these, in their order, and behind them of what a second pass has found.
        provenance: of the copy.
        found: how many of them are of the former; None for all.
        item_id: of the turn of a conversation; None for a text.
    """
    key = text(row.get("document_id")) or "", text(row.get("task")) or ""
    by = text(row.get("model_version")), provenance.policy, provenance.key_id, provenance.run
    for number, change in enumerate(changes):
        span, found_by = change.span, SERVICE if found is None or number < found else SECOND_PASS
        where = span.begin, span.end - span.begin, span.confidence
        yield (
            *key,
            item_id,
            number,
            span.category,
            *where,
            change.way,
            change.offset,
            change.length,
            *by,
            found_by,
        )
