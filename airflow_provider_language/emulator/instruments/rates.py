"""The rate limits of the pricing tiers, as sliding windows over the requests that were let in.

Source: the page "Data and rate limits" of November 2025
(learn.microsoft.com/azure/ai-services/language-service/concepts/data-limits). That each operation is
counted on its own follows from the quoted refusals, which name the operation. What kind of window the
service has, and that refused requests are not counted, is inferred.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_ZERO = timedelta(0)


@dataclass(frozen=True)
class Tier:
    """The limits of a pricing tier.

    Attributes:
        name: For example ``"S"``.
        per_second: Requests of one operation within a second.
        per_minute: Requests of one operation within a minute.
    """

    name: str
    per_second: int
    per_minute: int


TIERS: Mapping[str, Tier] = MappingProxyType({"S": Tier("S", 1000, 1000), "F0": Tier("F0", 100, 300)})
"""The tiers by their names."""


class _Window:
    def __init__(self, limit: int, span: timedelta) -> None:
        self._limit = limit
        self._span = span
        self._admitted: deque[datetime] = deque()

    def wait(self, now: datetime) -> timedelta:
        while self._admitted and now - self._admitted[0] >= self._span:
            self._admitted.popleft()
        if len(self._admitted) < self._limit:
            return _ZERO
        return self._admitted[0] + self._span - now

    def note(self, now: datetime) -> None:
        self._admitted.append(now)


class RateLimit:
    """Lets requests in as a tier allows.

    Args:
        tier: The limits; they count for each operation on its own.
    """

    def __init__(self, tier: Tier) -> None:
        self.tier = tier
        self._windows: dict[str, tuple[_Window, _Window]] = {}

    def admit(self, operation: str, now: datetime) -> int:
        """Let a request in, or say when to come again.

        Args:
            operation: What the request is counted under.
            now: The time; never earlier than that of the request before.

        Returns:
            0 if the request is let in, else the seconds to wait, at least 1.
        """
        if operation not in self._windows:
            self._windows[operation] = (
                _Window(self.tier.per_second, timedelta(seconds=1)),
                _Window(self.tier.per_minute, timedelta(minutes=1)),
            )
        windows = self._windows[operation]
        wait = max(window.wait(now) for window in windows)
        if wait > _ZERO:
            return max(1, math.ceil(wait.total_seconds()))
        for window in windows:
            window.note(now)
        return 0
