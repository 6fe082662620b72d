"""A file whose bytes are kept while somebody reads it, until who copies it takes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import IO, TypeVar, cast

RowT = TypeVar("RowT")


class Recorded:
    """Keeps what is read of a file; of a line that its reader takes in several pieces, the first one.

    Attributes:
        upto: bytes that were read until now.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._pieces: deque[tuple[bytes, int]] = deque()
        self._at = 0
        self._from = 0
        self._is_amid = False
        self.upto = 0

    def through(self, file: IO[bytes]) -> IO[bytes]:
        """The file, as its reader is to read it."""
        self._file = file
        return cast("IO[bytes]", self)

    def readline(self, size: int = -1) -> bytes:
        """A line, or so many bytes of it."""
        return self._kept(cast("IO[bytes]", self._file).readline(size))

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all."""
        return self._kept(cast("IO[bytes]", self._file).read(size))

    def _kept(self, content: bytes) -> bytes:
        if content:
            ends = content.endswith(b"\n")
            kept = (b"\n" if ends else b"") if self._is_amid else content
            self._pieces.append((kept, len(content)))
            self.upto += len(content)
            self._is_amid = not ends
        return content

    def take(self, upto: int) -> bytes:
        """What was read from where it was taken last, up to there, and is kept no longer."""
        taken = []
        while self._from < upto:
            kept, length = self._pieces[0]
            end = min(length, self._at + upto - self._from)
            taken.append(kept[self._at : end])
            self._from += end - self._at
            self._at = end
            if end == length:
                self._pieces.popleft()
                self._at = 0
        return b"".join(taken)

    def beside(
        self, rows: Iterable[tuple[int, RowT]], most: int | None
    ) -> Iterator[tuple[RowT | None, bytes]]:
        """The rows of the file, each with its bytes and what follows before the next one.

        First comes what stands before all rows, with None.

        Args:
            rows: as they are read through this, each with the bytes before it.
            most: rows after which it ends; behind the last of these nothing more is read.
        """
        held: RowT | None = None
        for number, (begin, row) in enumerate(rows, start=1):
            yield held, self.take(begin)
            held = row
            if number == most:
                break
        yield held, self.take(self.upto)
