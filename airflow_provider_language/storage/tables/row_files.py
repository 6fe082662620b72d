"""Reads rows that have landed, one after another, of a file or of a run's folder."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.json_values import JsonObject, decoded
from airflow_provider_language.storage.stores import place_of

_FORGOTTEN = b"\n"
"""The line of a row whose document was to be forgotten."""


def row_files(location: str) -> list[str]:
    """The files of rows at a location: the file itself, or the parts of a run's folder in their order.

    Raises:
        InvalidInputError: there is none.
    """
    place = place_of(location)
    place.fs.invalidate_cache()
    if not place.fs.isdir(place.path):
        if not place.is_file():
            raise InvalidInputError(f"There is no file of rows at {location}.")
        return [location]
    names = sorted(str(one).rpartition("/")[2] for one in place.fs.ls(place.path, detail=False))
    parts = [name for name in names if name.startswith("part-") and name.endswith(".jsonl")]
    if not parts:
        raise InvalidInputError(f"There is no part of a run at {location}.")
    return [f"{location.rstrip('/')}/{name}" for name in parts]


def rows_in(location: str) -> Iterator[JsonObject]:
    """The rows of a file of JSON lines, which may be compressed; no more than one of them is held.

    Raises:
        FileNotFoundError: there is no file.
        InvalidInputError: a line of it is no JSON object.
    """
    place = place_of(location)
    place.fs.invalidate_cache()  # in which a storage may not have what was just written
    with place.fs.open(place.path, "rb") as file:
        if not place.name.lower().endswith(".gz"):
            yield from _rows(file, location)
            return
        with gzip.open(file) as lines:
            yield from _rows(lines, location)


def _rows(lines: Iterable[bytes], location: str) -> Iterator[JsonObject]:
    for number, line in enumerate(lines, start=1):
        if line == _FORGOTTEN:
            continue
        row = decoded(line)
        if row is None:
            raise InvalidInputError(f"Line {number} of {location} is no row.")
        yield row
