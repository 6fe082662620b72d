"""Takes documents out of what runs of a corpus have landed: rows, tables, reports, copies, examples."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from airflow_provider_language.protocol.json_values import decoded, encoded
from airflow_provider_language.protocol.report.gathering import Gathered
from airflow_provider_language.running.corpus.manifests import read_manifest
from airflow_provider_language.running.corpus.places import RunPlaces, names_in, remove_folder
from airflow_provider_language.running.corpus.reporting import read_rows, write_report
from airflow_provider_language.running.corpus.tabling import TablesWanted, columns_at
from airflow_provider_language.storage.files import WholeFile, replace_file
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.table_formats import TableFormat

log = logging.getLogger(__name__)

FORGOTTEN = "(forgotten)"
"""What stands where a document was named as an example."""
_MARK = "_forgetting"
"""A file of a run of which not all is forgotten yet that is to be; it tells what the run had before."""


@dataclass(frozen=True)
class Forgotten:
    """What was taken out of a run.

    Args:
        run: the name of its folder.
        rows: that are gone from its parts.
        has_copy: whether it had a redacted copy of its source, which was removed.
        is_complete: whether the run was complete; what another one lands later is not forgotten.
    """

    run: str
    rows: int
    has_copy: bool
    is_complete: bool


def forget_in_run(places: RunPlaces, ids: Collection[str]) -> Forgotten | None:
    """Take documents out of a run; None if it had none of them.

    What is ended amid it goes on where it was, if it is done again. The lines of rows stay empty, since a
    ledger knows other rows by their lines.

    Args:
        places: of the run.
        ids: of the documents.
    """
    there = names_in(places.results)
    parts = [name for name in there if name.startswith("part-")]
    has_rows = _MARK in there or any(_names_any(f"{places.results}/{part}", ids) for part in parts)
    had = _had(places, is_begun=_MARK in there) if has_rows else {}
    rows = 0
    changed: dict[str, Any] = {}
    if has_rows:
        rows = sum(_without(f"{places.results}/{part}", ids) for part in parts)
        remove_folder(places.redacted)
        changed = _derived_anew(places, parts, had["format"], has_report="report.html" in there)
    is_named = _unname(places, ids, changed)
    if has_rows:
        place = place_of(f"{places.results}/{_MARK}")
        place.fs.rm_file(place.path)
    if not has_rows and not is_named:
        return None
    return Forgotten(places.name, rows, bool(had.get("copy")), "_SUCCESS" in there)


def _had(places: RunPlaces, *, is_begun: bool) -> dict[str, Any]:
    """What a run had before anything was forgotten of it: the format of its tables, a redacted copy."""
    place = place_of(f"{places.results}/{_MARK}")
    if is_begun:
        return dict(decoded(place.fs.cat_file(place.path)) or {})
    had = {"format": _format_of(places), "copy": bool(names_in(places.redacted))}
    replace_file(place.location, encoded(had))
    return had


def _names_any(part: str, ids: Collection[str]) -> bool:
    return any(row in ids for row in _ids_in(part))


def _ids_in(part: str) -> Iterator[str]:
    place = place_of(part)
    with place.fs.open(place.path, "rb") as lines:
        for line in lines:
            yield str((decoded(line) or {}).get("document_id"))


def _without(part: str, ids: Collection[str]) -> int:
    """Empty the lines of a part that are rows of these documents, and return how many."""
    emptied = 0
    if not _names_any(part, ids):
        return 0
    place = place_of(part)
    with place.fs.open(place.path, "rb") as lines, WholeFile(part) as file:
        for line in lines:
            is_gone = (decoded(line) or {}).get("document_id") in ids
            emptied += is_gone
            file.write(b"\n" if is_gone else line)
    return emptied


def _derived_anew(
    places: RunPlaces, parts: list[str], format_: TableFormat | None, *, has_report: bool
) -> dict[str, Any]:
    """Make tables and report of the rows that are left; what the manifest tells of them."""
    wanted = TablesWanted(format_, columns_at(places))
    kinds = [kind for kind, *_ in _manifest(places).get("tasks") or ()]
    for folder in places.table_folders:
        remove_folder(folder)
    gathered = Gathered() if has_report else None
    told: dict[str, Any] = {"redacted_copy": None}
    if format_ is not None or gathered is not None:
        told["tables"] = read_rows(parts, places, wanted, kinds, gathered, is_killed=lambda: False)
    if gathered is not None:
        told["findings"] = gathered.told()
        write_report(places, gathered)
    return told


def _format_of(places: RunPlaces) -> TableFormat | None:
    """In which format the tables of a run were written; None if it has none, or they were not written yet."""
    for name in names_in(f"{places.tables}/documents/{places.name}"):
        return "parquet" if name.endswith(".parquet") else "jsonl"
    return None


def _manifest(places: RunPlaces) -> dict[str, Any]:
    try:
        return read_manifest(places)
    except (FileNotFoundError, ValueError):
        return {}


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
