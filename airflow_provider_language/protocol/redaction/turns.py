"""What the service found in the turns of a conversation, each of which may be written in several forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.turns import FORMS
from airflow_provider_language.protocol.jobs.redaction import writable
from airflow_provider_language.protocol.jobs.results import RowStatus
from airflow_provider_language.protocol.jobs.string_units import code_points
from airflow_provider_language.protocol.json_values import JsonObject, decoded, object_or_empty, objects_in
from airflow_provider_language.protocol.redaction.entities import check_shown, spans_in
from airflow_provider_language.protocol.redaction.spans import Span
from airflow_provider_language.protocol.wire_names import camel_case

_ITEMS = "conversationItems"


class Turn(NamedTuple):
    """A turn, and what the service says of it.

    Args:
        id: of the item.
        forms: what was said, by the name of the form.
        shown: the forms as the service redacts them; those that it says nothing of are not there.
        entities: that it found; None where nobody can tell them.
    """

    id: str
    forms: dict[str, str]
    shown: dict[str, str]
    entities: tuple[JsonObject, ...] | None


def turns_of(row: JsonObject, content: str) -> list[Turn] | None:
    """The turns of a conversation in their order; None if it has no result.

    Args:
        row: of a task that redacts, as it has landed.
        content: of the conversation, as it was submitted.
    """
    result = row.get("result")
    if row.get("status") != RowStatus.OK.value or not isinstance(result, dict):
        return None
    told = _told(result)
    items = objects_in((decoded(content.encode()) or {}).get(_ITEMS))
    return [_turn(str(item["id"]), item, told.get(str(item["id"]), {})) for item in items]


def _told(result: JsonObject) -> dict[str, JsonObject]:
    """What is told of items, by their ids; nothing of those of which it is told twice."""
    items = objects_in(result.get(_ITEMS))
    times = Counter(item.get("id") for item in items if isinstance(item.get("id"), str))
    return {str(item["id"]): item for item in items if times[item.get("id")] == 1}


def _turn(id_: str, item: JsonObject, told: JsonObject) -> Turn:
    content = object_or_empty(told.get("redactedContent"))
    forms = {form: text for form in FORMS if isinstance(text := item.get(camel_case(form)), str)}
    shown = {form: writable(text) for form in forms if isinstance(text := content.get(camel_case(form)), str)}
    said = told.get("entities")
    entities = objects_in(said)
    is_known = isinstance(said, list) and len(entities) == len(said)
    return Turn(id_, forms, shown, entities if is_known else None)


def fitting(turn: Turn) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """The forms of a turn in which its findings stand, with their places.

    The service tells the places in one form alone, and which one that is only where it was asked for it
    (``redactionSource``); in another form the same words may stand at the same places, or others.
    """
    for form, text in turn.forms.items():
        if turn.entities is None:
            return
        try:
            spans = tuple(spans_in(turn.entities, text, code_points))
            check_shown(turn.shown.get(form), text, spans)
        except InvalidInputError:
            continue
        yield form, spans
