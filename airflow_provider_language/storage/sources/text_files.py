"""Text files, each of them a document: one alone, or all below a folder, and nothing from outside of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import UTF_8, Layout
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.storage.sources.lines import LONGEST, decoded, too_long
from airflow_provider_language.storage.stores import Place, is_regular

_SUFFIX = ".txt"


def text_of(file: IO[bytes], where: str, layout: Layout) -> str:
    """The text of a file.

    Raises:
        InvalidInputError: it is in another encoding, or longer than any text of a job.
    """
    content = file.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise too_long(where)
    return decoded(content, layout.encoding or UTF_8, where, is_first=True)


def folder_texts(
    folder: Place, layout: Layout, names: tuple[str, ...] | None = None
) -> Iterator[tuple[str, Document]]:
    """The text files below a folder, as documents whose ids are their paths below it.

    Args:
        folder: on any storage.
        layout: which encoding they have.
        names: of the files to read; None for all.

    Raises:
        InvalidInputError: there are none, or one is no file, lies elsewhere or cannot be read.
    """
    for name in _names(folder) if names is None else names:
        path = f"{folder.path.rstrip('/')}/{name}"
        where = f"{name!r} below {folder.location}"
        check_within(folder, name, where)
        try:
            with folder.fs.open(path, "rb") as file:
                yield name, Document(name, text_of(file, where, layout))
        except FileNotFoundError:
            raise InvalidInputError(f"{where} is no longer there.") from None


def _names(folder: Place) -> list[str]:
    root = PurePosixPath(folder.path.strip("/"))
    files = sorted(one for one in folder.fs.find(folder.path) if one.lower().endswith(_SUFFIX))
    if not files:
        raise InvalidInputError(f"There are no {_SUFFIX} files below {folder.location}.")
    return [str(PurePosixPath(file.strip("/")).relative_to(root)) for file in files]


def check_within(folder: Place, name: str, where: str) -> None:
    """Refuse what is no file below the folder: a link may lead to any file that the worker can read."""
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        raise InvalidInputError(f"{where} is not below it.")
    if not folder.is_local:
        return
    try:
        root = Path(folder.path).resolve()
        file = (root / name).resolve()
    except (OSError, RuntimeError):  # a circle of links
        raise InvalidInputError(f"{where} is a link that leads nowhere.") from None
    if not file.is_relative_to(root):
        raise InvalidInputError(f"{where} is a link that leaves the folder.")
    if file.exists() and not is_regular(file, where):
        raise InvalidInputError(f"{where} is not a file.")
