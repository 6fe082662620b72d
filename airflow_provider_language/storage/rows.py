"""Rows to object storage as JSON lines: the whole file or nothing of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from airflow_provider_language.analysis.results import Row
from airflow_provider_language.storage.files import replace_file


@dataclass(frozen=True)
class WrittenFile:
    """A file as it was written.

    Args:
        path: where it lies, as it was asked for.
        size: in bytes.
        sha256: of its content, in hexadecimal.
    """

    path: str
    size: int
    sha256: str


def write_rows(rows: Iterable[Row], location: str) -> WrittenFile:
    """Write rows as JSON lines, one after another in the order given.

    The same rows give the same bytes. A reader never sees a part of a file: on a local disk it is written
    under another name and renamed; on object storage it is one upload, which replaces the old object when
    it is complete.

    Args:
        rows: any number.
        location: a URL or path that ``ObjectStoragePath`` understands, such as ``abfs://conn@container/key``.
    """
    content = "".join(_line(row) for row in rows).encode()
    replace_file(location, content)
    return WrittenFile(location, len(content), hashlib.sha256(content).hexdigest())


def _line(row: Row) -> str:
    return json.dumps(row.to_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"
