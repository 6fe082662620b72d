"""Rows to object storage, one after another: the whole file or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from airflow_provider_language.exceptions import ResultsError
from airflow_provider_language.protocol.jobs.results import Row
from airflow_provider_language.protocol.json_values import JsonObject, encoded
from airflow_provider_language.storage.files import WholeFile, WrittenFile
from airflow_provider_language.storage.formats import Encoder, encoder_for


class RowsWriter:
    """Takes rows one by one; see :func:`rows_file`."""

    def __init__(self, file: WholeFile, encoder: Encoder) -> None:
        self._file = file
        self._encoder = encoder

    def write(self, row: Row) -> None:
        """Write another row."""
        self._put(self._encoder.compress(line_of(row)))

    def end(self) -> None:
        """Write what the compression held back."""
        self._put(self._encoder.flush())

    def _put(self, content: bytes) -> None:
        if content:
            self._file.write(content)

    @property
    def written(self) -> WrittenFile:
        """The file, when its context has been left."""
        return self._file.written


@contextmanager
def rows_file(location: str) -> Iterator[RowsWriter]:
    """A file of JSON lines, seen when the context is left, and only if no exception leaves it.

    The same rows give the same bytes.

    Args:
        location: a URL or path that ``ObjectStoragePath`` understands, such as
            ``abfs://conn@container/rows.jsonl``; its suffix decides on the format.

    Raises:
        InvalidInputError: there is no format of this suffix.
    """
    encoder = encoder_for(location)
    with WholeFile(location) as file:
        writer = RowsWriter(file, encoder)
        yield writer
        writer.end()


def write_rows(rows: Iterable[Row], location: str) -> WrittenFile:
    """Write rows as they come; see :func:`rows_file`."""
    with rows_file(location) as file:
        for row in rows:
            file.write(row)
    return file.written


def line_of(row: Row, facts: JsonObject | None = None) -> bytes:
    """A row as a line of JSON.

    Args:
        row: as it came out.
        facts: of its document, in the place of what the job knows of it, or beside that.

    Raises:
        ResultsError: it is nested deeper than can be written.
    """
    told = row.to_dict()
    told.update(facts or ())
    try:
        return encoded(told) + b"\n"
    except RecursionError:
        raise ResultsError("A result is nested deeper than can be written.", job_id=row.job_id) from None
