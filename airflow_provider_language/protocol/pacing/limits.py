"""What the service allows of one operation: so many requests in a second and in a minute, by pricing tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SECOND, MINUTE = 1.0, 60.0


@dataclass(frozen=True)
class Limits:
    """How many requests of one operation are let go.

    Args:
        per_second: within any second.
        per_minute: within any minute.
    """

    per_second: int = 1000
    per_minute: int = 1000

    def __post_init__(self) -> None:
        if min(self.per_second, self.per_minute) < 1:
            raise ValueError("a limit allows at least one request")

    def share(self, part: float) -> Limits:
        """What one of several processes takes of it; at least one request.

        Raises:
            ValueError: the part is not above 0 and at most 1.
        """
        if not 0 < part <= 1:
            raise ValueError("a share is above 0 and at most 1")
        return Limits(max(1, int(self.per_second * part)), max(1, int(self.per_minute * part)))


TIERS: Mapping[str, Limits] = MappingProxyType({"S": Limits(1000, 1000), "F0": Limits(100, 300)})
"""The pricing tiers (docs/service.md, limits)."""
