"""Another text in a line of JSON: all else stays as it is written there, numbers and spaces among it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Finds where values end; what they are is not asked."""


def with_texts(line: str, texts: Mapping[str, str | None], encoding: str) -> str:
    """A line of JSON with other texts.

    Args:
        line: an object, or a text alone; of anything else nobody knows where texts are, so nothing stays.
        texts: in the place of those of fields; None for null.
        encoding: of the file; what it cannot say is escaped.
    """
    if line.lstrip().startswith('"'):
        return _written(next(iter(texts.values())), encoding)
    places = _places_of(line, texts)
    if places is None:
        told = (f"{_written(field, encoding)}: {_written(text, encoding)}" for field, text in texts.items())
        return f"{{{', '.join(told)}}}"
    copied, at = [], 0
    for begin, end, field in places:
        copied += [line[at:begin], _written(texts[field], encoding)]
        at = end
    return "".join(copied) + line[at:]


def _written(text: str | None, encoding: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    try:
        written.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(text)
    return written


def _places_of(line: str, fields: Collection[str]) -> list[tuple[int, int, str]] | None:
    """From where up to where values of fields stand; None if the line is no object with one of each."""
    found: list[tuple[int, int, str]] = []
    try:
        at = _behind("{", line, 0)
        while True:
            name, end = _DECODER.raw_decode(line, at)
            begin = _behind(":", line, end)
            _, end = _DECODER.raw_decode(line, begin)
            if name in fields:
                found.append((begin, end, name))
            at = _past_blanks(line, end)
            if line[at : at + 1] == "}":
                break
            at = _behind(",", line, at)
    except (ValueError, RecursionError):
        return None
    is_whole = _past_blanks(line, at + 1) == len(line)
    return found if is_whole and sorted(name for *_, name in found) == sorted(fields) else None


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
