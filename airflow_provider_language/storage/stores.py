"""The storage that a location lies on; what is no file is not opened."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsspec import filesystem

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.filesystems import found
from airflow_provider_language.storage.locations import LOCAL, as_told, location_of


@dataclass(frozen=True)
class Place:
    """A file or a folder on a storage, whether there is one or not.

    Args:
        location: as it is told.
        protocol: the scheme of its URL, empty for a local path.
        fs: of ``fsspec``.
        path: as ``fs`` takes it.
    """

    location: str
    protocol: str
    fs: Any
    path: str

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine's own disks."""
        return self.protocol in LOCAL

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rstrip("/").rpartition("/")[2]

    def is_file(self) -> bool:
        """Whether there is a file.

        Raises:
            InvalidInputError: there is something that is neither file nor folder, such as a device or a pipe.
        """
        if self.is_local:
            return is_regular(Path(self.path), self.location)
        return bool(self.fs.exists(self.path))


def place_of(location: object, name: str = "The location") -> Place:
    """The place that a location names.

    Raises:
        InvalidInputError: it is no location, or on no storage that Airflow has a provider for.
    """
    url = location_of(location, name)
    if url.startswith("/"):
        return Place(as_told(location), "", filesystem("file"), url)
    return Place(as_told(location), *found(url))


def is_regular(path: Path, location: str) -> bool:
    """Whether there is a file; links are followed.

    Raises:
        InvalidInputError: there is something that is neither file nor folder.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise InvalidInputError(f"{location} is neither a file nor a folder.")
    return stat.S_ISREG(mode)
