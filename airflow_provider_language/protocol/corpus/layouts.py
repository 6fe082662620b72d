"""How a file of inputs is written: which columns mean what, what parts the cells, and its encoding."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypedDict

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.fields import means_nothing

UTF_8 = "utf-8"
"""The encoding of a file of which nothing else is said; a byte order mark before it is no part of a text."""
COMMA = ","

_MARKED = "utf-8-sig"
_ASCII = 128
_TAB_AS_TYPED = "\\t"
"""What a form or a shell gives for a tab."""


class LayoutOptions(TypedDict, total=False):
    """What may be said of a file, under the names of :class:`Layout`."""

    text_column: str | None
    id_column: str | None
    language_column: str | None
    speaker_column: str | None
    delimiter: str | None
    encoding: str | None


@dataclass(frozen=True)
class Layout:
    r"""How a file of inputs is written. What is None or empty is as it is by default.

    Args:
        text_column: the column, or field of a JSON line, that has the text; by default ``text``.
        id_column: that has the id; by default ``id``, in a file of conversations ``conversation_id``.
        language_column: that has the language; by default ``language``.
        speaker_column: that says who speaks, in a file of conversations; by default ``speaker``.
        delimiter: one character between the cells of CSV, or ``\t`` as it is typed; by default a comma.
        encoding: as Python names it, such as ``cp1252``; by default UTF-8.

    Raises:
        InvalidInputError: the delimiter or the encoding is none with which a file can be read.
    """

    text_column: str | None = None
    id_column: str | None = None
    language_column: str | None = None
    speaker_column: str | None = None
    delimiter: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            object.__setattr__(self, one.name, _said(one.name, getattr(self, one.name)))
        if self.delimiter is not None:
            object.__setattr__(self, "delimiter", _delimiter(self.delimiter))
        if self.encoding is not None:
            object.__setattr__(self, "encoding", _encoding(self.encoding))

    def to_dict(self) -> dict[str, str]:
        """What is said, as JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def refuse_rows(self) -> None:
        """Refuse to be told of documents that are given as they are, and have no file.

        Raises:
            InvalidInputError: something is said that would have no effect.
        """
        if said := self.to_dict():
            raise InvalidInputError(
                f"{', '.join(said)}: these say how a file is read, and the documents or conversations are "
                "given as rows; name their fields id, text and language."
            )


def layout_from(value: object) -> Layout:
    """Read what :meth:`Layout.to_dict` wrote; names that are not known are ignored.

    Raises:
        InvalidInputError: it says something with which no file can be read.
    """
    known = {one.name for one in fields(Layout)}
    said: Mapping[Any, Any] = value if isinstance(value, Mapping) else {}
    return Layout(**{name: said[name] for name in said if name in known})


def _said(name: str, value: object) -> str | None:
    """An option as text; a template may give a number for one."""
    if value is None or isinstance(value, (str, int)):
        text = "" if value is None else str(value)
        is_character = name == "delimiter" and len(text) == 1  # also one that is blank elsewhere
        is_blank = not is_character and means_nothing(text)
        return None if is_blank else text
    raise InvalidInputError(f"{name} is a {type(value).__name__} instead of a text.")


def _delimiter(said: str) -> str:
    delimiter = "\t" if said == _TAB_AS_TYPED else said
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise InvalidInputError(
            f"The delimiter is {said[:9]!r} instead of one character, such as ';' or '\\t'."
        )
    return delimiter


def _encoding(said: str) -> str:
    """An encoding's usual name, of those in which a line ends as in ASCII."""
    try:
        name = codecs.lookup(said).name
        name = UTF_8 if name == _MARKED else name
        is_readable = all(chr(code).encode(name) == bytes([code]) for code in range(_ASCII))
    except (LookupError, ValueError):
        raise InvalidInputError(f"{said[:40]!r} is no encoding of texts that Python knows.") from None
    if not is_readable:
        raise InvalidInputError(f"Files in {name} are not read; convert it to UTF-8 first.")
    return name


AS_USUAL = Layout()
"""Of a file of which nothing is said."""
