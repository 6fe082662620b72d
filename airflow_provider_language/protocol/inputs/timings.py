"""Timings of a transcript: when something was said, in the units of the transcription."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Number
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.fields import content_in, is_missing, means_nothing

_DIGITS = 19
"""Fewer have room in 64 bits."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When something was said, in the units of the transcription (ticks of 100 ns from Speech)."""

    offset: int | None = None
    duration: int | None = None


@dataclass(frozen=True, kw_only=True)
class WordTiming(Timing):
    """When a word was said."""

    word: str | None = field(default=None, repr=False)


def timing_in(value: object, name: str) -> Timing | None:
    """The timing of an item; None where there is none.

    Args:
        value: typed, a dict of it, or the JSON of one.
        name: how a message is to call it.

    Raises:
        InvalidInputError: it is something else.
    """
    found = _parsed(value, name)
    return None if found is None else Timing(**_ticks(found, name, ("offset", "duration")))


def word_timings_in(value: object, name: str) -> tuple[WordTiming, ...] | None:
    """The timings of an item's words; None where there are none.

    Args:
        value: a list of timings, typed or dicts, or the JSON of one.
        name: how a message is to call them.

    Raises:
        InvalidInputError: it is something else.
    """
    found = _parsed(value, name)
    if found is None:
        return None
    if isinstance(found, (str, bytes)) or not isinstance(found, Sequence):
        raise InvalidInputError(f"{name} are a {type(found).__name__}, not a list of them.")
    return tuple(_word(one, name) for one in found)


def _word(value: object, name: str) -> WordTiming:
    word = value.get("word") if isinstance(value, Mapping) else getattr(value, "word", None)
    ticks = _ticks(value, name, ("offset", "duration", "word"))
    return WordTiming(**ticks, word=None if word is None else content_in(word, name))


def _parsed(value: object, name: str) -> Any:
    """What a cell of a CSV file says, which is JSON."""
    if is_missing(value):
        return None
    if not isinstance(value, str):
        return value
    if means_nothing(value):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise InvalidInputError(f"{name} cannot be read: it is a text that is not JSON.") from None


def _ticks(value: object, name: str, known: Sequence[str]) -> dict[str, int | None]:
    if isinstance(value, Timing):
        value = {"offset": value.offset, "duration": value.duration}
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{name}: a timing is a {type(value).__name__}, not a dict.")
    unknown = sorted(str(one) for one in value if one not in known)
    if unknown:
        raise InvalidInputError(f"{name}: a timing has unknown fields: {', '.join(unknown):.200}.")
    return {one: _tick(value.get(one), name) for one in ("offset", "duration")}


def _tick(value: object, name: str) -> int | None:
    """A number of ticks, or the digits of one; it is a float where a table has gaps in its column."""
    if value is None:
        return None
    text = str(value).strip() if isinstance(value, (str, Number)) else ""
    whole, _, rest = text.partition(".")
    is_whole = whole.removeprefix("-").isdecimal() and not rest.strip("0") and len(whole) < _DIGITS
    if isinstance(value, bool) or not is_whole:
        raise InvalidInputError(f"{name}: an offset or a duration is no whole number of ticks.")
    return int(whole)
