"""Which rows may come out otherwise if their documents are submitted again, and how often that is tried."""

from __future__ import annotations

from airflow_provider_language.protocol.jobs.results import Row, RowStatus

ROUNDS = 3
"""How often a document is submitted again."""

PASSING = frozenset(
    {
        "AzureCognitiveSearchThrottling",
        "InternalServerError",
        "ServiceUnavailable",
        "Timeout",
        "TooManyRequests",
    }
)
"""The codes of the service's error tree that tell of the service, and not of the document (docs/service.md,
errors)."""


def may_heal(row: Row, rounds: int) -> bool:
    """Whether a row is to be had otherwise.

    Args:
        row: as it came out.
        rounds: how often its document had been submitted before.
    """
    if rounds >= ROUNDS or row.status is RowStatus.OK:
        return False
    return row.status is RowStatus.MISSING or row.error_code in PASSING
