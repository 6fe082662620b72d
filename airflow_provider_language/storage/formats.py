"""Which format a file of rows has: the suffix of its path decides."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, Protocol

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.locations import OUTPUT, given_location, location_of

_GZIP = 16 + zlib.MAX_WBITS
"""A header of gzip with neither a name nor a time in it, so that the same rows are the same bytes."""


class Encoder(Protocol):
    """Makes the bytes of a file out of those of its lines."""

    def compress(self, content: bytes, /) -> bytes:
        """The next bytes of the file, if there are any yet."""

    def flush(self) -> bytes:
        """The last bytes of the file."""


class _Plain:
    """Bytes as they are."""

    def compress(self, content: bytes) -> bytes:
        return content

    def flush(self) -> bytes:
        return b""


def _gzip() -> Encoder:
    return zlib.compressobj(wbits=_GZIP)


def packer(*, is_packed: bool) -> Encoder:
    """What writes the bytes of a file that is compressed, or is not; the same ones for the same content."""
    return _gzip() if is_packed else _Plain()


_ENCODERS: dict[str, Callable[[], Encoder]] = {
    ".jsonl": _Plain,
    ".ndjson": _Plain,
    ".jsonl.gz": _gzip,
    ".ndjson.gz": _gzip,
}
"""What the suffix of a path stands for; all of them are JSON lines."""


def check_location(location: str | None) -> None:
    """Refuse to write where a location says, or what its suffix says, where we cannot.

    Raises:
        InvalidInputError: with the suffixes that are written, or the location's absolute form.
    """
    encoder_for(location)


def given_output(location: Any) -> Any:
    """Where a DAG says that rows are to be written, as text, checked as far as can be; an XComArg as it is.

    Raises:
        InvalidInputError: rows cannot be written there.
    """
    given = given_location(location, OUTPUT)
    if given is None or isinstance(given, str):
        check_template(given)
    return given


def check_template(location: str | None) -> None:
    """Refuse what is certain of a location before its templates are rendered, as :func:`check_location`.

    What stands before the first template, and behind the last one, is certain; ``.gz`` may be the end of
    ``.jsonl.gz``.
    """
    begin, opened, _ = str(location).partition("{")
    _, closed, end = str(location).rpartition("}")
    if not opened or not closed:
        check_location(location)
        return
    if begin:
        location_of(begin + "rendered", OUTPUT)
    suffix = PurePosixPath(f"rendered{end.lower()}").suffix
    if suffix and not any(known.endswith(suffix) for known in _ENCODERS):
        raise _no_format(location)


def encoder_for(location: str | None) -> Encoder:
    """What writes the format that a path's suffix stands for.

    Raises:
        InvalidInputError: there is no such format, or it is no location.
    """
    return _ENCODERS[_suffix_of(location)]()


def stem_of(location: str | None) -> str:
    """The name of a file of rows, without its suffix.

    Raises:
        InvalidInputError: there is no format of its suffix.
    """
    name = PurePosixPath(location_of(location, OUTPUT)).name
    return name[: -len(_suffix_of(location))]


def _suffix_of(location: str | None) -> str:
    name = PurePosixPath(location_of(location, OUTPUT).lower()).name
    for suffix in _ENCODERS:
        if name.endswith(suffix) and name != suffix:
            return suffix
    raise _no_format(location)


def _no_format(location: str | None) -> InvalidInputError:
    return InvalidInputError(
        f"{location} names no format that is written; rows are written to {', '.join(_ENCODERS)}."
    )
