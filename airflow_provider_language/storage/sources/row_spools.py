"""Rows on this machine's disk, while they are used: in a file without a name, which nobody else reads."""

from __future__ import annotations

import io
import json
import os
import weakref
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from airflow_provider_language.storage.sources.lines import Unread

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class RowSpool(Iterable[Any]):
    """Rows that can be read again and again; the disk's room is given back when nobody holds this any more.

    Args:
        rows: are taken to their end.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)
        for row in rows:
            told = {"unread": row.why} if isinstance(row, Unread) else {"row": row}
            line = json.dumps(told, ensure_ascii=False, default=_told, skipkeys=True)
            self._file.write(line.encode(errors="surrogatepass") + b"\n")
        self._file.flush()

    def __iter__(self) -> Iterator[Any]:
        """Each reader from the first row on, however many there are."""
        for line in io.BufferedReader(_FromBegin(self._file.fileno()), 2**20):
            told = json.loads(line.decode(errors="surrogatepass"))
            yield told["row"] if "row" in told else Unread(told["unread"])


class _FromBegin(io.RawIOBase):
    """An open file with a place of its own; closing it leaves the file open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        content = os.pread(self._descriptor, len(view), self._at)
        view[: len(content)] = content
        self._at += len(content)
        return len(content)


def _told(value: object) -> str:
    """A value that JSON does not know, as its text; bytes as databases show them."""
    return bytes(value).hex() if isinstance(value, (bytes, bytearray, memoryview)) else str(value)
