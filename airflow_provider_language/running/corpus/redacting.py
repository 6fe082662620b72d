"""The redacted copy of a source: each file as it was, with the redacted texts in the place of its texts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from airflow_provider_language.protocol.jobs.redaction import redacted_text
from airflow_provider_language.protocol.redaction.turns import turns_of
from airflow_provider_language.protocol.tables.schema import PSEUDONYMS, REDACTIONS
from airflow_provider_language.running.corpus.copies import CopyWanted, place_in_copy
from airflow_provider_language.running.corpus.places import remove_folder
from airflow_provider_language.running.corpus.redaction import PolicyTexts
from airflow_provider_language.running.corpus.row_texts import RowTexts, rows_of
from airflow_provider_language.running.corpus.second_pass import forms_sought
from airflow_provider_language.running.corpus.surfaces import Surfaces
from airflow_provider_language.storage.copies.copying import copy_file
from airflow_provider_language.storage.copies.reading import Reading
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.record_writers import RecordsWriter

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.items import Item
    from airflow_provider_language.protocol.json_values import JsonObject
    from airflow_provider_language.running.corpus.places import RunPlaces

log = logging.getLogger(__name__)


def write_copy(
    parts: Sequence[str], places: RunPlaces, wanted: CopyWanted, *, is_killed: Callable[[], bool]
) -> dict[str, Any]:
    """Write the redacted copy of a source, which follows from it and the rows: a later try writes the same.

    Args:
        parts: the names of the run's parts, in the order of the source.
        places: of the run.
        wanted: the copy.
        is_killed: whether the task was killed by something that has not ended it.

    Returns:
        Where it lies, its files, its rows, and how many documents have no text, as there is no redacted one.

    Raises:
        InvalidInputError: the source is another one by now.
        InterruptedError: the task was killed.
    """
    own = wanted.own
    if own is None:
        return _written(parts, places, wanted, _as_the_service(wanted.reading), is_killed)
    sought = None
    if own.second_pass is not None:
        sought = forms_sought(parts, places, wanted, own, is_killed=is_killed)
    name = places.file_of_tables(0)
    if own.fernet is None:
        remove_folder(f"{places.tables}/{PSEUDONYMS.name}/{places.name}")  # of the policy of an earlier try
    with ExitStack() as tables:
        audit = tables.enter_context(RecordsWriter(places.tables, name, wanted.audit_format, REDACTIONS))
        surfaces = None
        if own.fernet is not None and own.key is not None:
            # JSON lines, so that whoever may reveal needs no more than the command line.
            known = tables.enter_context(RecordsWriter(places.tables, name, "jsonl", PSEUDONYMS))
            surfaces = Surfaces(own.key, own.fernet, known.write).take
        search = None if sought is None else sought.search
        texts = PolicyTexts(own, places.name, audit.write, surfaces, search)
        of = texts.of_turns if wanted.reading.has_turns else texts.of
        told = _written(parts, places, wanted, of, is_killed)
    if texts.unfit:
        log.warning("%d documents have no text in the copy: their findings do not fit them", texts.unfit)
    told |= {"unfit": texts.unfit, "redactions": audit.records - texts.found_again, **own.told()}
    if sought is not None:
        told["second_pass"] = {**sought.told, "found": texts.found_again, "documents": texts.documents_again}
    return told


def _as_the_service(reading: Reading) -> Callable[[JsonObject, Item], Any]:
    """What makes the texts of a row as the service redacts them."""
    if not reading.has_turns:
        return lambda row, _: redacted_text(row)

    def of(row: JsonObject, item: Item) -> list[dict[str, str]] | None:
        turns = turns_of(row, str(item.content))
        return None if turns is None else [turn.shown for turn in turns]

    return of


def _written(
    parts: Sequence[str],
    places: RunPlaces,
    wanted: CopyWanted,
    redact: Callable[[JsonObject, Item], Any],
    is_killed: Callable[[], bool],
) -> dict[str, Any]:
    place = place_of(places.redacted)
    root = place.path if place.is_local else places.redacted  # in a URL of a disk, names are quoted
    texts = RowTexts(rows_of(parts, places, wanted.task), redact, is_killed)
    written = rows = 0
    for location, name in wanted.files:
        taken = texts.taken if wanted.reading.has_turns else rows
        left = None if wanted.limit is None else wanted.limit - taken
        if left == 0:
            break
        target = f"{root}/{place_in_copy(name)}"
        rows += copy_file((location, name), target, wanted.reading, texts, left)
        written += 1
    texts.end(None)
    log.info(
        "The redacted copy has %d files and %d rows, and %d documents have no text in it",
        written,
        rows,
        texts.missing,
    )
    return {"path": places.redacted, "files": written, "rows": rows, "without_text": texts.missing}
