"""Where a run of a corpus keeps what: its parts, its manifest and its journal, below the destination."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.tables.schema import TABLES
from airflow_provider_language.storage.runs.run_folders import MANIFEST, NAME, REDACTED
from airflow_provider_language.storage.stores import place_of

_ODD = re.compile(r"[^A-Za-z0-9]+")
_NAME_SIZE = 40
PLAN = "_plan.json"
"""The name of the file that tells what a run would cost."""
_PATTERN = frozenset("*?[")


@dataclass(frozen=True)
class RunPlaces:
    """The places of one run, or of one instance of a task that is mapped in it.

    Args:
        destination: the folder below which all runs are.
        task: how the names of all runs of this task begin.
        run: how those of all its instances in this run begin.
        name: of the own folder.
    """

    destination: str
    task: str
    run: str
    name: str

    @classmethod
    def of(cls, destination: str, dag_id: str, run_id: str, task_id: str, map_index: int) -> RunPlaces:
        """The places of a task instance; no reader takes the names for dates, or for partitions.

        Args:
            destination: the folder below which all runs are.
            dag_id: of the instance.
            run_id: of the instance.
            task_id: of the instance.
            map_index: of the instance; below 0 if the task is not mapped.
        """
        slug = _ODD.sub("_", task_id)[:_NAME_SIZE].strip("_") or "corpus"
        task = f"{slug}_{_digest(dag_id, task_id)[:8]}-run_"
        run = f"{task}{_digest(dag_id, task_id, run_id)}"
        name = run if map_index < 0 else f"{run}-{map_index}"
        return cls(destination.rstrip("/"), task, run, name)

    @classmethod
    def named(cls, destination: str, name: str) -> RunPlaces:
        """The places of the run whose folder is called so.

        Raises:
            InvalidInputError: no run's folder is.
        """
        found = NAME.fullmatch(name)
        if found is None:
            raise InvalidInputError(f"{name!r} is not the name of a run's folder.")
        return cls(destination.rstrip("/"), found["task"], found[1], name)

    @property
    def results(self) -> str:
        """The folder of the run's parts."""
        return f"{self.destination}/results/{self.name}"

    def part(self, number: int) -> str:
        """A segment's part."""
        return f"{self.results}/part-{number:05}.jsonl"

    @property
    def tables(self) -> str:
        """The folder below which each table has a folder, and in it one of each run."""
        return self.destination

    @property
    def table_folders(self) -> list[str]:
        """The folders of the run's tables, of which not all need be there."""
        return [f"{self.tables}/{table}/{self.name}" for table in TABLES]

    def file_of_tables(self, number: int) -> str:
        """How a file of a table of this run is named in the table's folder, without its suffix."""
        return f"{self.name}/part-{number:05}"

    @property
    def redacted(self) -> str:
        """The folder of the redacted copy of the source."""
        return f"{self.destination}/{REDACTED}/{self.name}"

    @property
    def manifest(self) -> str:
        """What came of the run, in figures."""
        return f"{self.results}/{MANIFEST}"

    @property
    def report(self) -> str:
        """What came of the run, for people."""
        return f"{self.results}/report.html"

    @property
    def plan(self) -> str:
        """What the run would cost and take, where it was planned alone."""
        return f"{self.results}/{PLAN}"

    @property
    def is_plan(self) -> bool:
        """Whether the run was planned, and nothing else."""
        return names_in(self.results) == [PLAN]

    @property
    def latest(self) -> str:
        """Which run of this task was complete last, so that the next one finds it among many."""
        return f"{self.destination}/_latest/{self.task.rstrip('_')}.json"

    @property
    def success(self) -> str:
        """An empty file that is there once the run is complete."""
        return f"{self.results}/_SUCCESS"

    @property
    def journal(self) -> str:
        """The folder of the run's journals."""
        return f"{self.destination}/_journal/{self.name}"

    def others(self) -> list[RunPlaces]:
        """The places of other runs of this task that have results; its instances in this run are none."""
        names = names_in(f"{self.destination}/results")
        return [replace(self, name=name) for name in names if self._is_another_run(name)]

    def _is_another_run(self, name: str) -> bool:
        return name.startswith(self.task) and name != self.run and not name.startswith(f"{self.run}-")

    def remove(self, *, journals_only: bool = False) -> None:
        """Remove what the run has landed, and first its journal, by which it would take that for landed."""
        remove_folder(self.journal)
        if not journals_only:
            self.remove_landed()

    def remove_landed(self) -> None:
        """Remove the run's rows, tables and redacted copy."""
        remove_folder(self.results)
        remove_folder(self.redacted)
        for folder in self.table_folders:
            remove_folder(folder)


def ledger_below(destination: str) -> str:
    """The folder of what runs at a destination know of documents, unless another one is named."""
    return f"{destination.rstrip('/')}/_ledger"


def _digest(*names: str) -> str:
    return hashlib.blake2b("\0".join(names).encode(), digest_size=8).hexdigest()


def names_in(location: str) -> list[str]:
    """The names of what is in a folder, in their order; of none, nothing.

    A marker that a console has made of the folder is listed on S3 as if it were in it, and is not told.
    """
    place = place_of(location)
    place.fs.invalidate_cache()
    try:
        found = place.fs.ls(place.path, detail=False)
    except FileNotFoundError:
        return []
    paths = (str(one).strip("/") for one in found)
    return sorted(path.rpartition("/")[2] for path in paths if path != place.path.strip("/"))


def remove_folder(location: str) -> None:
    """Remove a folder and all below it, if it is there; of a link on a disk, the link alone.

    Storages take a path with brackets or stars for a pattern when they remove, and would remove what else
    matches it, so that files of such a folder are removed one by one.
    """
    place = place_of(location)
    place.fs.invalidate_cache()
    if place.is_local and Path(place.path).is_symlink():
        Path(place.path).unlink()
    elif not place.fs.exists(place.path):
        return
    elif place.is_local or _PATTERN.isdisjoint(place.path):
        place.fs.rm(place.path, recursive=True)
    else:
        for file in place.fs.find(place.path):
            place.fs.rm_file(file)
