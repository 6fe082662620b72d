"""How many requests count in a span of time that ends at any moment."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque


class Window:
    """The answered requests of a span of time.

    One reads, from any thread, what another one notes, and each by a clock of its own: what is noted for a
    time within the span ahead counts. What lies further ahead was noted before the clock was set back.

    Args:
        span: seconds.
    """

    def __init__(self, span: float) -> None:
        self._span = span
        self._answered: deque[float] = deque()

    def _counting(self, now: float) -> tuple[int, int]:
        """The place of the first one that counts, and the one after the last."""
        answered = self._answered
        return bisect_right(answered, now - self._span), bisect_right(answered, now + self._span)

    def used(self, now: float) -> int:
        """How many answered requests count at a time."""
        first, end = self._counting(now)
        return end - first

    def wait(self, room: int, now: float) -> float | None:
        """Seconds until another request is within the room; 0 if it is now.

        Args:
            room: how many answered requests may count, so that one more may go.
            now: the time.

        Returns:
            None if there is no room, however many of the answered ones are over.
        """
        first, end = self._counting(now)
        excess = end - first - room
        if excess < 0:
            return 0.0
        return None if room <= 0 else self._answered[first + excess] + self._span - now

    def add(self, now: float) -> None:
        """Count a request as answered, or as given up; what does not count any more is forgotten."""
        answered = self._answered
        while answered and not now - self._span < answered[0] <= now + self._span:
            answered.popleft()
        answered.append(max(now, answered[-1]) if answered else now)
