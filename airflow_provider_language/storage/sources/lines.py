"""Lines of a file with the place at which each begins, read while they are asked for."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
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
        line = self.next_bytes()
        if not line:
            raise StopIteration
        return self.text_of(line)

    def next_bytes(self) -> bytes:
        """The next line as it is stored; empty behind the last one.

        Raises:
            InvalidInputError: it is too long, and passed over.
        """
        if self._pieces:
            line = self._pieces.popleft()
        else:
            line = self._file.readline(LONGEST + 1)
            if len(line) > LONGEST:
                raise self._passed_over(line)
            if self._returns and b"\r" in line[:-2]:
                line, *others = _parted(line)
                self._pieces.extend(others)
        self.offset += len(line)
        self._number += 1
        return line

    def text_of(self, line: bytes) -> str:
        """The text of the line that was read last.

        Raises:
            InvalidInputError: it is not in the encoding.
        """
        return decoded(line, self._encoding, self.place, is_first=self.offset == len(line))

    @property
    def place(self) -> str:
        """The place, in words, of the line that was read last."""
        return self._place(self._number)

    @property
    def next_place(self) -> str:
        """The next line's place, in words."""
        return self._place(self._number + 1)

    def _place(self, number: int) -> str:
        behind = f" behind byte {self._from}" if self._from else ""
        return f"Line {number}{behind} of {self._location}"

    def go_to(self, offset: int) -> None:
        """Let the line that begins there be the next one."""
        self._file.seek(offset)
        self._pieces.clear()
        self._number = 0
        self._from = self.offset = offset

    def _passed_over(self, begin: bytes) -> InvalidInputError:
        """The error of a line that is too long; the next one is the one behind it."""
        error, piece = too_long(self.next_place), begin
        while piece and not piece.endswith(b"\n"):
            self.offset += len(piece)
            piece = self._file.readline(LONGEST)
        self.offset += len(piece)
        self._number += 1
        return error


def _parted(line: bytes) -> list[bytes]:
    """The lines that lone carriage returns make of one."""
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
