"""The journal of a run on object storage: small files in a folder, of which none is ever changed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.json_values import encoded
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.stores import Place, place_of

log = logging.getLogger(__name__)

_NAME = re.compile(r"(\d{6})-(\d{9})\.jsonl")
"""The try that wrote a file, and the place of the file among those of this try.

So an earlier try that still writes, though a later one has begun, says nothing after it.
"""


class JournalFolder:
    """The files of one run's journal.

    Args:
        location: of the folder, which need not be there.
        attempt: the number of this try, which no later one has.
    """

    def __init__(self, location: str, attempt: int) -> None:
        self._location = location.rstrip("/")
        self._attempt = attempt
        self._last = -1
        self._written: list[str] = []

    def entries(self) -> Iterator[dict[str, Any]]:
        """All entries, in the order in which they were written; later ones are written behind these.

        Raises:
            RecordError: a file cannot be read.
        """
        folder = self._folder()
        for name in self._names(folder):
            attempt, number = map(int, name.removesuffix(".jsonl").split("-"))
            self._last = number if attempt == self._attempt else self._last
            self._written.append(name)
            yield from _entries(folder, name)

    def write(self, entries: Iterable[Any]) -> None:
        """Write entries, which are durable when this returns."""
        self._last += 1
        name = f"{self._attempt:06}-{self._last:09}.jsonl"
        lines = (encoded(entry) + b"\n" for entry in entries)
        replace_file(f"{self._location}/{name}", b"".join(lines))
        self._written.append(name)

    def compact(self, entries: Iterable[Any]) -> None:
        """Write what says all, and remove the files that came before it."""
        before, self._written = self._written, []
        self.write(entries)
        for name in before:
            self._remove(name)

    def _remove(self, name: str) -> None:
        folder = self._folder()
        try:
            folder.fs.rm_file(f"{folder.path.rstrip('/')}/{name}")
        except Exception as error:  # noqa: BLE001 - what it says is said elsewhere, too, and it may lie there
            log.info("A file of the journal could not be removed: %s", type(error).__name__)

    def overtaken_by(self) -> int | None:
        """The number of a later try that writes this journal; None if there is none."""
        tries = [int(found[1]) for name in self._names(self._folder()) if (found := _NAME.fullmatch(name))]
        latest = max(tries, default=0)
        return latest if latest > self._attempt else None

    def _folder(self) -> Place:
        return place_of(self._location)

    def _names(self, folder: Place) -> list[str]:
        folder.fs.invalidate_cache()
        try:
            found = folder.fs.ls(folder.path, detail=False)
        except FileNotFoundError:
            return []
        names = (str(one).rstrip("/").rpartition("/")[2] for one in found)
        return sorted(name for name in names if _NAME.fullmatch(name))


def _entries(folder: Place, name: str) -> Iterator[dict[str, Any]]:
    content = folder.fs.cat_file(f"{folder.path.rstrip('/')}/{name}")
    try:
        yield from map(json.loads, content.splitlines())
    except ValueError:
        raise RecordError(f"The file {name} of the run's journal cannot be read.") from None
