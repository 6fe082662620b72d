"""How long a task may wait: ``timeout``, and ``execution_timeout``, which a deferral of Airflow 3 forgets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

BACKSTOP = 60.0
"""Seconds by which Airflow's own timeout of a deferral is later than the deadline within the trigger."""


@dataclass(frozen=True)
class WaitLimits:
    """The two limits of a wait, of which the shorter one ends it.

    Args:
        timeout: in seconds.
        execution_timeout: of the task; None for none.
        cancels: whether the jobs that run into one of them are cancelled.
    """

    timeout: float
    execution_timeout: timedelta | None
    cancels: bool = False

    @property
    def is_execution_timeout(self) -> bool:
        """Whether it is ``execution_timeout`` that a task runs into first."""
        return self.execution_timeout is not None and self.execution_timeout.total_seconds() <= self.timeout

    def deadline(self, now: float) -> float:
        """The end of a wait that begins now; both in seconds since the epoch."""
        return now + self._shortened(self.timeout)

    @property
    def head_start(self) -> float:
        """Seconds by which the end of a wait is earlier than Airflow's own timeout of its deferral.

        Where the scheduler defers a task, it takes :attr:`deferral` or ``execution_timeout``, whichever is
        shorter (Airflow 3.3.2, ``TaskInstance.defer_task``).
        """
        return self._shortened(self.deferral.total_seconds()) - self._shortened(self.timeout)

    @property
    def deferral(self) -> timedelta:
        """Airflow's own timeout for a deferral that begins together with the wait."""
        return timedelta(seconds=self.timeout + BACKSTOP)

    def _shortened(self, seconds: float) -> float:
        limit = self.execution_timeout
        return seconds if limit is None else min(seconds, limit.total_seconds())


def backstop(deadline: float, now: float) -> timedelta:
    """Airflow's own timeout for a deferral whose trigger keeps the deadline; in seconds since the epoch."""
    return timedelta(seconds=max(0.0, deadline - now) + BACKSTOP)
