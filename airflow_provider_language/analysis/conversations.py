"""Conversations: what is said by whom, and how ordinary rows become conversations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, TypeAlias, cast

from airflow_provider_language.analysis.documents import check_ids, check_unicode
from airflow_provider_language.analysis.wire_names import camel_case, to_wire
from airflow_provider_language.exceptions import InvalidInputError

Modality: TypeAlias = Literal["text", "transcript"]
Role: TypeAlias = Literal["agent", "customer", "generic"]
ROLES: tuple[Role, ...] = ("agent", "customer", "generic")
ENGLISH = "en"
_TRANSCRIBED = ("lexical", "itn", "masked_itn")
"""What every item of a transcript has beside its text (specification 2024-05-01)."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When something was said, in the units of the transcription (ticks of 100 ns from Speech)."""

    offset: int | None = None
    duration: int | None = None


@dataclass(frozen=True, kw_only=True)
class WordTiming(Timing):
    """When a word was said."""

    word: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class ConversationItem:
    """One turn of a conversation; what was said, and by whom, is kept out of ``repr``.

    Args:
        id: unique within the conversation; comes back with the results.
        participant_id: who speaks.
        text: what was said; in a transcript, as it is displayed.
        role: what the speaker is; the aspects ``issue`` and ``resolution`` need it.
        language: of this item, where it is another than the conversation's.
        modality: of this item, where it is another than the conversation's.
        lexical: a transcript's words as they were spoken ("four dollars").
        itn: the same in the form that is written ("$4").
        masked_itn: the same with profanity masked.
        word_level_timings: when each word was said.
        conversation_item_level_timing: when the item was said.
    """

    id: str
    participant_id: str = field(repr=False)
    text: str = field(repr=False)
    role: Role | None = None
    language: str | None = None
    modality: Modality | None = None
    lexical: str | None = field(default=None, repr=False)
    itn: str | None = field(default=None, repr=False)
    masked_itn: str | None = field(default=None, repr=False)
    word_level_timings: Sequence[WordTiming | Mapping[str, Any]] | None = field(default=None, repr=False)
    conversation_item_level_timing: Timing | Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """What several participants said to each other.

    Args:
        id: unique within the job; comes back with the results.
        items: the turns, in order.
        language: an ISO 639-1 code; None for English, since the service wants one.
        modality: ``text`` for chats, ``transcript`` for what was spoken.
        domain: ``finance``, ``healthcare`` or ``generic``.
    """

    id: str
    items: tuple[ConversationItem, ...]
    language: str | None = None
    modality: Modality = "text"
    domain: Literal["finance", "healthcare", "generic"] | None = None

    @property
    def characters(self) -> int:
        """Its size in code points, over all items."""
        return sum(len(item.text) for item in self.items)

    @property
    def is_blank(self) -> bool:
        """Whether nobody says anything in it."""
        return not any(item.text.strip() for item in self.items)

    def to_wire(self) -> dict[str, Any]:
        """The conversation as the service reads it (API.md section 1.1)."""
        return {
            "id": self.id,
            "language": self.language or ENGLISH,
            "modality": self.modality,
            **({} if self.domain is None else {"domain": self.domain}),
            "conversationItems": [to_wire(item) for item in self.items],
        }


ConversationLike: TypeAlias = Conversation | Mapping[str, Any]


def conversations_from(
    values: Iterable[ConversationLike], language: str | None = None
) -> tuple[Conversation, ...]:
    """Make conversations of conversations, of dicts in the service's own words, or of ordinary rows.

    An ordinary row is one turn. Rows are gathered into conversations by ``conversation_id``, in the order in
    which the conversations begin. Fields of a row:

    - ``conversation_id``, ``speaker`` and ``text``: required.
    - ``time``: a number or a time in ISO 8601. If all rows of a conversation have it, they are ordered by it;
      else they stay in the order in which they come.
    - ``role``: ``agent``, ``customer`` or ``generic``; without it, a speaker of that name has that role.
    - ``id``: the item's; by default its place in the conversation, from 0.
    - ``language``: the first row's is the conversation's.
    - ``lexical``, ``itn``, ``masked_itn``: a conversation whose rows have them is a transcript.

    Other fields are ignored.

    Args:
        values: all of one of these three kinds.
        language: for those that name none themselves.

    Raises:
        InvalidInputError: a row or a dict is no turn or conversation, or there is a single one where a list
            of them is expected.
    """
    if isinstance(values, (str, Mapping, Conversation)):
        raise InvalidInputError(
            f"The conversations are a single {type(values).__name__}, not a list of them."
        )
    values = list(values)
    for place, value in enumerate(values):
        if not isinstance(value, (Conversation, Mapping)):
            raise InvalidInputError(f"Conversation {place} is a {type(value).__name__}, not a row or dict.")
    whole = [isinstance(value, Conversation) or "conversationItems" in value for value in values]
    if any(whole) and not all(whole):
        raise InvalidInputError("Some rows are whole conversations, and some are single turns.")
    found = map(_conversation, values) if any(whole) else _gathered(cast("list[Mapping[str, Any]]", values))
    return tuple(replace(one, language=one.language or language) for one in found)


def _conversation(value: ConversationLike) -> Conversation:
    if isinstance(value, Conversation):
        return value
    fields_ = _known(Conversation, value, "A conversation", {"conversationItems": "items"})
    items = fields_["items"]
    if not isinstance(items, (list, tuple)):
        raise InvalidInputError("A conversation's conversationItems are no list.")
    return Conversation(**{**fields_, "items": tuple(_item(item) for item in items)})


def _item(value: object) -> ConversationItem:
    if isinstance(value, ConversationItem):
        return value
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"A conversation's item is a {type(value).__name__}, not a dict.")
    return ConversationItem(**_known(ConversationItem, value, "A conversation's item", {}))


def _known(class_: type, value: Mapping[str, Any], what: str, renamed: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a dict in the service's own words, under our names; a field we would lose is refused."""
    ours = {camel_case(one.name): one.name for one in fields(class_)}
    ours.update(renamed)
    unknown = sorted(map(str, set(value) - set(ours)))
    if unknown:
        raise InvalidInputError(f"{what} has unknown fields: {', '.join(unknown)}.")
    needed = {"id", "conversationItems"} if class_ is Conversation else {"id", "participantId", "text"}
    missing = sorted(name for name in needed if value.get(name) is None)
    if missing:
        raise InvalidInputError(f"{what} lacks {', '.join(missing)}.")
    known = {ours[name]: content for name, content in value.items() if content is not None}
    texts = {name for name in known if name in {"id", "participant_id", "text", *_TRANSCRIBED}}
    if not all(isinstance(known[name], str) for name in texts):
        raise InvalidInputError(f"{what} has something else than a string for a text or an id.")
    return known


def _gathered(rows: list[Mapping[str, Any]]) -> Iterator[Conversation]:
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for place, row in enumerate(rows):
        lacking = [name for name in ("conversation_id", "speaker", "text") if row.get(name) is None]
        if lacking or not isinstance(row["text"], str):
            raise InvalidInputError(
                f"Row {place} is no turn of a conversation: it lacks {', '.join(lacking) or 'a text'}."
            )
        by_id.setdefault(str(row["conversation_id"]), []).append(row)
    for id_, turns in by_id.items():
        items = tuple(_turn(place, row) for place, row in enumerate(_in_order(id_, turns)))
        transcript = any(item.lexical is not None for item in items)
        yield Conversation(
            id=id_,
            items=items,
            language=turns[0].get("language") or None,
            modality="transcript" if transcript else "text",
        )


def _in_order(id_: str, rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    times = [row.get("time") for row in rows]
    if any(time is None or time == "" for time in times):
        return rows
    try:
        order: list[Any] = [float(str(time)) for time in times]
    except ValueError:
        order = [str(time) for time in times]
        if any(not text[:4].isdigit() for text in order):
            raise InvalidInputError(
                f"The times of conversation {id_!r} are neither numbers nor in ISO 8601."
            ) from None
    return [row for _, row in sorted(zip(order, rows, strict=True), key=lambda pair: pair[0])]


def _turn(place: int, row: Mapping[str, Any]) -> ConversationItem:
    speaker = str(row["speaker"])
    role = str(row.get("role") or speaker).strip().lower()
    if row.get("role") and role not in ROLES:
        raise InvalidInputError(f"A turn's role is {row['role']!r}; the roles are {', '.join(ROLES)}.")
    return ConversationItem(
        id=str(place) if row.get("id") in (None, "") else str(row["id"]),
        participant_id=speaker,
        text=row["text"],
        role=role if role in ROLES else None,
        **{name: row[name] for name in _TRANSCRIBED if row.get(name) is not None},
    )


def check_conversations(conversations: Sequence[Conversation]) -> None:
    """Refuse what the service would refuse whatever the job.

    Raises:
        InvalidInputError: no conversations, an empty or repeated id, a conversation without items, only empty
            texts, a text that is not valid Unicode, or a transcript whose items lack one of its forms.
    """
    check_ids([one.id for one in conversations], "conversation")
    for conversation in conversations:
        check_ids([item.id for item in conversation.items], f"item of conversation {conversation.id!r}")
        for item in conversation.items:
            _check_item(conversation, item)
    if all(conversation.is_blank for conversation in conversations):
        raise InvalidInputError("Every conversation's text is empty.")


def _check_item(conversation: Conversation, item: ConversationItem) -> None:
    name = f"item {item.id!r} of conversation {conversation.id!r}"
    if not item.participant_id.strip():
        raise InvalidInputError(f"The {name} has no participant.")
    for form in ("participant_id", "text", *_TRANSCRIBED):
        content = getattr(item, form)
        if content is not None:
            check_unicode(content, f"The {form} of {name}")
        elif (item.modality or conversation.modality) == "transcript":
            raise InvalidInputError(f"The {name} is of a transcript, and has no {form}.")
