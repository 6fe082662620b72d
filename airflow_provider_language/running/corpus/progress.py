"""How far a run has come, in a line; and the groups by which Airflow's UI folds all other lines."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

log = logging.getLogger(__name__)

SUBMITTING = "Reading and submitting"
WAITING = "Waiting and landing"


@dataclass
class Report:
    """Counts of this try.

    Args:
        began: when, in seconds since the epoch.
        documents: of the corpus that had not landed before; None where nobody has counted them.
        told: is told of each change.
    """

    began: float
    documents: int | None = None
    told: Callable[[Report], None] = lambda _: None
    documents_read: int = 0
    documents_landed: int = 0
    jobs: int = 0
    records: int = 0

    def read(self, documents: int) -> None:
        """Count documents that were read."""
        self.documents_read += documents
        self.told(self)

    def submitted(self, records: int) -> None:
        """Count a job."""
        self.jobs += 1
        self.records += records
        self.told(self)

    def landed(self, documents: int) -> None:
        """Count documents all of whose rows are where they belong."""
        self.documents_landed += documents
        self.told(self)

    def line(self, now: float, running: int) -> str:
        """The line."""
        minutes = max(now - self.began, 1e-3) / 60
        return (
            f"{self.documents_landed} of {self.documents_read} documents that were read have landed; "
            f"{self.jobs} jobs submitted ({self.jobs / minutes:.0f} a minute), {running} under way, "
            f"{self.records} text records; {minutes:.1f} minutes"
        )


class Folds:
    """Groups of the task's log, of which one is open at a time; Airflow's own follow it, so it is closed."""

    def __init__(self) -> None:
        self._phase: str | None = None

    def begin(self, phase: str) -> None:
        """Let the lines from now on be in the group of a phase; nothing leads back from the last one.

        What is submitted again while others are waited for would begin one group after another.
        """
        if self._phase not in (phase, WAITING):
            self.end()
            log.info("::group::%s", phase)
            self._phase = phase

    def end(self) -> None:
        """Let the lines from now on be in no group."""
        if self._phase is not None:
            log.info("::endgroup::")
            self._phase = None

    @contextmanager
    def interrupted(self) -> Iterator[None]:
        """Let lines that everybody is to see be in no group."""
        phase = self._phase
        self.end()
        yield
        if phase is not None:
            self.begin(phase)
