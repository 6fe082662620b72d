"""One field of a form, a row or a template: its text, or nothing where its word means nothing."""

from __future__ import annotations

import math
from datetime import date
from numbers import Number
from uuid import UUID

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.wire_names import check_word

NOTHING = frozenset({"", "none", "null", "nan", "nat", "<na>", "(unknown)"})
"""What forms, templates, tables and the detection of languages write for nothing, in small letters."""
_LONGEST = max(map(len, NOTHING))


def text_in(value: object, name: str) -> str | None:
    """What an optional field says: an id, a name, a language, an option.

    Args:
        value: a text; a number, a day or a uuid, which native templates and tables make of texts; or what
            stands for nothing.
        name: how a message is to call it.

    Returns:
        None for nothing: None, NaN, blanks, and words such as ``None``, ``null`` and ``(Unknown)``.

    Raises:
        InvalidInputError: it is something else, or has half a surrogate pair or a NUL in it.
    """
    if type(value) is str:  # asked first, as nearly all are, of which there may be millions
        text = value
    elif is_missing(value):
        return None
    elif not isinstance(value, (str, Number, date, UUID)):
        raise InvalidInputError(f"{name} is a {type(value).__name__}, not a text.")
    else:
        text = str.__str__(value) if isinstance(value, str) else str(value)
    if means_nothing(text):
        return None
    check_word(text, name)
    return text


def number_in(value: object, name: str) -> int | float | None:
    """What an optional field of a number says; its text will do, which templates make of it.

    Raises:
        InvalidInputError: it is no number, or none that JSON has.
    """
    text = text_in(value, name)
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInputError(f"{name} is {text!r:.60}, which is no number.")
    return int(number) if number == int(number) else number


def is_missing(value: object) -> bool:
    """Whether it is None, NaN, or what pandas has for a missing value."""
    if isinstance(value, str):
        return False
    if isinstance(value, Number):
        return value != value  # noqa: PLR0124 - NaN is not itself
    return value is None or type(value).__name__ == "NAType"


def means_nothing(text: str) -> bool:
    """Whether a word stands for nothing."""
    bare = text.strip()
    return len(bare) <= _LONGEST and bare.lower() in NOTHING


def content_in(value: object, name: str) -> str:
    """The text of a document or of a turn, whatever it says.

    Args:
        value: a text, or a number that a native template or a table made of one.
        name: how a message is to call it; the message does not have the text.

    Raises:
        InvalidInputError: there is none, or it is something else.
    """
    if isinstance(value, str):
        return value if type(value) is str else str.__str__(value)
    if is_missing(value):
        raise InvalidInputError(f"{name} has no text.")
    if isinstance(value, Number):
        return str(value)
    raise InvalidInputError(f"{name} has a {type(value).__name__} for a text.")
