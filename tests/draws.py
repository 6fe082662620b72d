"""How many examples the slowest property tests draw: all of them in `make chaos`, else a quarter."""

from __future__ import annotations

import os


def draws(number: int) -> int:
    """Return how many of so many examples are drawn; ``LANGUAGE_DRAWS=all`` draws them all."""
    return number if os.environ.get("LANGUAGE_DRAWS") == "all" else number // 4
