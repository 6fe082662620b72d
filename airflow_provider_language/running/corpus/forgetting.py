"""Takes documents out of what runs of a corpus have landed: rows, tables, reports, copies, examples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_language.protocol.json_values import decoded
from airflow_provider_language.protocol.report.gathering import Gathered
from airflow_provider_language.protocol.tables.schema import PSEUDONYMS
from airflow_provider_language.running.corpus.places import RunPlaces, names_in, remove_folder
from airflow_provider_language.running.corpus.reporting import write_report
from airflow_provider_language.storage.files import WholeFile, replace_file
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.leaving_out import leave_out
from airflow_provider_language.storage.tables.row_files import rows_in

FORGOTTEN = "(forgotten)"
"""What stands where a document was named as an example."""


@dataclass(frozen=True)
class Forgotten:
    """What was taken out of a run.

    Args:
        run: the name of its folder.
        rows: that are gone from its parts.
        records: that are gone from its tables.
        removed: what was removed as a whole, since no document can be taken out of it: ``redacted`` (the
            copy of the source), ``pseudonyms``.
        is_complete: whether the run was complete; what another one lands later is not forgotten.
    """

    run: str
    rows: int
    records: int
    removed: tuple[str, ...]
    is_complete: bool


def forget_in_run(places: RunPlaces, ids: Collection[str]) -> Forgotten | None:
    """Take documents out of a run; None if it had none of them.

    The rows go last, so that what is ended amid it is done if it is done again. Their lines stay empty, since
    a ledger knows other rows by their lines.

    Args:
        places: of the run.
        ids: of the documents.
    """
    there = names_in(places.results)
    parts = [f"{places.results}/{name}" for name in there if name.startswith("part-")]
    with_some = [part for part in parts if any(str(row.get("document_id")) in ids for row in rows_in(part))]
    removed = tuple(_removed(places)) if with_some else ()
    tables, records = _taken_out_of_tables(places, ids)
    told: dict[str, Any] = {"tables": tables} if records else {}
    if "redacted" in removed:
        told["redacted_copy"] = None
    gathered = _gathered(parts, ids) if with_some and "report.html" in there else None
    if gathered is not None:
        told["findings"] = gathered.told()
    is_named = _unname(places, ids, told)
    if gathered is not None:
        write_report(places, gathered)
    rows = sum(_emptied(part, ids) for part in with_some)
    if not (rows or records or is_named):
        return None
    return Forgotten(places.name, rows, records, removed, "_SUCCESS" in there)


def _removed(places: RunPlaces) -> Iterator[str]:
    folders = {
        "redacted": places.redacted,
        PSEUDONYMS.name: f"{places.tables}/{PSEUDONYMS.name}/{places.name}",
    }
    for name, folder in folders.items():
        if names_in(folder):
            remove_folder(folder)
            yield name


def _taken_out_of_tables(places: RunPlaces, ids: Collection[str]) -> tuple[dict[str, int], int]:
    """How many records each table has then, and how many are gone from all."""
    left: Counter[str] = Counter()
    gone = 0
    for folder in places.table_folders:
        table = folder.split("/")[-2]
        if table == PSEUDONYMS.name:
            continue
        for name in names_in(folder):
            records = leave_out(f"{folder}/{name}", ids)
            left[table] += records.left
            gone += records.gone
    return dict(left), gone


def _gathered(parts: Sequence[str], ids: Collection[str]) -> Gathered:
    gathered = Gathered()
    for part in parts:
        for row in rows_in(part):
            if row.get("document_id") not in ids:
                gathered.take(row)
    gathered.end()
    return gathered


def _emptied(part: str, ids: Collection[str]) -> int:
    """Empty the lines of a part that are rows of these documents, and return how many."""
    place = place_of(part)
    emptied = 0
    with place.fs.open(place.path, "rb") as lines, WholeFile(part) as file:
        for line in lines:
            is_gone = (decoded(line) or {}).get("document_id") in ids
            emptied += is_gone
            file.write(b"\n" if is_gone else line)
    return emptied


def _unname(places: RunPlaces, ids: Collection[str], changed: dict[str, Any]) -> bool:
    """Take documents out of what names them as examples, and tell what was made anew; whether any was."""
    is_named = False
    generations = (f"{places.journal}/{name}" for name in names_in(places.journal))
    journals = [f"{folder}/{name}" for folder in generations for name in names_in(folder)]
    for location in (*journals, places.manifest, places.plan):
        place = place_of(location)
        if not place.fs.exists(place.path):
            continue
        content = place.fs.cat_file(place.path)
        is_lines = location.endswith(".jsonl")
        told = [json.loads(line) for line in content.splitlines()] if is_lines else [json.loads(content)]
        names = [_unnamed(one, ids) for one in told]
        is_named = is_named or names != told
        final = [_updated(one, changed, is_entry=is_lines) for one in names]
        if final != told:
            written = [json.dumps(one, indent=None if is_lines else 1) for one in final]
            replace_file(location, ("\n".join(written) + "\n" * is_lines).encode())
    return is_named


def _unnamed(told: Any, ids: Collection[str]) -> Any:
    if isinstance(told, dict):
        return {name: _unnamed(one, ids) for name, one in told.items()}
    if isinstance(told, list):
        return [_unnamed(one, ids) for one in told]
    return FORGOTTEN if isinstance(told, str) and told in ids else told


def _updated(told: Any, changed: dict[str, Any], *, is_entry: bool) -> Any:
    holder = told.get("values", {}) if is_entry else told
    new = {name: value for name, value in changed.items() if name in holder}
    if not new:
        return told
    return {**told, "values": {**holder, **new}} if is_entry else {**told, **new}
