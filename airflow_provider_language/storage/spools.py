"""A segment while it is worked on: its texts and its rows, on this machine's disk, seen by nobody else."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO

from airflow_provider_language.protocol.corpus.items import Item, Segment
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.storage.files import WholeFile, WrittenFile

_NONE = -1


class Spool:
    """The rows of a segment, by their places in it.

    Its files have no names, so nothing of them is left whatever ends the process, and nobody else reads them.

    Args:
        segment: which it is.
        items: its rows.
        tasks: how many results each of them is to have.

    Attributes:
        ids, languages, sizes: of the rows; sizes in code points.
        faults: why rows cannot be analyzed, by place.
    """

    def __init__(self, segment: Segment, items: Sequence[Item], tasks: int) -> None:
        self.segment = segment
        self.ids = [item.id for item in items]
        self.languages = [item.language for item in items]
        self.sizes = array("L", (len(item.text) for item in items))
        self.faults: Mapping[int, ServiceFault] = {
            place: item.fault for place, item in enumerate(items) if item.fault is not None
        }
        self._tasks = tasks
        self._texts: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the spool
        self._ends = array("Q")
        for item in items:
            self._texts.write(item.text.encode(errors="surrogatepass"))
            self._ends.append(self._texts.tell())
        self._texts.flush()
        self._lines: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the spool
        self._begins = array("q", [_NONE]) * (len(items) * tasks)
        self._lengths = array("Q", [0]) * (len(items) * tasks)
        self._end = 0

    def document(self, place: int, id_: str, language: str) -> Document:
        """A row as a job has it.

        Args:
            place: of the row.
            id_: by which the job knows it.
            language: for one that names none.
        """
        begin = self._ends[place - 1] if place else 0
        content = os.pread(self._texts.fileno(), self._ends[place] - begin, begin)
        text = content.decode(errors="surrogatepass")
        return Document(id_, text, self.languages[place] or language)

    def put(self, place: int, task: int, line: bytes) -> None:
        """Take the final line of a row in a task."""
        number = place * self._tasks + task
        self._lines.write(line)
        self._begins[number], self._lengths[number] = self._end, len(line)
        self._end += len(line)

    def land(self, location: str) -> WrittenFile:
        """Write all lines to a file, in the order of the source, and of the tasks; whole or not at all."""
        with WholeFile(location) as file:
            for line in self._in_order():
                file.write(line)
        return file.written

    def _in_order(self) -> Iterator[bytes]:
        self._lines.flush()
        descriptor = self._lines.fileno()
        for begin, length in zip(self._begins, self._lengths, strict=True):
            if begin == _NONE:
                raise AssertionError("a segment lands before all of its rows are there")
            yield os.pread(descriptor, length, begin)

    def close(self) -> None:
        """Give the disk's room back."""
        self._texts.close()
        self._lines.close()
