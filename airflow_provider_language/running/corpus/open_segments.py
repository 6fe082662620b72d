"""A segment while it is worked on: which documents are still to be submitted, and which rows are final."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from airflow_provider_language.protocol.corpus.filling import fill
from airflow_provider_language.protocol.corpus.healing import may_heal
from airflow_provider_language.protocol.corpus.items import Segment
from airflow_provider_language.protocol.corpus.journal import JobNote, Stage
from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.expected import ExpectedResults, expected_by_place
from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.running.corpus.final_rows import FinalRows
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.storage.runs.spools import Spool


@dataclass(frozen=True)
class Work:
    """A job that is to be submitted, or one that was.

    Args:
        name: of the job, in the journal.
        rows: the units of the segment that are its documents.
        tasks: which of the run's tasks it has, by their places.
        round: how often its documents had been submitted before.
        note: of the job, once it is accepted.
    """

    name: str
    rows: tuple[int, ...]
    tasks: tuple[int, ...]
    round: int = 0
    note: JobNote | None = None


class OpenSegment:
    """The work of one segment.

    Args:
        spool: its contents, and its rows as they become final.
        shape: of the run's jobs.
        notes: of jobs that earlier tries submitted.
        keys: by which a ledger knows its documents; None for one that cannot be analyzed. Empty without one.
    """

    def __init__(
        self,
        spool: Spool,
        shape: Shape,
        notes: Iterable[JobNote] = (),
        keys: Sequence[bytes | None] = (),
    ) -> None:
        self.spool = spool
        self.shape = shape
        self.keys = keys
        self.rows = FinalRows(spool, shape)
        self._owners: dict[tuple[int, int], str] = {}
        self._under_way: set[str] = set()
        self._again: defaultdict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
        self._next = 0
        self._resumed = self._from(notes)

    @property
    def segment(self) -> Segment:
        """Which segment it is."""
        return self.spool.segment

    @property
    def is_complete(self) -> bool:
        """Whether every row is final."""
        return self.rows.is_complete

    def records(self, units: Iterable[int], tasks: int) -> int:
        """The text records that so many tasks on these units are charged at most."""
        return tasks * self.rows.records(units)

    @property
    def resumes(self) -> bool:
        """Whether an earlier try has submitted any of it."""
        return bool(self._owners)

    def is_submitted(self, place: int, task: int) -> bool:
        """Whether an earlier try has submitted a document, or a piece of it."""
        return any((unit, task) in self._owners for unit in self.rows.units.of(place))

    def begin(self) -> list[Work]:
        """All work that there is at first: jobs that are to be read, and documents that are in none."""
        tasks = range(len(self.shape.tasks))
        self.rows.put(
            {
                (place, task): self.rows.failed(place, task, fault)
                for place, fault in self.spool.faults.items()
                for task in tasks
            }
        )
        resumed, self._resumed = self._resumed, []
        if self.is_complete:
            return self._set_out(resumed)
        left: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for unit in range(len(self.rows.units)):
            wanted = tuple(task for task in tasks if self._is_nobodys(unit, task))
            if wanted:
                left[wanted].append(unit)
        new = [work for wanted, units in left.items() for work in self._packed(units, wanted, 0)]
        return self._set_out([*resumed, *new])

    def _is_nobodys(self, unit: int, task: int) -> bool:
        return self.rows.needs_job(unit, task) and (unit, task) not in self._owners

    def _from(self, notes: Iterable[JobNote]) -> list[Work]:
        """The works that earlier tries began; of documents that stand in several, the last one counts."""
        latest: dict[tuple[int, int], JobNote] = {}
        for note in notes:
            self._next = max(self._next, int(note.name.partition(".")[2]) + 1)
            if note.stage is Stage.ACCEPTED:
                latest.update({(unit, task): note for unit in note.rows for task in note.tasks})
        self._owners = {pair: note.name for pair, note in latest.items()}
        alive = {note.name: note for note in latest.values()}
        return [Work(note.name, note.rows, note.tasks, note.round, note) for note in alive.values()]

    def _set_out(self, works: list[Work]) -> list[Work]:
        self._under_way.update(work.name for work in works)
        return works

    def _packed(self, units: Sequence[int], tasks: tuple[int, ...], round_: int) -> list[Work]:
        sizes = [self.rows.units.sizes[unit] for unit in units]
        jobs = fill(sizes, self.shape.max_documents, self.shape.max_characters)
        return [self._work(tuple(units[one] for one in job), tasks, round_) for job in jobs]

    def _work(self, rows: tuple[int, ...], tasks: tuple[int, ...], round_: int) -> Work:
        name = f"{self.segment.number}.{self._next}"
        self._next += 1
        if self._owners:
            self._owners.update({(unit, task): name for unit in rows for task in tasks})
        return Work(name, rows, tasks, round_)

    def tasks_of(self, work: Work) -> tuple[WireTask, ...]:
        """The tasks of a job."""
        return tuple(self.shape.tasks[task] for task in work.tasks)

    def documents(self, work: Work) -> tuple[Input, ...]:
        """The documents of a job, which knows them by their places in it."""
        make, language = self.shape.family.input_of, self.shape.language
        places = self._places(work)
        return tuple(
            make(str(number), content, self.spool.languages[place] or language)
            for number, (place, content) in enumerate(zip(places, self._contents(work), strict=True))
        )

    def _places(self, work: Work) -> Sequence[int]:
        """The places of the items that a job has, or pieces of which it has."""
        units = self.rows.units
        return [units.place(unit) for unit in work.rows] if units.pieces else work.rows

    def _contents(self, work: Work) -> Iterator[str]:
        if not self.rows.units.pieces:
            yield from self.spool.contents(work.rows)
            return
        for unit, place in zip(work.rows, self._places(work), strict=True):
            [content] = self.spool.contents((place,))
            piece = self.rows.units.piece(unit)
            yield content if piece is None else content[piece.begin : piece.end]

    def expected(self, work: Work) -> ExpectedResults:
        """What a job is to answer for."""
        tasks = tuple((task.kind, task.name) for task in self.tasks_of(work))
        return expected_by_place(tuple(map(self.rows.language, self._places(work))), tasks)

    def intended(self, work: Work, connection: str) -> JobNote:
        """The note of a job that is to be submitted."""
        records = self.records(work.rows, len(work.tasks))
        return JobNote(work.name, work.rows, work.tasks, work.round, records, Stage.INTENDED, 0.0, connection)

    def take(self, work: Work, rows: Iterable[Row]) -> list[Work]:
        """Take the rows of a job that has ended, and return what is to be submitted next."""
        number = {task.name: place for place, task in enumerate(self.shape.tasks)}
        healing: defaultdict[int, list[int]] = defaultdict(list)
        final: dict[tuple[int, int], Row] = {}
        for row in rows:
            unit, task = work.rows[int(row.document_id)], number[row.task]
            if self._owners and self._owners.get((unit, task), work.name) != work.name:
                continue  # a later job has it, too
            if row.status is not RowStatus.OK and may_heal(row, work.round):
                healing[unit].append(task)
            else:
                final[unit, task] = row
        self.rows.put(final)
        for unit, tasks in healing.items():
            self._again[work.round + 1, tuple(sorted(tasks))].append(unit)
        return self._ended(work)

    def fail(self, work: Work, fault: ServiceFault, *, missing: bool = False) -> list[Work]:
        """Take it that a job gave nothing, for one reason; see :meth:`take`."""
        status = RowStatus.MISSING if missing else RowStatus.ERROR
        job_id = (work.note.location or "").rpartition("/")[2].partition("?")[0] if work.note else ""
        rows = [
            replace(self.rows.failed(place, task, fault), document_id=str(at), status=status, job_id=job_id)
            for task in work.tasks
            for at, place in enumerate(self._places(work))
        ]
        return self.take(work, rows)

    def halve(self, work: Work) -> list[Work]:
        """Make two jobs of one that was refused, until who is to blame stands alone."""
        middle = len(work.rows) // 2
        halves = [
            self._work(rows, work.tasks, work.round) for rows in (work.rows[:middle], work.rows[middle:])
        ]
        self._set_out(halves)
        return [*halves, *self._ended(work)]

    def again(self, work: Work) -> list[Work]:
        """Make a new job of one of which nobody knows whether it was accepted."""
        new = self._work(work.rows, work.tasks, work.round)
        self._set_out([new])
        return [new, *self._ended(work)]

    def _ended(self, work: Work) -> list[Work]:
        """What is next: documents that may heal wait for each other, as few of them would make many jobs."""
        self._under_way.discard(work.name)
        if self._under_way:
            return []
        waiting, self._again = self._again, defaultdict(list)
        works = [
            job
            for (round_, tasks), units in waiting.items()
            for job in self._packed(sorted(units), tasks, round_)
        ]
        return self._set_out(works)
