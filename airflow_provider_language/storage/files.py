"""Files on object storage, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from airflow_provider_language._compat import ObjectStoragePath

_LOCAL = frozenset({"", "file", "local"})


def replace_file(location: str, content: bytes) -> None:
    """Write a file, or put it in the place of an old one.

    A reader never sees a part of it, and two writers at once leave the file of one of them: on a local disk
    it is written under a name of its own and renamed; on object storage it is one upload, which replaces the
    old object when it is complete.

    Args:
        location: a URL or path that ``ObjectStoragePath`` understands, such as ``abfs://conn@container/key``.
        content: all of it.
    """
    path = ObjectStoragePath(location)
    if path.protocol in _LOCAL:
        _replace_local(Path(path.path), content)
    else:
        path.fs.pipe_file(path.path, content)


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
