"""Lines of a file with the place at which each begins, read while they are asked for."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from airflow_provider_language.exceptions import InvalidInputError

LONGEST = 16 * 2**20
"""Bytes of a line or of a text file: far more than a job takes, and no more than a worker can hold."""
MARK = b"\xef\xbb\xbf"
"""The byte order mark that spreadsheets write."""


@dataclass(frozen=True)
class Unread:
    """A row that cannot be read, in the place of the row.

    Args:
        why: in a sentence that shows nothing of it.
    """

    why: str


class PlacedLines(Iterator[str]):
    """The lines of a file in any encoding in which a line ends as in ASCII.

    Args:
        file: at its begin.
        location: of the file, as it is told.
        encoding: a byte order mark of UTF-8 is no part of the first line.
        returns: whether lone carriage returns, of old, end a line, too.

    Attributes:
        offset: bytes of the file before the next line.
    """

    def __init__(self, file: IO[bytes], location: str, encoding: str, *, returns: bool) -> None:
        self._file = file
        self._location = location
        self._encoding = encoding
        self._returns = returns
        self._pieces: deque[bytes] = deque()
        self._from = 0
        self._number = 0
        self.offset = 0

    def __next__(self) -> str:
        if not self._pieces:
            self._pieces.extend(self._parted(self._line()))
        piece = self._pieces.popleft()
        where, begins = self.next_place, self.offset
        self.offset += len(piece)
        self._number += 1
        return decoded(piece, self._encoding, where, is_first=begins == 0)

    @property
    def next_place(self) -> str:
        """The next line's place, in words."""
        behind = f" behind byte {self._from}" if self._from else ""
        return f"Line {self._number + 1}{behind} of {self._location}"

    def go_to(self, offset: int) -> None:
        """Let the line that begins there be the next one."""
        self._file.seek(offset)
        self._pieces.clear()
        self._number = 0
        self._from = self.offset = offset

    def _line(self) -> bytes:
        line = self._file.readline(LONGEST + 1)
        if not line:
            raise StopIteration
        if len(line) > LONGEST:
            raise self._passed_over(line)
        return line

    def _passed_over(self, begin: bytes) -> InvalidInputError:
        """The error of a line that is too long; the next one is the one behind it."""
        error, piece = too_long(self.next_place), begin
        while piece and not piece.endswith(b"\n"):
            self.offset += len(piece)
            piece = self._file.readline(LONGEST)
        self.offset += len(piece)
        self._number += 1
        return error

    def _parted(self, line: bytes) -> Sequence[bytes]:
        if not self._returns or b"\r" not in line[:-2]:
            return (line,)
        return [piece.encode("latin-1") for piece in io.StringIO(line.decode("latin-1"), newline="")]


def decoded(content: bytes, encoding: str, where: str, *, is_first: bool) -> str:
    """Bytes of a file as text.

    Args:
        content: some of its bytes.
        encoding: of the file.
        where: they are, in words.
        is_first: whether the file begins with them, perhaps with a byte order mark.

    Raises:
        InvalidInputError: they are not in this encoding.
    """
    try:
        return (content.removeprefix(MARK) if is_first else content).decode(encoding)
    except UnicodeDecodeError:
        raise InvalidInputError(
            f"{where} is not {encoding.upper()}; the parameter encoding names another one, such as cp1252."
        ) from None


def too_long(what: str) -> InvalidInputError:
    """The error of a line, or a file, that is longer than any text that a job takes."""
    return InvalidInputError(f"{what} is longer than {LONGEST // 2**20} MiB, and so than any text of a job.")
