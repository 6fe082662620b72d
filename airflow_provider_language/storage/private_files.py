"""Files on a disk that nobody but their owner reads, written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def replace_private_file(path: Path, content: bytes) -> None:
    """Write a file that is its owner's alone, or put it in the place of an old one.

    Folders that are missing are made, as their owner's alone, too; one that is there stays as it is.

    Raises:
        OSError: it cannot be written.
    """
    _make_folders(path.parent)
    unfinished = path.with_name(f".{uuid4().hex}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def _make_folders(folder: Path) -> None:
    for one in [*reversed(folder.parents), folder]:
        if not one.is_dir():
            with suppress(FileExistsError):  # by another task, a moment ago
                one.mkdir(mode=0o700)
