"""A segment while it is worked on: which documents are still to be submitted, and which rows are final."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from airflow_provider_language.protocol.corpus.filling import fill
from airflow_provider_language.protocol.corpus.healing import may_heal
from airflow_provider_language.protocol.corpus.items import Segment
from airflow_provider_language.protocol.corpus.journal import JobNote, Progress, Stage
from airflow_provider_language.protocol.corpus.totals import Totals, total
from airflow_provider_language.protocol.inputs.charges import RECORD_CHARACTERS
from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.expected import ExpectedResults, expected_by_place
from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.redaction import redacted
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.storage.rows import line_of
from airflow_provider_language.storage.runs.spools import Spool


@dataclass(frozen=True)
class Work:
    """A job that is to be submitted, or one that was.

    Args:
        name: of the job, in the journal.
        rows: the places of its documents in their segment.
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
    """

    def __init__(self, spool: Spool, shape: Shape, notes: Iterable[JobNote] = ()) -> None:
        self.spool = spool
        self.shape = shape
        self.totals = Totals(documents=len(spool.ids))
        self._records = array("L", (-(-size // RECORD_CHARACTERS) for size in spool.sizes))
        self._left = len(spool.ids) * len(shape.tasks)
        self._final = bytearray(self._left)
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
        return not self._left

    def records(self, rows: Iterable[int], tasks: int) -> int:
        """The text records that so many tasks on these rows are charged at most."""
        return tasks * sum(map(self._records.__getitem__, rows))

    @property
    def quoted(self) -> int:
        """The text records of all its documents, once for each task."""
        places = (place for place in range(len(self.spool.ids)) if place not in self.spool.faults)
        return self.records(places, len(self.shape.tasks))

    def begin(self) -> list[Work]:
        """All work that there is at first: jobs that are to be read, and documents that are in none."""
        self._put(
            {
                (place, task): self._failed(place, task, fault)
                for place, fault in self.spool.faults.items()
                for task in range(len(self.shape.tasks))
            }
        )
        resumed, self._resumed = self._resumed, []
        left: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for place in range(len(self.spool.ids)):
            tasks = tuple(task for task in range(len(self.shape.tasks)) if self._is_nobodys(place, task))
            if tasks:
                left[tasks].append(place)
        new = [work for tasks, places in left.items() for work in self._packed(places, tasks, 0)]
        return self._set_out([*resumed, *new])

    def _is_nobodys(self, place: int, task: int) -> bool:
        return not self._final[self._number(place, task)] and (place, task) not in self._owners

    def _number(self, place: int, task: int) -> int:
        return place * len(self.shape.tasks) + task

    def _from(self, notes: Iterable[JobNote]) -> list[Work]:
        """The works that earlier tries began; of documents that stand in several, the last one counts."""
        latest: dict[tuple[int, int], JobNote] = {}
        for note in notes:
            self._next = max(self._next, int(note.name.partition(".")[2]) + 1)
            if note.stage is Stage.ACCEPTED:
                latest.update({(place, task): note for place in note.rows for task in note.tasks})
        self._owners = {pair: note.name for pair, note in latest.items()}
        alive = {note.name: note for note in latest.values()}
        return [Work(note.name, note.rows, note.tasks, note.round, note) for note in alive.values()]

    def _set_out(self, works: list[Work]) -> list[Work]:
        self._under_way.update(work.name for work in works)
        return works

    def _packed(self, places: Sequence[int], tasks: tuple[int, ...], round_: int) -> list[Work]:
        sizes = [self.spool.sizes[place] for place in places]
        jobs = fill(sizes, self.shape.max_documents, self.shape.max_characters)
        return [self._work(tuple(places[one] for one in job), tasks, round_) for job in jobs]

    def _work(self, rows: tuple[int, ...], tasks: tuple[int, ...], round_: int) -> Work:
        name = f"{self.segment.number}.{self._next}"
        self._next += 1
        if self._owners:
            self._owners.update({(place, task): name for place in rows for task in tasks})
        return Work(name, rows, tasks, round_)

    def tasks_of(self, work: Work) -> tuple[WireTask, ...]:
        """The tasks of a job."""
        return tuple(self.shape.tasks[task] for task in work.tasks)

    def documents(self, work: Work) -> tuple[Input, ...]:
        """The documents of a job, which knows them by their places in it."""
        make, language = self.shape.family.input_of, self.shape.language
        contents = zip(work.rows, self.spool.contents(work.rows), strict=True)
        return tuple(
            make(str(number), content, self.spool.languages[place] or language)
            for number, (place, content) in enumerate(contents)
        )

    def expected(self, work: Work) -> ExpectedResults:
        """What a job is to answer for."""
        tasks = tuple((task.kind, task.name) for task in self.tasks_of(work))
        return expected_by_place(tuple(map(self._language, work.rows)), tasks)

    def _language(self, place: int) -> str | None:
        language = self.spool.languages[place] or self.shape.language
        return None if language == "auto" else language

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
            place, task = work.rows[int(row.document_id)], number[row.task]
            if self._owners and self._owners.get((place, task), work.name) != work.name:
                continue  # a later job has it, too
            if row.status is not RowStatus.OK and may_heal(row, work.round):
                healing[place].append(task)
            else:
                final[place, task] = row
        self._put(final)
        for place, tasks in healing.items():
            self._again[work.round + 1, tuple(sorted(tasks))].append(place)
        return self._ended(work)

    def fail(self, work: Work, fault: ServiceFault, *, missing: bool = False) -> list[Work]:
        """Take it that a job gave nothing, for one reason; see :meth:`take`."""
        status = RowStatus.MISSING if missing else RowStatus.ERROR
        job_id = (work.note.location or "").rpartition("/")[2].partition("?")[0] if work.note else ""
        rows = [
            replace(self._failed(place, task, fault), document_id=str(at), status=status, job_id=job_id)
            for task in work.tasks
            for at, place in enumerate(work.rows)
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
            for (round_, tasks), places in waiting.items()
            for job in self._packed(sorted(places), tasks, round_)
        ]
        return self._set_out(works)

    def _put(self, rows: Mapping[tuple[int, int], Row]) -> None:
        """Take final rows, by their places and those of their tasks."""
        lines: dict[tuple[int, int], bytes] = {}
        for pair, row in rows.items():
            place, task = pair
            told = redacted(row) if self.shape.redacted_only else row
            lines[pair] = line_of(told, self.spool.facts(place))
            self.totals.count(row, self.spool.ids[place])
            self._final[self._number(place, task)] = 1
        self.spool.put(lines)
        self._left -= len(lines)

    def _failed(self, place: int, task: int, fault: ServiceFault) -> Row:
        wanted = self.shape.tasks[task]
        return Row(
            document_id=self.spool.ids[place],
            task=wanted.name,
            kind=wanted.kind,
            status=RowStatus.ERROR,
            language=self._language(place),
            result=None,
            error_code=fault.code,
            error_message=fault.message,
            warnings=(),
            model_version=None,
            text_records=None,
            job_id="",
        )


def accounted(segment: OpenSegment, jobs: Mapping[str, JobNote]) -> Totals:
    """The counts of a segment whose rows are all final, and of the jobs that it took.

    Args:
        segment: whose rows are final.
        jobs: all that were submitted for it, in all tries.
    """
    totals = segment.totals
    totals.records_quoted = segment.quoted
    totals.add(charges_of(jobs.values()))
    return totals


def charges_of(jobs: Iterable[JobNote]) -> Totals:
    """What jobs are charged at most, by their notes."""
    totals = Totals()
    for note in jobs:
        if note.stage in {Stage.ACCEPTED, Stage.GIVEN_UP}:
            is_again = note.round > 0 or note.stage is Stage.GIVEN_UP
            totals.jobs += 1
            totals.records_charged += note.records
            totals.records_healed += note.records if is_again else 0
        elif note.stage is Stage.LOST:
            totals.lost_submissions += 1
            totals.records_lost += note.records
    return totals


def total_of(segments: Iterable[Progress]) -> Totals:
    """The counts of segments, of which those that have not landed count by what they cost."""
    return total(one.totals if one.is_landed else charges_of(one.jobs.values()) for one in segments)
