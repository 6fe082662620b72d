"""What the service found in a text, as spans of it: each is looked at before a text is redacted by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.rulers import Ruler, span_of
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.string_units import Widths, code_points, utf16
from airflow_provider_language.protocol.json_values import JsonObject, clean
from airflow_provider_language.protocol.redaction.spans import Span
from airflow_provider_language.protocol.tables.values import number

UNKNOWN = "Unknown"
"""The category of what has none that could stand in a text: the service's words are looked at, too."""
_CATEGORY = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}")
_UNITS: dict[object, Widths] = {"UnicodeCodePoint": code_points, "Utf16CodeUnit": utf16}


def unit_of(task: WireTask) -> Widths:
    """The unit in which a task's offsets count.

    Raises:
        InvalidInputError: they count text elements, of which nobody knows by which rules they are counted.
    """
    said = task.parameters.get("stringIndexType")
    if said not in _UNITS:
        raise InvalidInputError(
            f"A redaction policy needs to know where things stand, and task {task.name!r} asks for offsets "
            f"in {said!r:.60}. Leave string_index_type out, or take UnicodeCodePoint or Utf16CodeUnit."
        )
    return _UNITS[said]


def spans_in(entities: Iterable[JsonObject], text: str, unit: Widths) -> Iterator[Span]:
    """The spans of a text's entities.

    Args:
        entities: in the service's words.
        text: in which they were found.
        unit: in which their offsets count.

    Raises:
        InvalidInputError: one of them has no place in the text, or tells another text than stands there.
    """
    ruler = Ruler(text, unit)
    longest = ruler.units(len(text))
    for entity in entities:
        place = span_of(entity)
        if place is None or not place[0] < place[1] <= longest:
            raise InvalidInputError("An entity has no place in its text.")
        begin, end = map(ruler.place, place)
        end += ruler.units(end) < place[1]  # amid a code point, which is then hidden, too
        quoted = entity.get("text")
        if quoted is not None and quoted != text[begin:end] and quoted != clean(text[begin:end]):
            raise InvalidInputError("An entity tells another text than stands at its place.")
        yield Span(begin, end, category_of(entity), number(entity.get("confidenceScore")))


def category_of(entity: JsonObject) -> str:
    """The category of an entity; a word that no category is like is not shown."""
    said = entity.get("category")
    return said if isinstance(said, str) and _CATEGORY.fullmatch(said) else UNKNOWN
