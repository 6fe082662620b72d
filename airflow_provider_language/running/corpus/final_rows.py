"""The rows of a segment as they become final: joined where documents are cut, copied of equal texts."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from airflow_provider_language.protocol.corpus.joining import JOINING, joined
from airflow_provider_language.protocol.corpus.totals import Totals
from airflow_provider_language.protocol.corpus.units import Units
from airflow_provider_language.protocol.inputs.charges import RECORD_CHARACTERS
from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.redaction import redacted
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.protocol.json_values import decoded
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.storage.rows import line_of
from airflow_provider_language.storage.runs.spools import Spool

_OPEN, _WITHOUT_RESULT, _OK, _LEFT_OUT = range(4)


class FoundRow(NamedTuple):
    """A row with a result.

    Args:
        place: of its document, in the segment.
        task: the place of its task.
        line: of the part, from 0.
        model: that judged it; empty where the service does not tell.
    """

    place: int
    task: int
    line: int
    model: str


class FinalRows:
    """What is final of a segment: a row of each document and task, unless an earlier run has it.

    Args:
        spool: takes the rows as lines.
        shape: of the run's jobs.

    Attributes:
        units: what is submitted of the segment.
        totals: of the rows.
    """

    def __init__(self, spool: Spool, shape: Shape) -> None:
        self.units = Units(spool.sizes, spool.pieces)
        self.totals = Totals(documents=len(spool.ids))
        self._woken: list[int] = []
        self._spool = spool
        self._shape = shape
        self._tasks = len(shape.tasks)
        self._left = len(spool.ids) * self._tasks
        self._states = bytearray(self._left)
        self._settled = bytearray(len(self.units) * self._tasks)
        self._records = array("L", (-(-size // RECORD_CHARACTERS) for size in self.units.sizes))
        self._pieces: defaultdict[tuple[int, int], dict[int, tuple[int, int]]] = defaultdict(dict)
        self._followers: defaultdict[tuple[int, int], list[tuple[FinalRows, int, str]]] = defaultdict(list)
        self._models = array("H", bytes(2 * self._left))
        self._model_numbers: dict[str, int] = {"": 0}

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self._left

    @property
    def number(self) -> int:
        """Of the segment."""
        return self._spool.segment.number

    def needs_job(self, unit: int, task: int) -> bool:
        """Whether nothing else gives a unit its row in a task."""
        return not self._settled[unit * self._tasks + task]

    def records(self, units: Iterable[int]) -> int:
        """The text records that one task on these units is charged at most."""
        return sum(map(self._records.__getitem__, units))

    @property
    def quoted(self) -> int:
        """The text records of all documents, once for each task."""
        faulty = self.records(unit for place in self._spool.faults for unit in self.units.of(place))
        return self._tasks * (sum(self._records) - faulty)

    def language(self, place: int) -> str | None:
        """The language of a document; None where the service is to tell it."""
        language = self._spool.languages[place] or self._shape.language
        return None if language == "auto" else language

    def put(self, rows: Mapping[tuple[int, int], Row]) -> None:
        """Take final rows, by their units and the places of their tasks."""
        for unit, task in rows:
            self._settled[unit * self._tasks + task] = 1
        self._finish(dict(self._joined(rows)) if self.units.pieces else rows)

    def leave_out(self, place: int, task: int) -> None:
        """Take it that an earlier run has the row of a document in a task, where it stays."""
        self._settle(place, task)
        self._states[place * self._tasks + task] = _LEFT_OUT
        self._left -= 1
        self._spool.leave_out(place, task)
        self.totals.left_out += 1
        self.totals.records_saved += self.records(self.units.of(place))

    def leave_out_all(self) -> None:
        """Take it that earlier runs have all rows; see :meth:`leave_out`."""
        self._spool.leave_out_all()
        self._states[:] = bytes([_LEFT_OUT]) * len(self._states)
        self._settled[:] = bytes([1]) * len(self._settled)
        self.totals.left_out, self._left = self._left, 0
        self.totals.records_saved = self.quoted

    def copy(self, rows: Mapping[tuple[int, int], Row], run: str) -> None:
        """Take rows of equal texts as those of documents.

        Args:
            rows: by the places of the documents and of the tasks; see :func:`copied`.
            run: which has those of the other texts.
        """
        for place, task in rows:
            self._settle(place, task)
            self.totals.records_saved += self.records(self.units.of(place))
        self.totals.reused += len(rows)
        self._finish(rows, reused_from=run)

    def follow(self, place: int, task: int, other: FinalRows, other_place: int, run: str) -> bool:
        """Have the row of an equal text, at once or when it is there.

        Args:
            place: of the document.
            task: the place of the task.
            other: of the segment of the other text, which is this or an earlier one.
            other_place: of that text.
            run: whose rows these are.

        Returns:
            Whether it is to have one.
        """
        state = other._states[other_place * self._tasks + task]
        if state == _LEFT_OUT:
            return False
        self._settle(place, task)
        if state == _OPEN:
            other._followers[other_place, task].append((self, place, run))
        else:
            self.copy({(place, task): other.copy_of(other_place, task)}, run)
        return True

    def copy_of(self, place: int, task: int) -> Row:
        """A row that is final, as an equal text has it."""
        return copied(decoded(self._spool.line(place, task)) or {}, self._shape.tasks[task].name)

    def taken_woken(self) -> list[int]:
        """The numbers of other segments that copies of these rows have made complete, each told once."""
        woken, self._woken = self._woken, []
        return woken

    def found(self) -> Iterator[FoundRow]:
        """The rows with a result, in the order of the part."""
        models = list(self._model_numbers)
        line = 0
        for number, state in enumerate(self._states):
            if state == _OK:
                yield FoundRow(*divmod(number, self._tasks), line, models[self._models[number]])
            line += state != _LEFT_OUT

    def failed(self, place: int, task: int, fault: ServiceFault) -> Row:
        """The row of a document that has no result in a task."""
        wanted = self._shape.tasks[task]
        return Row(
            document_id=self._spool.ids[place],
            task=wanted.name,
            kind=wanted.kind,
            status=RowStatus.ERROR,
            language=self.language(place),
            result=None,
            error_code=fault.code,
            error_message=fault.message,
            warnings=(),
            model_version=None,
            text_records=None,
            job_id="",
        )

    def _joined(self, rows: Mapping[tuple[int, int], Row]) -> Iterator[tuple[tuple[int, int], Row]]:
        """The rows of whole documents, and of those that are cut, once all of their pieces have one."""
        for (unit, task), row in rows.items():
            place = self.units.place(unit)
            if place not in self.units.pieces:
                yield (place, task), row
                continue
            kept = self._pieces[place, task]
            kept[unit] = self._spool.keep(line_of(row))
            if len(kept) == len(self.units.pieces[place]):
                yield (place, task), self._join(place, task)

    def _join(self, place: int, task: int) -> Row:
        kept = self._pieces.pop((place, task))
        lines = (self._spool.kept(kept[unit]) for unit in self.units.of(place))
        rows = [Row.from_dict(decoded(line) or {}) for line in lines]
        [text] = self._spool.contents((place,))
        return joined(text, self.units.pieces[place], rows, self._shape.tasks[task])

    def _finish(self, rows: Mapping[tuple[int, int], Row], reused_from: str | None = None) -> None:
        lines: dict[tuple[int, int], bytes] = {}
        for pair, row in rows.items():
            place, task = pair
            facts = self._spool.facts(place)
            if place in self.units.pieces:
                facts |= {"pieces": len(self.units.pieces[place]), "joined": JOINING[row.kind].value}
            if reused_from is not None:
                facts["reused_from"] = reused_from
            lines[pair] = line_of(redacted(row) if self._shape.redacted_only else row, facts)
            self.totals.count(row, self._spool.ids[place])
            number = place * self._tasks + task
            if row.status is RowStatus.OK:
                self._states[number] = _OK
            else:
                self._fail(place, number)
            if row.model_version:
                self._models[number] = self._model_number(row.model_version)
        self._left -= len(lines)
        self._spool.put(lines)
        if self._followers:
            self._wake(rows)

    def _fail(self, place: int, number: int) -> None:
        states = self._states[place * self._tasks : (place + 1) * self._tasks]
        self.totals.failed_documents += _WITHOUT_RESULT not in states
        self._states[number] = _WITHOUT_RESULT

    def _settle(self, place: int, task: int) -> None:
        for unit in self.units.of(place):
            self._settled[unit * self._tasks + task] = 1

    def _model_number(self, model: str) -> int:
        """By which a model is remembered; what a hostile service makes up beyond that is not."""
        numbers = self._model_numbers
        if model in numbers:
            return numbers[model]
        return numbers.setdefault(model, len(numbers)) if len(numbers) < _MODELS else numbers.get(model, 0)

    def _wake(self, rows: Iterable[tuple[int, int]]) -> None:
        for pair in rows:
            for follower, place, run in self._followers.pop(pair, ()):
                follower.copy({(place, pair[1]): self.copy_of(*pair)}, run)
                if follower.is_complete and follower is not self:
                    self._woken.append(follower.number)


_MODELS = 1_000
"""Models of a segment that are told apart."""


def copied(told: Mapping[str, Any], task: str) -> Row:
    """A row as another document with the same text has it, which is billed for both.

    Args:
        told: the row, as it lands.
        task: the name of the task, there.

    Raises:
        KeyError, ValueError: it is no row.
    """
    return Row.from_dict({**told, "task": task, "text_records": 0})
