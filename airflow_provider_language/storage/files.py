"""Files on object storage, written whole or not at all."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import weakref
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.stores import Place, place_of

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

log = logging.getLogger(__name__)

BLOCK = 8 * 2**20
"""Bytes that are held in memory, and uploaded at a time; S3 takes 10,000 parts, of 5 MiB at least."""
_PUBLISHED_BY_CLOSING = frozenset({"s3", "s3a", "s3n", "gs", "gcs", "abfs", "abfss", "adl"})
"""Storage on which nobody sees a file before it is closed (read in s3fs 2026.9, gcsfs 2026.10, adlfs 2026.8).

On others, such as memory and SFTP, it is seen from its opening on.
"""


@dataclass(frozen=True)
class WrittenFile:
    """A file as it was written.

    Args:
        path: where it lies, as it was asked for; where that was a quoted URL of a local file, as a path.
        size: in bytes.
        sha256: of its content, in hexadecimal.
    """

    path: str
    size: int
    sha256: str


class WholeFile:
    """A file that is written in pieces and seen as a whole, in the place of an old one or of none.

    Leaving its context completes it. An exception that leaves the context, whatever its kind, discards what
    was written, and so does a writer that nobody holds any more: then the old file stays. Two writers at once
    leave the file of one of them. No more than a block is held in memory.

    Args:
        location: an absolute path, or a URL that ``ObjectStoragePath`` understands, such as
            ``abfs://conn@container/key``.

    Raises:
        InvalidInputError: it is no location of a file, or there is something else, such as a device.
    """

    def __init__(self, location: str) -> None:
        place = place_of(location)
        self._location = place.location
        self._size = 0
        self._digest = hashlib.sha256()
        self._draft = _draft_of(place)
        # A file of fsspec publishes itself when it is collected. This holds it until its writer is gone,
        # also if both are in a circle, where it could else be collected first.
        self._dropped = weakref.finalize(self, _discard, self._draft, location)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._draft.complete()
                self._dropped.detach()
        finally:
            self._dropped()

    def write(self, content: bytes) -> None:
        """Write another piece."""
        self._draft.write(content)
        self._digest.update(content)
        self._size += len(content)

    @property
    def written(self) -> WrittenFile:
        """What was written until now."""
        return WrittenFile(self._location, self._size, self._digest.hexdigest())


class Sink:
    """A whole file as pyarrow takes one; that it is closed publishes nothing."""

    closed = False

    def __init__(self, file: WholeFile) -> None:
        self._file: WholeFile | None = file

    def write(self, content: Any) -> int:
        """Write another piece, of whatever has bytes."""
        if self._file is not None:
            self._file.write(bytes(content))
        return len(content)

    def flush(self) -> None:
        """The file knows when to."""

    def close(self) -> None:
        """Take nothing more; the file is completed by who has opened it."""
        self.closed = True

    def drop(self) -> None:
        """Pass on nothing more: pyarrow writes the end of a file when its writer is collected."""
        self._file = None


def replace_file(location: str, content: bytes) -> None:
    """Write a file, or put it in the place of an old one; see :class:`WholeFile`."""
    with WholeFile(location) as file:
        file.write(content)


class _Draft(Protocol):
    """A file that nobody sees yet."""

    def write(self, content: bytes, /) -> object: ...

    def complete(self) -> None:
        """Put it where it belongs."""

    def discard(self) -> None:
        """Leave nothing of it; it may have been completed in part."""


def _draft_of(place: Place) -> _Draft:
    if place.is_local:
        _check_target(place)
        return _LocalDraft(Path(place.path))
    if place.protocol in _PUBLISHED_BY_CLOSING:
        return _Upload(place.fs, place.path)
    return _Spool(place.fs, place.path)


def _check_target(place: Place) -> None:
    """Refuse to put a file in the place of a folder, or of a device."""
    if not place.is_file() and place.fs.isdir(place.path):
        raise InvalidInputError(f"{place.location} is a folder; name a file in it.")


def _discard(draft: _Draft, location: str) -> None:
    """Discard a draft; that it cannot be done must not hide why it was to be done."""
    try:
        draft.discard()
    except Exception as error:  # noqa: BLE001 - each kind of storage has errors of its own
        log.warning("What was begun of %s could not be discarded: %s", location, type(error).__name__)


class _LocalDraft:
    """A file of another name in the same folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._unfinished = path.with_name(f".{uuid4().hex}.unfinished")
        self._file = self._unfinished.open("xb")
        self.write = self._file.write

    def complete(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._unfinished.replace(self._path)

    def discard(self) -> None:
        # First the name: closing writes what is buffered, for which a full disk has no room.
        self._unfinished.unlink(missing_ok=True)
        self._file.close()


class _Upload:
    """An upload in blocks, of which the storage shows nothing before its end; in one call, if it is small."""

    def __init__(self, fs: Any, path: str) -> None:
        self._fs = fs
        self._path = path
        self._beginning = bytearray()
        self._file: Any = None

    def write(self, content: bytes) -> None:
        if self._file is not None:
            self._file.write(content)
            return
        self._beginning += content
        if len(self._beginning) >= BLOCK:
            self._file = self._fs.open(self._path, "wb", block_size=BLOCK)
            self._file.write(self._beginning)
            self._beginning.clear()

    def complete(self) -> None:
        if self._file is None:
            self._fs.pipe_file(self._path, bytes(self._beginning))
        else:
            self._file.close()

    def discard(self) -> None:
        if self._file is None:
            return
        try:
            self._file.discard()
        finally:
            # adlfs discards nothing, and commits what there is when a file that is not closed is collected.
            self._file.closed = True


class _Spool:
    """A nameless local file, sent when it is complete, for storage that cannot show a file all at once."""

    def __init__(self, fs: Any, path: str) -> None:
        self._fs = fs
        self._path = path
        self._spool = SpooledTemporaryFile(max_size=BLOCK)  # noqa: SIM115 - closed by discarding it
        self.write = self._spool.write

    def complete(self) -> None:
        is_small = self._spool.tell() <= BLOCK
        self._spool.seek(0)
        if is_small:
            self._fs.pipe_file(self._path, self._spool.read())
        else:
            with self._fs.open(self._path, "wb") as file:
                shutil.copyfileobj(self._spool, file, BLOCK)
        self._spool.close()

    def discard(self) -> None:
        self._spool.close()
