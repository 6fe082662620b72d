"""How far a run has come, in a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Report:
    """Counts of this try.

    Args:
        began: when, in seconds since the epoch.
    """

    began: float
    documents_read: int = 0
    documents_landed: int = 0
    jobs: int = 0
    records: int = 0

    def read(self, documents: int) -> None:
        """Count documents that were read."""
        self.documents_read += documents

    def submitted(self, records: int) -> None:
        """Count a job."""
        self.jobs += 1
        self.records += records

    def landed(self, documents: int) -> None:
        """Count documents all of whose rows are where they belong."""
        self.documents_landed += documents

    def line(self, now: float, running: int) -> str:
        """The line."""
        minutes = max(now - self.began, 1e-3) / 60
        return (
            f"{self.documents_landed} of {self.documents_read} documents that were read have landed; "
            f"{self.jobs} jobs submitted ({self.jobs / minutes:.0f} a minute), {running} under way, "
            f"{self.records} text records; {minutes:.1f} minutes"
        )
