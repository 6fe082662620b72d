"""Rows to object storage as JSON lines: the whole file or nothing of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from airflow_provider_language.analysis.results import Row

_LOCAL = frozenset({"", "file", "local"})


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
    from airflow_provider_language._compat import ObjectStoragePath

    content = "".join(_line(row) for row in rows).encode()
    path = ObjectStoragePath(location)
    if path.protocol in _LOCAL:
        _replace_local(Path(path.path), content)
    else:
        path.fs.pipe_file(path.path, content)
    return WrittenFile(location, len(content), hashlib.sha256(content).hexdigest())


def _line(row: Row) -> str:
    return json.dumps(row.to_dict(), ensure_ascii=False, separators=(",", ":")) + "\n"


def _replace_local(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
