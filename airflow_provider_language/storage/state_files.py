"""A record that outlives the tries of a task, in a file, for an Airflow without a task state store."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.locations import location_of
from airflow_provider_language.storage.private_files import replace_private_file
from airflow_provider_language.storage.stores import place_of

_LONGEST = 200
"""Bytes of a name in a path: most file systems take 255."""


def _in_path(name: str) -> str:
    """A name as one part of a path; quoted, so that none reads as another, as a folder or as ``..``."""
    quoted = quote(name, safe="").replace(".", "%2E")
    if len(quoted) <= _LONGEST:
        return quoted
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"{quoted[: _LONGEST - len(digest) - 1]}-{digest}"


class StateFile:
    """One file, below a folder that all workers share; on a disk, it is its owner's alone.

    Nobody deletes it: a retry may come late. It is of a few hundred bytes, and of no use when its DAG run is
    over, so a lifecycle rule of the storage may delete it after some days.

    Args:
        folder: an absolute path, or a URL that ``ObjectStoragePath`` understands.
        names: of the task instance (DAG, run, task, map index) and of the record, which become its path.

    Raises:
        InvalidInputError: the folder is none that all workers would find.
    """

    def __init__(self, folder: str, names: tuple[str, ...]) -> None:
        below = location_of(folder, "[azure_language] state_path").rstrip("/")
        self.location = "/".join([below, *map(_in_path, names)]) + ".json"

    def read(self) -> Any:
        """The record as JSON; None if there is no file.

        Raises:
            RecordError: whether there is one, or what it says, cannot be read.
        """
        try:
            place = place_of(self.location)
            content = place.fs.cat_file(place.path)
        except FileNotFoundError:
            return None
        except Exception as error:
            # Each kind of storage has errors of its own; none of them says that there is no record.
            raise RecordError(f"{self.location} cannot be read: {type(error).__name__}.") from error
        try:
            record = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise RecordError(f"{self.location} is damaged.") from error
        if record is None:
            raise RecordError(f"{self.location} is damaged.")
        return record

    def write(self, record: dict[str, Any]) -> None:
        """Replace the record.

        Raises:
            RecordError: it cannot be written.
        """
        try:
            content = json.dumps(record).encode()
            place = place_of(self.location)
            if place.is_local:
                replace_private_file(Path(place.path), content)
            else:
                replace_file(self.location, content)
        except Exception as error:
            raise RecordError(f"{self.location} cannot be written: {type(error).__name__}.") from error
