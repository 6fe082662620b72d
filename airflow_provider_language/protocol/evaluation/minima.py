"""The recall that somebody demands, by category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.evaluation.figures import ANY
from airflow_provider_language.protocol.inputs.near_misses import meant
from airflow_provider_language.protocol.redaction.policies import CATEGORIES


def minimum_recall_from(said: Any) -> dict[str, float]:
    """What is demanded, read.

    Args:
        said: shares from 0 to 1 by category, or for :data:`ANY`: all that is labelled. None for none.

    Raises:
        InvalidInputError: it is something else.
    """
    if said is None:
        return {}
    if not isinstance(said, Mapping):
        raise InvalidInputError(f"minimum_recall is a {type(said).__name__} instead of shares by category.")
    for category, least in said.items():
        if category != ANY and category not in CATEGORIES:
            raise InvalidInputError(
                f"minimum_recall has {category!r:.60}, which is no category of personal data"
                f"{meant(str(category), CATEGORIES) or '.'}"
            )
        if isinstance(least, bool) or not isinstance(least, (int, float)) or not 0 <= least <= 1:
            raise InvalidInputError(f"minimum_recall of {category} is {least!r:.60} instead of 0 to 1.")
    return {str(category): float(least) for category, least in said.items()}
