"""What a run need not submit: documents that earlier runs, or earlier parts of it, have analyzed."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_language.protocol.corpus.ledger import Block, Entry
from airflow_provider_language.protocol.corpus.ledger_keys import LedgerKeys
from airflow_provider_language.protocol.corpus.sentence_ends import splitter
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.running.corpus.final_rows import copied
from airflow_provider_language.storage.runs.landed_rows import LandedRows, StandingParts
from airflow_provider_language.storage.runs.ledgers import Ledger

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.items import Item
    from airflow_provider_language.protocol.corpus.known import Known, Reused
    from airflow_provider_language.running.corpus.lanes import JobOptions
    from airflow_provider_language.running.corpus.open_segments import OpenSegment
    from airflow_provider_language.running.corpus.places import RunPlaces
    from airflow_provider_language.running.corpus.shapes import Shape

log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Rows that are copied at once, which takes less time than one by one."""


@dataclass(frozen=True)
class LedgerWanted:
    """How a run is to know what was analyzed before it.

    Args:
        location: of the ledger.
        key: of its digests, which the user keeps.
        is_complete: whether the run has rows of all its documents, those too that earlier runs have.
        refreshes: whether what another model than the latest has judged is analyzed again.
    """

    location: str
    key: bytes = field(repr=False)
    is_complete: bool
    refreshes: bool


class Reuse:
    """What a ledger tells one run, and what the run tells it.

    Args:
        wanted: by the user.
        shape: of the run's jobs.
        options: of their submissions.
        places: of the run.
        began: when the run began, as it tells itself.
        landed: the names of its parts that have landed.

    Raises:
        RecordError: the ledger cannot be read.
    """

    def __init__(
        self,
        wanted: LedgerWanted,
        shape: Shape,
        options: JobOptions,
        places: RunPlaces,
        *,
        began: str = "",
        landed: Iterable[str] = (),
    ) -> None:
        self._shape = shape
        self._places = places
        self._began = began
        self._is_complete = wanted.is_complete
        self._keys = LedgerKeys(wanted.key)
        self._splitter = splitter()
        self._ledger = Ledger(wanted.location)
        self._rows = LandedRows()
        self._fingerprints = _fingerprints(self._keys, shape, options)
        own = f"{places.results}/"
        standing = StandingParts(
            lambda part: part.startswith(own), frozenset(f"{own}{name}" for name in landed)
        )
        here = f"{places.destination}/"
        self.known: list[Known] = [
            self._ledger.known(task, stands=standing.has, is_here=lambda part: part.startswith(here))
            for task in self._fingerprints
        ]
        self._models = [one.latest_models if wanted.refreshes else None for one in self.known]

    @property
    def run(self) -> str:
        """The name of this run."""
        return self._places.name

    def keys(self, items: Sequence[Item]) -> list[bytes | None]:
        """What the ledger knows documents by; None for those that cannot be analyzed."""
        language = self._shape.language
        of, splitter = self._keys.of, self._splitter
        return [
            None
            if item.fault is not None
            else of(item.content, item.language or language, splitter if item.pieces else "")
            for item in items
        ]

    def has_all(self, items: Sequence[Item], keys: Sequence[bytes | None]) -> bool:
        """Whether earlier runs have all rows of these documents, where they may stay."""
        if self._is_complete:
            return False
        found = [key for key in keys if key is not None]
        if len(found) < len(items):
            return False
        return all(
            known.has_all_here(found, map(self._keys.of_id, [item.id for item in items]))
            and (self._models[task] is None or all(self._is_current(task, known.get(key)) for key in found))
            for task, known in enumerate(self.known)
        )

    def tell(self, segment: OpenSegment) -> None:
        """Tell a segment, before it begins, which rows it need not submit anything for."""
        copies: defaultdict[str, dict[tuple[int, int], Row]] = defaultdict(dict)
        held = 0
        for place, key in enumerate(segment.keys):
            if key is None:
                continue
            for task in range(len(self.known)):
                if segment.resumes and segment.is_submitted(place, task):
                    continue
                if not self._is_complete and self._stays(task, key, segment.spool.ids[place]):
                    segment.rows.leave_out(place, task)
                elif (found := self._found(task, key)) is not None:
                    row, run = found
                    copies[run][place, task] = row
                    held += 1
            if held >= _AT_ONCE:
                _copy(copies, segment)
                held = 0
        _copy(copies, segment)

    def _stays(self, task: int, key: bytes, document_id: str) -> bool:
        """Whether a part below this destination has the row of a document, and it may stay there."""
        known = self.known[task]
        if not known.has_here(key, self._keys.of_id(document_id)):
            return False
        return self._models[task] is None or self._is_current(task, known.get(key))

    def _is_current(self, task: int, reused: Reused | None) -> bool:
        models = self._models[task]
        return models is None or (reused is not None and set(reused.model.split(",")) <= {*models, ""})

    def _found(self, task: int, key: bytes) -> tuple[Row, str] | None:
        """The row of an equal text, and whose it is; one that is not what the ledger says is passed over."""
        reused = self.known[task].get(key)
        if reused is None or not self._is_current(task, reused):
            return None
        told = self._rows.row(reused.part, reused.row)
        wanted = self._shape.tasks[task]
        try:
            row = copied(told or {}, wanted.name)
        except (KeyError, ValueError):
            return None
        is_right = self._keys.of_id(str(row.document_id)) == reused.id and row.status is RowStatus.OK
        return (row, reused.run) if is_right and row.kind == wanted.kind else None

    def note(self, segment: OpenSegment, part: str) -> None:
        """Write down what a part has that has landed."""
        at = time.time()
        entries: list[list[Entry]] = [[] for _ in self.known]
        for found in segment.rows.found():
            key = segment.keys[found.place]
            if key is not None:
                records = segment.rows.records(segment.rows.units.of(found.place))
                id_ = self._keys.of_id(segment.spool.ids[found.place])
                entries[found.task].append(Entry(key, id_, found.line, records, model=found.model))
        for task, told in enumerate(entries):
            block = Block.of(self.run, part, at, told, self._began)
            self._ledger.write(self._fingerprints[task], [block])
            self.known[task].add(block)

    def models_before(self) -> dict[str, list[str]]:
        """By the name of the task, the models that judged what is known."""
        named = zip(self._shape.tasks, self.known, strict=True)
        return {task.name: sorted(filter(None, known.models)) for task, known in named}

    def known_tasks(self, items: Sequence[Item]) -> list[list[int]]:
        """In which tasks, by their places, each of these documents need not be submitted."""
        tasks = range(len(self.known))
        return [
            [] if key is None else [task for task in tasks if self._is_known(task, key)]
            for key in self.keys(items)
        ]

    def _is_known(self, task: int, key: bytes) -> bool:
        if self._models[task] is None:
            return key in self.known[task]
        reused = self.known[task].get(key)
        return reused is not None and self._is_current(task, reused)

    def __enter__(self) -> Reuse:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()


def _copy(copies: dict[str, dict[tuple[int, int], Row]], segment: OpenSegment) -> None:
    for run, rows in copies.items():
        segment.rows.copy(rows, run)
    copies.clear()


def compact(wanted: LedgerWanted, shape: Shape, options: JobOptions) -> None:
    """Make few files of the many that runs leave in a ledger; what fails there is told, and costs nothing.

    Args:
        wanted: the ledger.
        shape: of the run's jobs.
        options: of their submissions.
    """
    ledger = Ledger(wanted.location)
    try:
        for task in _fingerprints(LedgerKeys(wanted.key), shape, options):
            ledger.compact(task)
    except Exception as error:  # noqa: BLE001 - each kind of storage has errors of its own; all has landed
        log.warning("The ledger was not compacted: %s", type(error).__name__)


def _fingerprints(keys: LedgerKeys, shape: Shape, options: JobOptions) -> list[str]:
    """By which the ledger knows each task."""
    return [
        keys.of_task(
            task,
            options.version,
            default_language=options.default_language,
            redacted_only=shape.redacted_only,
        )
        for task in shape.tasks
    ]
