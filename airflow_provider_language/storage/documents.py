"""Documents and conversations from object storage: JSON lines, CSV, or a folder of text files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from airflow_provider_language.analysis.conversations import Conversation, conversations_from
from airflow_provider_language.analysis.documents import Document, documents_from
from airflow_provider_language.exceptions import InvalidInputError

if TYPE_CHECKING:
    from airflow_provider_language._compat import ObjectStoragePath

ENCODING = "utf-8-sig"
"""UTF-8, with or without the byte order mark that spreadsheets write."""


def read_documents(location: str, language: str | None = None) -> tuple[Document, ...]:
    """Read all documents of a file or folder.

    A JSON line is a text, or an object with ``text`` and perhaps ``id`` and ``language``; a CSV row has
    columns of these names; other fields are ignored. Without an id, the number of the row (from 0) is
    its id. Each ``.txt`` file below a folder is a document whose id is its path below the folder.

    Args:
        location: a URL or path that ``ObjectStoragePath`` understands, such as ``s3://conn@bucket/key``.
        language: for documents that name none.

    Raises:
        InvalidInputError: there is nothing there, the kind of file is unknown, or a row is not a document.
    """
    return documents_from(_rows(location), language)


def read_conversations(location: str, language: str | None = None) -> tuple[Conversation, ...]:
    """Read all conversations of a JSON lines or CSV file.

    A row is a turn with ``conversation_id``, ``speaker`` and ``text``, as ``conversations_from`` reads it; a
    JSON line may also be a whole conversation in the service's own words.

    Args:
        location: a URL or path that ``ObjectStoragePath`` understands.
        language: for conversations that name none.

    Raises:
        InvalidInputError: there is nothing there, the kind of file is unknown, or a row is no turn.
    """
    return conversations_from(_rows(location), language)


def _rows(location: str) -> list[Any]:
    from airflow_provider_language._compat import ObjectStoragePath

    path = ObjectStoragePath(location)
    if path.is_dir():
        return list(_of_folder(path))
    if not path.exists():
        raise InvalidInputError(f"There is nothing at {location}.")
    readers = {".jsonl": _of_json_lines, ".ndjson": _of_json_lines, ".csv": _of_csv, ".txt": _of_text}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InvalidInputError(
            f"{location} is none of {', '.join(readers)}, nor a folder of .txt files; convert it first."
        )
    try:
        return list(reader(path))
    except UnicodeDecodeError:
        raise InvalidInputError(f"{location} is not UTF-8.") from None
    except csv.Error as error:
        raise InvalidInputError(f"{location} is not CSV that can be read: {error}.") from None


def _of_folder(path: ObjectStoragePath) -> list[Document]:
    files = sorted(path.rglob("*.txt"), key=str)
    if not files:
        raise InvalidInputError(f"There are no .txt files below {path}.")
    try:
        return [Document(_below(path, file), _text(file)) for file in files]
    except UnicodeDecodeError:
        raise InvalidInputError(f"A file below {path} is not UTF-8.") from None


def _below(folder: ObjectStoragePath, file: ObjectStoragePath) -> str:
    """A file's path below a folder; ``relative_to`` gives the whole URL with the pathlib of Airflow 2.11."""
    return str(PurePosixPath(file.path).relative_to(PurePosixPath(folder.path)))


def _of_text(path: ObjectStoragePath) -> Iterator[Document]:
    yield Document(path.name, _text(path))


def _of_json_lines(path: ObjectStoragePath) -> Iterator[Any]:
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError:
            raise InvalidInputError(f"Line {number} of {path} is not JSON.") from None


def _of_csv(path: ObjectStoragePath) -> Iterator[Any]:
    return csv.DictReader(io.StringIO(_text(path), newline=""))


def _text(path: ObjectStoragePath) -> str:
    content: bytes = path.read_bytes()
    return content.decode(ENCODING)
