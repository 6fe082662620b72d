"""What follows from all rows of a run: its tables, and the report beside them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from airflow_provider_language.exceptions import LanguageError
from airflow_provider_language.protocol.json_values import JsonObject
from airflow_provider_language.protocol.report.figures import report_of
from airflow_provider_language.protocol.report.gathering import Gathered
from airflow_provider_language.reports.rendering import rendered
from airflow_provider_language.running.corpus.manifests import read_manifest
from airflow_provider_language.running.corpus.places import RunPlaces
from airflow_provider_language.running.corpus.tabling import TablesWanted, landed_rows, write_tables
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.stores import place_of

log = logging.getLogger(__name__)


def read_rows(
    parts: Sequence[str],
    places: RunPlaces,
    wanted: TablesWanted,
    kinds: Sequence[str],
    gathered: Gathered | None,
    *,
    is_killed: Callable[[], bool],
) -> dict[str, int] | None:
    """Read all rows of a run once, for its tables and for its report.

    Args:
        parts: the names of the run's parts, in the order of the source.
        places: of the run.
        wanted: how the tables are written.
        kinds: of the run's tasks.
        gathered: takes what the report tells; None where there is to be none.
        is_killed: whether the task was killed by something that has not ended it.

    Returns:
        How many records each table has; None where there are no tables.

    Raises:
        InterruptedError: it was killed.
    """
    records = None
    if wanted.format is not None:
        taken = _untold if gathered is None else gathered.take
        records = write_tables(parts, places, wanted, wanted.format, kinds, is_killed=is_killed, taken=taken)
    elif gathered is not None:
        for row in landed_rows(parts, places, is_killed=is_killed):
            gathered.take(row)
    if gathered is not None:
        gathered.end()
    return records


def _untold(_: JsonObject) -> None:
    """Take a row of which no report tells."""


def write_report(places: RunPlaces, gathered: Gathered) -> None:
    """Write the report of a run whose manifest is written, in comparison with the run before it.

    Args:
        places: of the run.
        gathered: of all of its rows.
    """
    report = report_of(read_manifest(places), gathered, _previous(places))
    replace_file(places.report, rendered(report))
    log.info("The report is at %s", places.report)


def note_latest(places: RunPlaces) -> None:
    """Note that this run of its task is the one that was complete last."""
    replace_file(places.latest, json.dumps({"run": places.name}).encode())


def _previous(places: RunPlaces) -> dict[str, Any] | None:
    """The manifest of the run that was complete last; None if it cannot be had any more, or is this one's."""
    place = place_of(places.latest)
    try:
        name = str(json.loads(place.fs.cat_file(place.path))["run"])
        return None if name == places.name else read_manifest(RunPlaces.named(places.destination, name))
    except (OSError, KeyError, TypeError, ValueError, LanguageError):
        return None
