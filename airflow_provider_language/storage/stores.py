"""The storage that a location lies on, by Airflow's own means; what is no file is not opened."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airflow_provider_language._compat import ObjectStoragePath
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.locations import LOCAL, as_told, location_of

_UNKNOWN = ("No filesystem registered", "Unsupported filesystem", "Protocol not known")
"""How Airflow, and the packages below it, begin to say that they do not know a scheme."""


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
    found = location_of(location, name)
    try:
        path = ObjectStoragePath(found)
        protocol, fs = str(path.protocol or ""), path.fs
    except ValueError as error:
        if not str(error).startswith(_UNKNOWN):
            raise  # such as a connection that a provider does not understand
        scheme = found.partition(":")[0]
        raise InvalidInputError(
            f"Airflow knows no storage of the scheme {scheme}; a provider that has it may not be installed."
        ) from None
    return Place(as_told(location), protocol, fs, found if protocol in LOCAL else path.path)


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
