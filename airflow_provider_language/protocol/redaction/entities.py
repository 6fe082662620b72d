"""What the service found in a text, as spans of it: each is looked at before a text is redacted by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.rulers import Ruler, span_of
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.results import RowStatus
from airflow_provider_language.protocol.jobs.string_units import Widths, code_points, utf16
from airflow_provider_language.protocol.json_values import JsonObject, clean, object_or_empty, objects_in
from airflow_provider_language.protocol.redaction.spans import BEGIN, Span
from airflow_provider_language.protocol.tables.values import number
from airflow_provider_language.protocol.versions import CONVERSATION_PII

UNKNOWN = "Unknown"
"""The category of what has none that could stand in a text: the service's words are looked at, too."""
_CATEGORY = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_LONGEST = 100
_UNITS: dict[object, Widths] = {"UnicodeCodePoint": code_points, "Utf16CodeUnit": utf16}


def unit_of(task: WireTask) -> Widths:
    """The unit in which a task's offsets count.

    Raises:
        InvalidInputError: they count text elements, of which nobody knows by which rules they are counted.
    """
    if task.kind == CONVERSATION_PII:
        return code_points  # in which its rows have them, if at all
    said = task.parameters.get("stringIndexType")
    if said not in _UNITS:
        raise InvalidInputError(
            f"A redaction policy needs to know where things stand, and task {task.name!r} asks for offsets "
            f"in {said!r:.60}. Leave string_index_type out, or take UnicodeCodePoint or Utf16CodeUnit."
        )
    return _UNITS[said]


def entities_of(row: JsonObject) -> tuple[JsonObject, ...] | None:
    """The entities of a row as it has landed; None if it has no result.

    Raises:
        InvalidInputError: its result has no list of entities, so that nobody knows what was found.
    """
    if row.get("status") != RowStatus.OK.value:
        return None
    said = object_or_empty(row.get("result")).get("entities")
    found = objects_in(said)
    if not isinstance(said, list) or len(found) != len(said):
        raise InvalidInputError("A result has no list of entities.")
    return found


def found_in(row: JsonObject) -> tuple[JsonObject, ...] | None:
    """All entities of a row, those of each turn of a conversation among them; None if it has no result.

    Raises:
        InvalidInputError: its result, or what it tells of a turn, has no list of entities.
    """
    items = object_or_empty(row.get("result")).get("conversationItems")
    if row.get("status") != RowStatus.OK.value or not isinstance(items, list):
        return entities_of(row)
    found = (entities_of({**row, "result": item}) for item in items)
    return tuple(entity for of_turn in found for entity in of_turn or ())


def spans_in(entities: Iterable[JsonObject], text: str, unit: Widths) -> Iterator[Span]:
    """The spans of a text's entities.

    Args:
        entities: in the service's words.
        text: in which they were found.
        unit: in which their offsets count.

    Raises:
        InvalidInputError: one of them has no place in the text, or tells another text than stands there.
    """
    ruler = None if unit is code_points else Ruler(text, unit)
    longest = len(text) if ruler is None else ruler.units(len(text))
    for entity in entities:
        place = span_of(entity)
        if place is None or not place[0] < place[1] <= longest:
            raise InvalidInputError("An entity has no place in its text.")
        begin, end = place if ruler is None else _code_points(place, ruler)
        quoted = entity.get("text")
        if quoted is not None and quoted != text[begin:end] and quoted != clean(text[begin:end]):
            raise InvalidInputError("An entity tells another text than stands at its place.")
        yield Span(begin, end, category_of(entity), number(entity.get("confidenceScore")))


def _code_points(place: tuple[int, int], ruler: Ruler) -> tuple[int, int]:
    """A place in code points; one that begins or ends amid a code point has all of it."""
    begin, end = map(ruler.place, place)
    return begin, end + (ruler.units(end) < place[1])


def check_shown(shown: str | None, text: str, spans: Iterable[Span]) -> None:
    """Refuse a text that is not the one in which its spans were found.

    The service's own redacted text tells: what stands there between what was found stands there, too. Rows
    that were told to keep no personal data have nothing else to tell it by.

    Args:
        shown: the redacted text of the service, as it has landed.
        text: of the source.
        spans: of all that was found in it.

    Raises:
        InvalidInputError: it is another text, or there is no redacted one.
    """
    whole = text if text.isascii() else str(clean(text))
    at, gaps = 0, []
    for span in sorted(spans, key=BEGIN):
        if span.begin >= at:
            gaps.append(whole[at : span.begin])
        at = max(at, span.end)
    if shown is None or not _has_in_order(shown, gaps, whole[at:]):
        raise InvalidInputError("A text is not the one in which its entities were found.")


def _has_in_order(shown: str, gaps: Sequence[str], last: str) -> bool:
    """Whether a text begins with the first gap, has the others one after another, and ends with the last."""
    if not gaps:
        return shown == last
    if not shown.startswith(gaps[0]):
        return False
    at = len(gaps[0])
    for gap in gaps[1:]:
        found = shown.find(gap, at)
        if found < 0:
            return False
        at = found + len(gap)
    return shown.endswith(last) and len(shown) - len(last) >= at


def category_of(entity: JsonObject) -> str:
    """The category of an entity; a word that no category is like is not shown."""
    said = entity.get("category")
    return said if isinstance(said, str) and len(said) <= _LONGEST and _is_word(said) else UNKNOWN


@lru_cache(maxsize=1_000)
def _is_word(category: str) -> bool:
    return _CATEGORY.fullmatch(category) is not None
