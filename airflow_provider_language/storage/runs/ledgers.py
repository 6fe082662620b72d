"""Ledgers on object storage: folders of files of which none is ever changed, so that nobody needs a lock.

Who writes takes a name that nobody else has. Who compacts adds files that say the same before removing what
was read, and removes nothing else. Who reads and misses a file that was listed lists again: what replaced it
was there before it was removed.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO
from typing import TypeVar
from uuid import uuid4

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.corpus.known import Known
from airflow_provider_language.protocol.corpus.latest import Latest
from airflow_provider_language.protocol.corpus.ledger import Block, block_from
from airflow_provider_language.protocol.json_values import encoded
from airflow_provider_language.storage.files import WholeFile, replace_file
from airflow_provider_language.storage.formats import encoder_for
from airflow_provider_language.storage.stores import Place, place_of

T = TypeVar("T")

log = logging.getLogger(__name__)

LARGE = 8 * 2**20
"""Bytes of a file, some 400,000 entries, that compaction leaves as it is."""
_FILE = re.compile(r"[0-9a-f]{32}\.jsonl\.gz")
_NOTE = re.compile(r"[0-9a-f]{32}\.json")
_TASK = re.compile(r"\w+-[0-9a-f]{32}")
_FORGOTTEN = "_forgotten"
_PASSES = 20
"""How often a folder is listed again as others rewrite it."""


class Ledger:
    """What the runs that share a location know of documents.

    Args:
        location: of its folder, which need not be there.
    """

    def __init__(self, location: str) -> None:
        self._location = location.rstrip("/")

    def known(
        self,
        task: str,
        *,
        stands: Callable[[Block], bool] = lambda _: True,
        is_here: Callable[[str], bool] = lambda _: False,
    ) -> Known:
        """All that is known of a task.

        Args:
            task: its fingerprint; see :meth:`~.ledger_keys.LedgerKeys.of_task`.
            stands: whether the part of a block is still there.
            is_here: as :class:`Known` takes it.

        Raises:
            RecordError: a file cannot be read.
        """
        forgotten, folder = self._forgotten(), self._folder(task)
        blocks = (block for told in folder.each(folder.blocks) for block in told)
        return Known((block.without(forgotten) for block in blocks if stands(block)), is_here)

    def write(self, task: str, blocks: Iterable[Block]) -> None:
        """Add blocks, of parts that have landed; they are durable when this returns."""
        self._folder(task).write(blocks)

    def compact(self, task: str, least: int = 100, large: int = LARGE) -> None:
        """Make few files of many, without what was replaced or forgotten; not at all if there are not many.

        Args:
            task: its fingerprint.
            least: how many files make it worth while.
            large: bytes of a file, of which half is enough to leave it as it is.

        Raises:
            RecordError: a file cannot be read; then all stays as it was.
        """
        folder, forgotten = self._folder(task), self._forgotten()
        names = [name for name, size in folder.files().items() if size < large // 2]
        if len(names) < least:
            return

        def read() -> Iterator[Block]:
            return (block.without(forgotten) for name in names for block in folder.blocks(name))

        try:
            latest = Latest(read())
            left = (block.only(latest.places(number, block)) for number, block in enumerate(read()))
            folder.write(left, large)
        except FileNotFoundError:
            log.info("The ledger of %s is being rewritten by somebody else", task)
        else:
            folder.remove(names)

    def forget(self, ids: Iterable[bytes], at: float) -> int:
        """Leave out documents, of all tasks and runs, whatever is written meanwhile.

        That they are to be forgotten is written down first: from then on nobody is told of them, also if
        this is ended before all files are rewritten, or a compaction that has begun writes them once more.
        Done again, it goes on.

        Args:
            ids: digests of their ids; see :meth:`~.ledger_keys.LedgerKeys.of_id`.
            at: what has landed until then is meant, in seconds since the epoch.

        Returns:
            How many entries were taken out.

        Raises:
            RecordError: a file cannot be read.
        """
        note = encoded({"at": at, "ids": [one.hex() for one in ids]})
        replace_file(f"{self._location}/{_FORGOTTEN}/{uuid4().hex}.json", note)
        forgotten = self._forgotten()
        tasks = [name for name in _listed(place_of(self._location)) if _TASK.fullmatch(name)]
        folders = [self._folder(task) for task in tasks]
        return sum(gone for one in folders for gone in one.each(partial(one.rewrite, forgotten)))

    def _folder(self, task: str) -> _Folder:
        return _Folder(f"{self._location}/{task}")

    def _forgotten(self) -> dict[bytes, float]:
        """The ids that are to be forgotten, and until when what landed is meant."""
        folder = place_of(f"{self._location}/{_FORGOTTEN}")
        until: dict[bytes, float] = {}
        for name in filter(_NOTE.fullmatch, _listed(folder)):
            try:
                told = json.loads(_content(folder, name))
                at, ids = float(told["at"]), [bytes.fromhex(one) for one in told["ids"]]
            except (KeyError, TypeError, ValueError):
                raise _unreadable(name) from None
            until.update({one: max(at, until.get(one, at)) for one in ids})
        return until


class _Folder:
    """The files of one task."""

    def __init__(self, location: str) -> None:
        self._location = location

    def files(self) -> dict[str, int]:
        """The names of its files, and their sizes in bytes."""
        return {name: size for name, size in _listed(self._place()).items() if _FILE.fullmatch(name)}

    def each(self, visit: Callable[[str], T]) -> Iterator[T]:
        """Visit all files, those too which others put in the place of some meanwhile.

        Raises:
            RecordError: that goes on and on.
        """
        seen: set[str] = set()
        for _ in range(_PASSES):
            new = [name for name in self.files() if name not in seen]
            seen.update(new)
            is_complete = True
            for name in new:
                try:
                    found = visit(name)
                except FileNotFoundError:  # noqa: PERF203 - of each file, the others are there
                    is_complete = False
                else:
                    yield found
            if is_complete:
                return
        raise RecordError("The ledger is rewritten faster than it can be read.")

    def blocks(self, name: str) -> Iterator[Block]:
        """The blocks of a file, of which one is held at a time.

        Raises:
            FileNotFoundError: somebody has removed it, which is told at once.
        """
        return _blocks(name, _content(self._place(), name))

    def write(self, blocks: Iterable[Block], large: int = LARGE) -> None:
        """Write blocks to files, each of about so many bytes; empty ones are left out."""
        waiting = (block for block in blocks if len(block))
        first = next(waiting, None)
        while first is not None:
            location = f"{self._location}/{uuid4().hex}.jsonl.gz"
            encoder = encoder_for(location)
            with WholeFile(location) as file:
                while first is not None and file.written.size < large:
                    file.write(encoder.compress(encoded(first.to_dict()) + b"\n"))
                    first = next(waiting, None)
                file.write(encoder.flush())

    def rewrite(self, forgotten: Mapping[bytes, float], name: str) -> int:
        """Write a file anew without what is to be forgotten, if it has any; return how much it had."""
        blocks = list(self.blocks(name))
        left = [block.without(forgotten) for block in blocks]
        gone = sum(map(len, blocks)) - sum(map(len, left))
        if gone:
            self.write(left)
            self.remove([name])
        return gone

    def remove(self, names: Iterable[str]) -> None:
        """Remove files of which all is said elsewhere."""
        folder = self._place()
        for name in names:
            try:
                folder.fs.rm_file(f"{folder.path.rstrip('/')}/{name}")
            except Exception as error:  # noqa: BLE001, PERF203 - what it says is said elsewhere, too
                log.info("A file of the ledger could not be removed: %s", type(error).__name__)

    def _place(self) -> Place:
        return place_of(self._location)


def _listed(folder: Place) -> dict[str, int]:
    """The names of what is in a folder, and the sizes in bytes."""
    folder.fs.invalidate_cache()
    try:
        found = folder.fs.ls(folder.path, detail=True)
    except FileNotFoundError:
        return {}
    return {str(one["name"]).rstrip("/").rpartition("/")[2]: int(one.get("size") or 0) for one in found}


def _content(folder: Place, name: str) -> bytes:
    return bytes(folder.fs.cat_file(f"{folder.path.rstrip('/')}/{name}"))


def _blocks(name: str, content: bytes) -> Iterator[Block]:
    try:
        with gzip.open(BytesIO(content)) as lines:
            for line in lines:
                yield block_from(json.loads(line))
    except (EOFError, OSError, RecordError, ValueError, zlib.error):
        raise _unreadable(name) from None


def _unreadable(name: str) -> RecordError:
    return RecordError(
        f"The file {name} of the ledger cannot be read. Restore it, or remove it: then what it knows is "
        "analyzed and billed anew."
    )
