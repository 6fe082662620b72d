"""Which runs of a corpus may go from a destination, and what killed writers have left there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_language.protocol.tables.schema import TABLES
from airflow_provider_language.running.corpus.manifests import read_manifest
from airflow_provider_language.running.corpus.places import PLAN, RunPlaces, names_in
from airflow_provider_language.storage.changes import Leftover, changed_last, leftovers
from airflow_provider_language.storage.runs.run_folders import NAME, REDACTED

if TYPE_CHECKING:
    from collections.abc import Iterable

ABANDONED = 86_400.0
"""Seconds after which nobody goes on with an upload."""
_WRITTEN = ("results", "_journal", "_ledger", REDACTED, *TABLES)
_LONG_AGO = float("-inf")


@dataclass(frozen=True)
class FoundRun:
    """A run at a destination.

    Args:
        places: of the run.
        is_complete: whether all of it has landed.
        has_journal: whether its journal is there.
        changed: when something of it was changed last, in seconds since the epoch; None if nobody tells.
        is_plan: whether it was planned, and nothing else.
        relies: whether rows of its documents are those of earlier runs, which it has left where they are.
    """

    places: RunPlaces
    is_complete: bool
    has_journal: bool
    changed: float | None
    is_plan: bool = False
    relies: bool = False


@dataclass(frozen=True)
class Retention:
    """What stays.

    Args:
        older_than: seconds since its last change after which a run may go.
        keep: complete runs of each task that stay, the latest of them.
        incomplete: whether runs that are not complete may go, which cannot be retried then.
        needed: whether runs may go whose rows a later run that stays relies on.
    """

    older_than: float
    keep: int
    incomplete: bool
    needed: bool = False


def runs_at(destination: str) -> list[FoundRun]:
    """All runs whose results or journals are at a destination."""
    folders = (names_in(f"{destination.rstrip('/')}/{folder}") for folder in ("results", "_journal"))
    names = sorted({name for found in folders for name in found if NAME.fullmatch(name)})
    return [_found(RunPlaces.named(destination, name)) for name in names]


def _found(places: RunPlaces) -> FoundRun:
    times = (changed_last(folder) for folder in (places.results, places.journal))
    changed = max((one for one in times if one is not None), default=None)
    names, has_journal = names_in(places.results), bool(names_in(places.journal))
    is_plan = names == [PLAN] and not has_journal
    return FoundRun(places, "_SUCCESS" in names, has_journal, changed, is_plan, _relies(places))


def _relies(places: RunPlaces) -> bool:
    try:
        return bool(read_manifest(places).get("left_out"))
    except (FileNotFoundError, ValueError):
        return False


def to_remove(runs: Sequence[FoundRun], retention: Retention, now: float) -> Iterator[FoundRun]:
    """The runs that may go; instances of a mapped task in one run count as one.

    Args:
        runs: all there are.
        retention: what stays.
        now: in seconds since the epoch.
    """
    kept = {run for task in {one.places.task for one in runs} for run in _latest(runs, task, retention.keep)}
    free = [one for one in runs if one.places.run not in kept and _may_go(one, retention, now)]
    staying = [one for one in runs if one not in free]
    relied_on = max((one.changed or now for one in staying if one.relies), default=_LONG_AGO)
    for one in free:
        if one.is_plan or retention.needed or (one.changed or now) > relied_on:
            yield one


def _may_go(one: FoundRun, retention: Retention, now: float) -> bool:
    is_old = one.changed is not None and now - one.changed > retention.older_than
    return is_old and (one.is_complete or one.is_plan or retention.incomplete)


def _latest(runs: Iterable[FoundRun], task: str, keep: int) -> list[str]:
    times: dict[str, float] = {}
    for one in runs:
        if one.places.task == task and one.is_complete:
            changed = _LONG_AGO if one.changed is None else one.changed
            times[one.places.run] = max(times.get(one.places.run, _LONG_AGO), changed)
    return sorted(times, key=lambda run: times[run], reverse=True)[:keep]


def abandoned_at(destination: str, now: float) -> list[Leftover]:
    """What writers that were killed have left at a destination, for longer than a try takes for a file."""
    folders = (f"{destination.rstrip('/')}/{folder}" for folder in _WRITTEN)
    found = (one for folder in folders for one in leftovers(folder))
    return [one for one in found if one.since is not None and now - one.since > ABANDONED]
