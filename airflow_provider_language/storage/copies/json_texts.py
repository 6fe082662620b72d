"""Another text in a line of JSON: all else stays as it is written there, numbers and spaces among it."""

from __future__ import annotations

import json
import re

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Finds where values end; what they are is not asked."""


def with_text(line: str, field: str, text: str | None, encoding: str) -> str:
    """A line of JSON with another text.

    Args:
        line: an object, or a text alone; of anything else nobody knows where a text is, so nothing stays.
        field: which has the text, in an object.
        text: in the place of the text; None for null.
        encoding: of the file; what it cannot say is escaped.
    """
    if line.lstrip().startswith('"'):
        return _written(text, encoding)
    place = _place_of(line, field)
    if place is None:
        return f"{{{_written(field, encoding)}: {_written(text, encoding)}}}"
    begin, end = place
    return f"{line[:begin]}{_written(text, encoding)}{line[end:]}"


def _written(text: str | None, encoding: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    try:
        written.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(text)
    return written


def _place_of(line: str, field: str) -> tuple[int, int] | None:
    """From where up to where the value of a field stands; None if the line is no object with one of it."""
    found: list[tuple[int, int]] = []
    try:
        at = _behind("{", line, 0)
        while True:
            name, end = _DECODER.raw_decode(line, at)
            begin = _behind(":", line, end)
            _, end = _DECODER.raw_decode(line, begin)
            if name == field:
                found.append((begin, end))
            at = _past_blanks(line, end)
            if line[at : at + 1] == "}":
                break
            at = _behind(",", line, at)
    except (ValueError, RecursionError):
        return None
    is_whole = _past_blanks(line, at + 1) == len(line)
    return found[0] if is_whole and len(found) == 1 else None


def _behind(mark: str, line: str, at: int) -> int:
    """The place of what follows a mark.

    Raises:
        ValueError: the mark is not there.
    """
    at = _past_blanks(line, at)
    if line[at : at + 1] != mark:
        raise ValueError(mark)
    return _past_blanks(line, at + 1)


def _past_blanks(line: str, at: int) -> int:
    found = _BLANK.match(line, at)
    return at if found is None else found.end()
