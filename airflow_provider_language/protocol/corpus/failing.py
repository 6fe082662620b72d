"""How many documents of a corpus may be without a result before its task fails: a count, or a share."""

from __future__ import annotations

import math
from typing import TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.fields import text_in

Allowed: TypeAlias = "int | float"
"""An int is a count of documents, a float a share of them."""


def allowed_in(value: object, name: str) -> Allowed:
    """What an author allows, perhaps as a template gives it: ``5`` is a count, ``0.05`` a share, nothing 0.

    Raises:
        InvalidInputError: it is neither.
    """
    text = text_in(value, name)
    if text is None:
        return 0
    if text.isdecimal():
        return int(text)
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise InvalidInputError(
            f"{name} is {text!r:.60} instead of a number of documents, such as 5, or a share of them from "
            "0.0 to 1.0, such as 0.05."
        )
    return share


def are_too_many(failed: int, documents: int, allowed: Allowed) -> bool:
    """Whether more documents failed than are allowed.

    Args:
        failed: documents without a result in at least one task.
        documents: of the corpus.
        allowed: how many of them, or which share, may be.
    """
    return failed > allowed if isinstance(allowed, int) else failed > allowed * documents
