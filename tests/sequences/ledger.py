"""What a task may have paid for: every job that was accepted has to be accounted for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from airflow_provider_language.emulator import Emulator

EXPIRED = "expired"
USELESS = ("failed", "cancelled", "cancelling", EXPIRED)
"""The states of jobs after which one has to be submitted anew."""


class Ledger:
    """Counts accepted jobs by the lives of a task, which its clears divide.

    In each life one job is wanted. Beyond it, the service may have accepted one for each that failed, was
    cancelled or is no longer kept, and one for each submission that the task's record tells to be lost: the
    gap that nobody can close. Two tries within one write of a file, which no storage compares, are a race.

    Args:
        service: whose jobs they are.

    Attributes:
        races: how often a try was held up within a write of a file while another one wrote it.
        record: as it was written last.
    """

    def __init__(self, service: Emulator) -> None:
        self._service = service
        self._jobs_before = 0
        self._told_lost = 0
        self._is_open = False
        self.races = 0
        self.record: Mapping[str, Any] = {}

    def recorded(self, record: Mapping[str, Any]) -> None:
        """The task wrote its record."""
        self.record = record
        self._told_lost = max(self._told_lost, record["lost"])
        self._is_open = record["phase"] in ("intended", "lost")

    @property
    def lost(self) -> int:
        """How many submissions of this life are lost, as the record tells."""
        return self._told_lost

    def require_given_up(self, locations: Iterable[str]) -> None:
        """The jobs were asked to cancel, or had ended: nobody will find them any more."""
        asked = [entry.path for entry in self._service.journal.select(operation="cancel")]
        states = {job.id: job.status.lower() for job in self._service.jobs()}
        for location in locations:
            job = location.partition("?")[0].rpartition("/")[2]
            goes_on = states.get(job, EXPIRED) in ("notstarted", "running")
            assert not goes_on or any(f"/{job}:cancel" in path for path in asked), f"{job} is forgotten"

    def end_life(self) -> None:
        """Balance the life that ends with a clear, or with the end of the task."""
        accepted = [entry.accepted for entry in self._service.journal if entry.accepted is not None]
        jobs = accepted[self._jobs_before :]
        states = {job.id: job.status.lower() for job in self._service.jobs()}
        useful = [job for job in jobs if states.get(job, EXPIRED) not in USELESS]
        allowed = 1 + self._told_lost + self._is_open + self.races
        assert len(useful) <= allowed, (
            f"{len(jobs)} jobs were accepted, of which {len(useful)} were of use; of the submissions "
            f"{self._told_lost} are told to be lost, {int(self._is_open)} are open, {self.races} raced"
        )
        self._jobs_before = len(accepted)
        self._told_lost, self._is_open, self.races = 0, False, 0


def rows_of(path: Path) -> list[tuple[str, str, str]]:
    """Document, task and status of each row of a file, which is whole, or not there."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(row["document_id"], row["kind"], row["status"]) for row in map(json.loads, lines)]
