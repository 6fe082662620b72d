"""Single rows of parts that have landed, and which parts are still as the runs that wrote them left them."""

from __future__ import annotations

import json
import os
import shutil
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.ledger import Block
from airflow_provider_language.protocol.json_values import JsonObject, decoded
from airflow_provider_language.storage.runs.run_folders import MANIFEST
from airflow_provider_language.storage.stores import place_of

PARTS = 64
"""Parts whose lines are at hand at once: a source that is read in another order than before needs many."""
_STRETCH = 2**14
"""Bytes that are read at once: a source that is read in the order of before needs the next lines, too."""


class LandedRows:
    """Reads rows of parts, each of which is fetched once while it is in use.

    Args:
        most: parts that are held on this machine's disk at once.
    """

    def __init__(self, most: int = PARTS) -> None:
        self._most = most
        self._parts: OrderedDict[str, _Lines] = OrderedDict()

    def row(self, part: str, line: int) -> JsonObject | None:
        """A row; None if there is no such part any more, or no row at this line of it.

        Args:
            part: where it is.
            line: from 0.
        """
        lines = self._parts.get(part)
        if lines is None:
            try:
                lines = _Lines(part)
            except (FileNotFoundError, InvalidInputError):
                return None
            self._parts[part] = lines
            if len(self._parts) > self._most:
                self._parts.popitem(last=False)[1].close()
        self._parts.move_to_end(part)
        return lines.row(line)

    def close(self) -> None:
        """Give the disk's room back."""
        for lines in self._parts.values():
            lines.close()
        self._parts.clear()


class _Lines:
    """The lines of a part, on this machine's disk."""

    def __init__(self, part: str) -> None:
        place = place_of(part)
        if place.is_local:
            self._file: IO[bytes] = Path(place.path).open("rb")  # noqa: SIM115 - closed when it is no longer needed
        else:
            self._file = TemporaryFile()  # noqa: SIM115 - closed when it is no longer needed
            with place.fs.open(place.path, "rb") as remote:
                shutil.copyfileobj(remote, self._file)
            self._file.seek(0)
        self._ends = array("Q", _ends_of(self._file))
        self._held = b""
        self._held_from = 0

    def row(self, line: int) -> JsonObject | None:
        if line >= len(self._ends):
            return None
        begin, end = self._ends[line - 1] if line else 0, self._ends[line]
        if begin < self._held_from or end > self._held_from + len(self._held):
            self._held = os.pread(self._file.fileno(), max(end - begin, _STRETCH), begin)
            self._held_from = begin
        return decoded(self._held[begin - self._held_from : end - self._held_from])

    def close(self) -> None:
        self._file.close()


def _ends_of(file: IO[bytes]) -> Iterator[int]:
    end = 0
    for line in file:
        end += len(line)
        yield end


class StandingParts:
    """Knows which parts that a ledger speaks of are still there, as the run of this time has written them.

    Args:
        is_own: tells by its place whether a part is of the run that asks, which knows itself what has landed.
        landed: the places of those.
    """

    def __init__(self, is_own: Callable[[str], bool], landed: frozenset[str]) -> None:
        self._is_own = is_own
        self._landed = landed
        self._runs: dict[str, tuple[str, frozenset[str]]] = {}

    def has(self, block: Block) -> bool:
        """Whether the part of a block is there.

        Raises:
            OSError, or what else the storage raises: nobody can tell; to go on would pay again.
        """
        folder, _, name = block.part.rpartition("/")
        if folder not in self._runs:
            self._runs[folder] = _look_at(folder)
        began, names = self._runs[folder]
        if began != block.began or name not in names:
            return False
        return block.part in self._landed or not self._is_own(block.part)


def _look_at(folder: str) -> tuple[str, frozenset[str]]:
    """When the run of a folder of results began, and what is in it."""
    place = place_of(folder)
    place.fs.invalidate_cache()
    path = place.path.rstrip("/")
    try:
        told = json.loads(place.fs.cat_file(f"{path}/{MANIFEST}"))
        found = place.fs.ls(path, detail=False)
    except (FileNotFoundError, ValueError):
        return "", frozenset()
    began = told.get("began") if isinstance(told, dict) else None
    return str(began or ""), frozenset(str(one).rstrip("/").rpartition("/")[2] for one in found)
