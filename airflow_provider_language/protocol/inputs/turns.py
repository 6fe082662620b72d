"""Ordinary rows, each of them one turn, gathered into conversations in the service's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.fields import content_in, is_missing, text_in
from airflow_provider_language.protocol.json_values import WireObject
from airflow_provider_language.protocol.wire_names import camel_case

Row: TypeAlias = Mapping[str, Any]

_OWN = ("conversation_id", "speaker", "text", "time")
"""What a row has under other names than a turn."""
FORMS = ("text", "lexical", "itn", "masked_itn")
"""Of what was said: what is displayed, and what a transcript has beside it."""
_FORMS = FORMS[1:]
_OF_TURN = ("word_level_timings", "conversation_item_level_timing")
_FIELDS = (*_OWN, "id", "role", "language", "modality", "domain", *_FORMS, *_OF_TURN)
_SPELLINGS = {
    **{name: name for name in _FIELDS},
    **{camel_case(name): name for name in _FIELDS},
    "participant_id": "speaker",
    "participantId": "speaker",
}
WORDS = "word_level_timings"
"""Quotes what was said, word by word."""
SAYING: Mapping[str, str] = {
    spelling: field for spelling, field in _SPELLINGS.items() if field in (*FORMS, WORDS)
}
"""The fields of a turn in which stands what was said, in either spelling, under our names."""
_ROLES = frozenset({"agent", "customer", "generic"})


def gathered(rows: Sequence[Mapping[str, object]]) -> Iterator[WireObject]:
    """Conversations in the service's own words, in the order in which they begin.

    Args:
        rows: as :func:`~airflow_provider_language.protocol.inputs.conversations.conversations_from` tells.

    Raises:
        InvalidInputError: a row is no turn, or the rows of a conversation contradict each other.
    """
    by_id: dict[str, list[Row]] = {}
    for place, given in enumerate(rows):
        row = _known(given, f"Row {place}")
        id_ = text_in(row.get("conversation_id"), f"The conversation_id of row {place}")
        speaker = text_in(row.get("speaker"), f"The speaker of row {place}")
        lacking = [name for name, value in (("conversation_id", id_), ("speaker", speaker)) if value is None]
        lacking += ["text"] if is_missing(row.get("text")) else []
        if lacking:
            raise InvalidInputError(
                f"Row {place} is no turn of a conversation: it lacks {', '.join(lacking)}."
            )
        text = content_in(row["text"], f"Row {place}")
        by_id.setdefault(str(id_), []).append({**row, "speaker": speaker, "text": text})
    for id_, turns in by_id.items():
        yield _conversation(id_, [turns[place] for place in _order(id_, turns)])


def order_of(rows: Sequence[Mapping[str, object]]) -> list[int]:
    """The places of the rows of one conversation, in the order in which its items have them.

    Args:
        rows: of which :func:`gathered` has made the conversation.
    """
    return _order("", [_known(row, f"Row {place}") for place, row in enumerate(rows)])


def _known(given: Mapping[str, object], name: str) -> Row:
    row: dict[str, Any] = {}
    for spelling, content in given.items():
        field = _SPELLINGS.get(spelling)
        if field is not None and row.setdefault(field, content) is not content:
            raise InvalidInputError(f"{name} says {field} in two spellings.")
    return row


def _conversation(id_: str, rows: Sequence[Row]) -> WireObject:
    name = f"conversation {id_!r:.100}"
    transcribed = any(row.get(form) for row in rows for form in _FORMS if isinstance(row.get(form), str))
    language = next(iter(_told(rows, "language", name)), None)
    modality = next(iter(_told(rows, "modality", name)), None)
    domains = _told(rows, "domain", name)
    if len(set(domains)) > 1:
        raise InvalidInputError(
            f"The rows of {name} have several domains: {', '.join(sorted(set(domains)))}."
        )
    of_all = {"language": language, "modality": modality or ("transcript" if transcribed else "text")}
    return {
        "id": id_,
        "domain": domains[0] if domains else None,
        **of_all,
        "conversationItems": [_turn(place, row, of_all, transcribed) for place, row in enumerate(rows)],
    }


def _told(rows: Sequence[Row], field: str, name: str) -> list[str]:
    found = (text_in(row.get(field), f"The {field} of a row of {name}") for row in rows)
    return [one for one in found if one is not None]


def _turn(place: int, row: Row, of_all: Mapping[str, str | None], transcribed: bool) -> WireObject:
    speaker = row["speaker"]
    role = text_in(row.get("role"), "The role of a turn")
    turn = {
        "id": text_in(row.get("id"), "The id of a turn") or str(place),
        "participantId": speaker,
        "text": row["text"],
        "role": role or (speaker.strip().lower() if speaker.strip().lower() in _ROLES else None),
        **{camel_case(name): row.get(name) for name in (*_OF_TURN, *(_FORMS if transcribed else ()))},
    }
    for field, common in of_all.items():
        own = text_in(row.get(field), f"The {field} of a turn")
        turn[field] = None if own == common else own
    return turn


def _order(id_: str, rows: Sequence[Row]) -> list[int]:
    times = [text_in(row.get("time"), f"A time of conversation {id_!r:.100}") for row in rows]
    told = [time for time in times if time is not None]
    if len(told) < len(rows):
        return list(range(len(rows)))
    try:
        order: list[Any] = [float(time) for time in told]
    except ValueError:
        order = list(told)
        if any(not text[:4].isdigit() for text in told):
            raise InvalidInputError(
                f"The times of conversation {id_!r:.100} are neither numbers nor in ISO 8601."
            ) from None
    return sorted(range(len(rows)), key=order.__getitem__)
