"""What a run of a corpus has written down of itself: segments, jobs and parts, told without any text.

A journal is a sequence of entries. Each is complete in itself and may come twice, so that one which was
written and not known to be written is written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.corpus import row_ranges
from airflow_provider_language.protocol.corpus.items import Segment
from airflow_provider_language.protocol.corpus.totals import Totals

Entry: TypeAlias = Mapping[str, Any]


class Stage(str, Enum):
    """What is known of a job."""

    INTENDED = "intended"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LOST = "lost"
    GIVEN_UP = "given up"
    """Accepted, and of no use: its documents are submitted again."""


@dataclass(frozen=True)
class JobNote:
    """One job, as it stands in a journal.

    Args:
        name: the segment, and the number of the job in it: ``3.17``.
        rows: the units of the segment that are its documents (:class:`~.units.Units`), in rising order.
        tasks: which of the run's tasks it has, by their places.
        round: how often its documents had been submitted before.
        records: text records that it is charged at most.
        stage: what is known of it.
        at: when it was sent, or answered, in seconds since the epoch.
        connection: where it was submitted.
        location: its operation-location, once it is accepted.
    """

    name: str
    rows: tuple[int, ...]
    tasks: tuple[int, ...]
    round: int
    records: int
    stage: Stage
    at: float
    connection: str
    location: str | None = None

    @property
    def segment(self) -> int:
        """The number of its segment."""
        return int(self.name.partition(".")[0])

    def to_entry(self) -> Entry:
        """The note as JSON."""
        values = {**vars(self), "stage": self.stage.value, "rows": row_ranges.told(self.rows)}
        return {"entry": "job", **values, "tasks": list(self.tasks)}


@dataclass
class Progress:
    """What is known of one segment.

    Args:
        segment: what it was when it was read.
        jobs: by name.
        part: where its rows are; None until it has landed.
        totals: of its rows, once it has landed.
    """

    segment: Segment
    jobs: dict[str, JobNote] = field(default_factory=dict)
    part: str | None = None
    totals: Totals = field(default_factory=Totals)

    @property
    def is_landed(self) -> bool:
        """Whether its part is there."""
        return self.part is not None

    def entries(self) -> Iterator[Entry]:
        """What is to be known of it by another try."""
        yield segment_entry(self.segment)
        if self.part is not None:
            yield landed_entry(self.segment, self.part, self.totals)
            return
        yield from (job.to_entry() for job in self.jobs.values())


def segment_entry(segment: Segment) -> Entry:
    """That a segment was read."""
    return {"entry": "segment", **asdict(segment)}


def landed_entry(segment: Segment, part: str, totals: Totals) -> Entry:
    """That a segment's rows are where they belong."""
    return {"entry": "landed", "number": segment.number, "part": part, "totals": totals.to_dict()}


@dataclass
class Journal:
    """A run of a corpus, as far as its journal tells.

    Attributes:
        segments: by number.
        told: what else was written of the run, under the name of it: its tasks, its begin, its end.
    """

    segments: dict[int, Progress] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take another entry; one of a kind that is not known says nothing here.

        Raises:
            RecordError: it cannot be read.
        """
        try:
            self._add(entry)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise RecordError("An entry of the run's journal cannot be read.") from None

    def _add(self, entry: Entry) -> None:
        kind = entry["entry"]
        if kind == "anew":
            self.segments.clear()
            self.told.clear()
        elif kind == "told":
            self.told.update(entry["values"])
        elif kind == "segment":
            segment = Segment(
                int(entry["number"]),
                int(entry["count"]),
                str(entry["ids"]),
                *(str(entry.get(name, "")) for name in ("texts", "cuts")),
            )
            self.segments.setdefault(segment.number, Progress(segment))
        elif kind == "job":
            note = _job(entry)
            self.segments[note.segment].jobs[note.name] = note
        elif kind == "landed":
            progress = self.segments[int(entry["number"])]
            progress.part, progress.totals = str(entry["part"]), Totals.from_dict(entry["totals"])
            progress.jobs.clear()

    def entries(self) -> Iterator[Entry]:
        """All that another try has to know, in the place of all that was written before."""
        yield {"entry": "anew"}
        yield {"entry": "told", "values": self.told}
        for progress in self.segments.values():
            yield from progress.entries()

    @property
    def landed(self) -> list[Progress]:
        """The segments whose parts are there, in the order of the source."""
        return [one for _, one in sorted(self.segments.items()) if one.is_landed]


def journal_of(entries: Iterable[Entry]) -> Journal:
    """The journal that these entries make.

    Raises:
        RecordError: one of them cannot be read.
    """
    journal = Journal()
    for entry in entries:
        journal.add(entry)
    return journal


def _job(entry: Entry) -> JobNote:
    location = entry.get("location")
    return JobNote(
        name=str(entry["name"]),
        rows=row_ranges.read(entry["rows"]),
        tasks=tuple(int(one) for one in entry["tasks"]),
        round=int(entry["round"]),
        records=int(entry["records"]),
        stage=Stage(entry["stage"]),
        at=float(entry["at"]),
        connection=str(entry["connection"]),
        location=None if location is None else str(location),
    )
