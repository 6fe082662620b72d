"""Phrases as patterns: whole words in any case, however the white space between them is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def phrase_pattern(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds any of the phrases, the longest where several begin at one place.

    Args:
        phrases: Words or phrases; those without a visible character are left out.

    Returns:
        A pattern without groups; None if no phrase is left.
    """
    kept = sorted(
        {" ".join(phrase.split()) for phrase in phrases} - {""}, key=lambda item: (-len(item), item)
    )
    if not kept:
        return None
    sources = (r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in kept)
    return re.compile(rf"(?<!\w)(?:{'|'.join(sources)})(?!\w)", re.IGNORECASE)
