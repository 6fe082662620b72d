"""Another text in a line of JSON: all else stays as it is written there, numbers and spaces among it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence

from airflow_provider_language.protocol.inputs.turns import SAYING
from airflow_provider_language.storage.copies.reading import Forms, Texts

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Finds where values end; what they are is not asked."""


def with_texts(line: str, texts: Texts, encoding: str) -> str:
    """A line of JSON with other texts.

    Args:
        line: an object, or a text alone; of anything else nobody knows where texts are, so nothing stays.
        texts: in the place of those of fields; None for null. Of a field that has the items of a
            conversation, what is said in the place of the forms of each.
        encoding: of the file; what it cannot say is escaped.
    """
    plain = {field: text for field, text in texts.items() if text is None or isinstance(text, str)}
    if line.lstrip().startswith('"'):
        return _written(next(iter(plain.values())), encoding)
    places = _places_of(line, texts)
    if places is None:
        told = (f"{_written(field, encoding)}: {_written(plain.get(field), encoding)}" for field in texts)
        return f"{{{', '.join(told)}}}"
    copied, at = [], 0
    for begin, end, field in places:
        text = texts[field]
        copied.append(line[at:begin])
        copied.append(
            _written(text, encoding)
            if text is None or isinstance(text, str)
            else _with_forms(line[begin:end], text, encoding)
        )
        at = end
    return "".join(copied) + line[at:]


def _with_forms(array: str, items: Sequence[Forms], encoding: str) -> str:
    """The items of a conversation with other words; null where they are others than was expected."""
    try:
        written = _elements(array)
    except (ValueError, RecursionError):
        return "null"
    if len(written) != len(items):
        return "null"
    copied, at = [], 0
    for (begin, end), forms in zip(written, items, strict=True):
        item = array[begin:end]
        names = _names(item)
        fields = {name: forms.get(form) for name, form in SAYING.items() if name in names}
        copied += [array[at:begin], with_texts(item, fields, encoding) if fields else "null"]
        at = end
    return "".join(copied) + array[at:]


def _elements(array: str) -> list[tuple[int, int]]:
    """From where up to where the elements of an array stand.

    Raises:
        ValueError: it is none.
    """
    found: list[tuple[int, int]] = []
    at = _behind("[", array, 0)
    while array[at : at + 1] != "]":
        _, end = _DECODER.raw_decode(array, at)
        found.append((at, end))
        at = _past_blanks(array, end)
        if array[at : at + 1] != "]":
            at = _behind(",", array, at)
    return found


def _names(written: str) -> Collection[str]:
    """The names of an object's fields."""
    value, _ = _DECODER.raw_decode(written)
    return value if isinstance(value, dict) else ()


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
