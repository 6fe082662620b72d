"""A segment while it is worked on: its contents and its rows, on this machine's disk, seen by nobody else."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO

from airflow_provider_language.protocol.corpus import row_ranges
from airflow_provider_language.protocol.corpus.items import Item, Segment
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.json_values import JsonObject, JsonValue, decoded, encoded
from airflow_provider_language.storage.files import WholeFile, WrittenFile

_NONE = -1
_LEFT_OUT = -2
_AT_ONCE = 100
"""Contents that are written at once, which takes fewer steps."""
_STRETCH = 2**20
"""Bytes that are read at once, about."""


class Spool:
    """The items of a segment, by their places in it, and their rows.

    Its files have no names, so nothing of them is left whatever ends the process, and nobody else reads them.

    Args:
        segment: which it is.
        items: of the segment.
        tasks: how many rows each of them is to have.
        has_contents: whether any of them may be submitted.

    Attributes:
        ids, languages, sizes: of the items; sizes in code points, 0 where they are not known.
        faults: why items cannot be analyzed, by place.
        pieces: of the items that are cut, by place.
    """

    def __init__(
        self, segment: Segment, items: Sequence[Item], tasks: int, *, has_contents: bool = True
    ) -> None:
        self.segment = segment
        self.ids = [item.id for item in items]
        self.languages = [item.language for item in items]
        self.sizes = array("L", (item.characters for item in items))
        self.faults: Mapping[int, ServiceFault] = {
            place: item.fault for place, item in enumerate(items) if item.fault is not None
        }
        self.pieces: Mapping[int, tuple[Piece, ...]] = {
            place: item.pieces for place, item in enumerate(items) if item.pieces
        }
        self._tasks = tasks
        self._contents: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the spool
        self._ends = array("Q")
        if has_contents:
            self._write(items)
        self._sources = [item.source for item in items]
        self._row_numbers = array("q", (_NONE if one.row_number is None else one.row_number for one in items))
        self._kept = _Kept(items)
        self._lines: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the spool
        self._begins = array("q", [_NONE]) * (len(items) * tasks)
        self._lengths = array("Q", [0]) * (len(items) * tasks)
        self._end = 0

    def _write(self, items: Sequence[Item]) -> None:
        end = 0
        for first in range(0, len(items), _AT_ONCE):
            some = items[first : first + _AT_ONCE]
            contents = [item.content.encode(errors="surrogatepass") for item in some]
            self._contents.write(b"".join(contents))
            for content in contents:
                end += len(content)
                self._ends.append(end)
        self._contents.flush()

    def contents(self, places: Sequence[int]) -> Iterator[str]:
        """The contents of items at places in rising order; those that stand side by side are read at once."""
        for first, last in row_ranges.ranges(places):
            begin = self._ends[first - 1] if first else 0
            content = os.pread(self._contents.fileno(), self._ends[last] - begin, begin)
            from_ = 0
            for end in self._ends[first : last + 1]:
                yield content[from_ : end - begin].decode(errors="surrogatepass")
                from_ = end - begin

    def facts(self, place: int) -> dict[str, JsonValue]:
        """What the rows of an item tell of itself and where it comes from, beside what was found in it."""
        number = self._row_numbers[place]
        told: dict[str, JsonValue] = {
            "document_id": self.ids[place],
            "source": self._sources[place],
            "row_number": None if number == _NONE else number,
            "characters": self.sizes[place] or None,  # nothing that is empty is analyzed
        }
        if not self._kept.is_empty:
            told["columns"] = self._kept.of(place)
        return told

    def keep(self, line: bytes) -> tuple[int, int]:
        """Take what does not land, such as the row of a piece; what :meth:`kept` needs to give it back."""
        begin, self._end = self._end, self._end + len(line)
        self._lines.write(line)
        return begin, len(line)

    def kept(self, place: tuple[int, int]) -> bytes:
        """What was taken by :meth:`keep`."""
        begin, length = place
        self._lines.flush()
        return os.pread(self._lines.fileno(), length, begin)

    def leave_out(self, place: int, task: int) -> None:
        """Land without a row."""
        self._begins[place * self._tasks + task] = _LEFT_OUT

    def leave_out_all(self) -> None:
        """Land without any row."""
        self._begins = array("q", [_LEFT_OUT]) * len(self._begins)

    def line(self, place: int, task: int) -> bytes:
        """A final row, as it was taken by :meth:`put`."""
        number = place * self._tasks + task
        return self.kept((self._begins[number], self._lengths[number]))

    def put(self, lines: Mapping[tuple[int, int], bytes]) -> None:
        """Take the final rows, as lines, by the place of the item and that of the task.

        What lands side by side is written side by side, so that it is read at once.
        """
        told = sorted(lines.items())
        for (place, task), line in told:
            number = place * self._tasks + task
            self._begins[number], self._lengths[number] = self._end, len(line)
            self._end += len(line)
        self._lines.write(b"".join(line for _, line in told))

    def land(self, location: str) -> WrittenFile:
        """Write all lines to a file, in the order of the source, and of the tasks; whole or not at all."""
        with WholeFile(location) as file:
            for begin, end in self._stretches():
                file.write(os.pread(self._lines.fileno(), end - begin, begin))
        return file.written

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Where lines lie that land one after another: from, and up to."""
        self._lines.flush()
        from_ = upto = 0
        for begin, length in zip(self._begins, self._lengths, strict=True):
            if begin == _NONE:
                raise AssertionError("a segment lands before all of its rows are there")
            if begin == _LEFT_OUT:
                continue
            if begin != upto or upto - from_ >= _STRETCH:
                yield from_, upto
                from_ = begin
            upto = begin + length
        yield from_, upto

    def close(self) -> None:
        """Give the disk's room back."""
        self._contents.close()
        self._kept.close()
        self._lines.close()


class _Kept:
    """What is carried over from the items of a segment; on the disk, since columns may be large."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the spool
        self._ends = array("Q")
        if any(item.kept for item in items):
            for item in items:
                self._file.write(encoded(item.kept))
                self._ends.append(self._file.tell())
            self._file.flush()

    @property
    def is_empty(self) -> bool:
        return not self._ends

    def of(self, place: int) -> JsonObject:
        begin = self._ends[place - 1] if place else 0
        return decoded(os.pread(self._file.fileno(), self._ends[place] - begin, begin)) or {}

    def close(self) -> None:
        self._file.close()
