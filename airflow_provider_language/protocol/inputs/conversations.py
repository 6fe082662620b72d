"""Conversations: what is said by whom, and how ordinary rows become conversations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.documents import check_ids, check_language, check_list
from airflow_provider_language.protocol.inputs.fields import content_in, is_missing, text_in
from airflow_provider_language.protocol.inputs.timings import Timing, WordTiming, timing_in, word_timings_in
from airflow_provider_language.protocol.inputs.turns import gathered
from airflow_provider_language.protocol.json_values import WireObject
from airflow_provider_language.protocol.wire_names import camel_case, check_unicode, to_wire

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Modality: TypeAlias = Literal["text", "transcript"]
Role: TypeAlias = Literal["agent", "customer", "generic"]
Domain: TypeAlias = Literal["finance", "healthcare", "generic"]
MODALITIES: tuple[Modality, ...] = ("text", "transcript")
ROLES: tuple[Role, ...] = ("agent", "customer", "generic")
DOMAINS: tuple[Domain, ...] = ("finance", "healthcare", "generic")
WordT = TypeVar("WordT", bound=str)
ENGLISH = "en"
_TRANSCRIBED = ("lexical", "itn", "masked_itn")
"""What every item of a transcript has beside its text (specification 2024-05-01)."""


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
    word_level_timings: Sequence[WordTiming | Mapping[str, object]] | None = field(default=None, repr=False)
    conversation_item_level_timing: Timing | Mapping[str, object] | None = None


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
    domain: Domain | None = None

    @property
    def characters(self) -> int:
        """Its size in code points, over all items."""
        return sum(len(item.text) for item in self.items)

    @property
    def is_blank(self) -> bool:
        """Whether nobody says anything in it."""
        return not any(item.text.strip() for item in self.items)

    def to_wire(self) -> WireObject:
        """The conversation as the service reads it (docs/service.md, bodies)."""
        return {
            "id": self.id,
            "language": self.language or ENGLISH,
            "modality": self.modality,
            **({} if self.domain is None else {"domain": self.domain}),
            "conversationItems": [to_wire(item) for item in self.items],
        }


ConversationLike: TypeAlias = Conversation | Mapping[str, object]


def conversations_from(
    values: Iterable[ConversationLike], language: str | None = None
) -> tuple[Conversation, ...]:
    """Make conversations of conversations, of dicts in the service's own words, or of ordinary rows.

    An ordinary row is one turn. Rows are gathered into conversations by ``conversation_id``, in the order in
    which the conversations begin. Fields of a row:

    - ``conversation_id``, ``speaker`` (or ``participant_id``) and ``text``: required.
    - ``time``: a number or a time in ISO 8601. If all rows of a conversation have it, they are ordered by it;
      else they stay in the order in which they come.
    - ``role``: ``agent``, ``customer`` or ``generic``; without it, a speaker of that name has that role.
    - ``id``: the item's; by default its place in the conversation, from 0.
    - ``language``, ``modality``: what the first row that has one says is the conversation's, and another one
      is of its turn alone; ``domain``: the conversation's.
    - ``lexical``, ``itn``, ``masked_itn``: a conversation whose rows have them is a transcript.
    - ``word_level_timings``, ``conversation_item_level_timing``: as of :class:`ConversationItem`, or as the
      JSON of them, which a cell of a CSV file can hold.

    They may be spelt as the service spells them (``maskedItn``). Other fields are ignored.

    Args:
        values: all of one of these three kinds.
        language: for those that name none themselves.

    Raises:
        InvalidInputError: a row or a dict is no turn or conversation, or there is a single one where a list
            of them is expected.
    """
    check_list(values, "conversations")
    values = list(values)
    for place, value in enumerate(values):
        if not isinstance(value, (Conversation, Mapping)):
            raise InvalidInputError(f"Conversation {place} is a {type(value).__name__}, not a row or dict.")
    whole = [is_conversation(value) for value in values]
    if any(whole) and not all(whole):
        raise InvalidInputError("Some rows are whole conversations, and some are single turns.")
    rows = cast("list[Mapping[str, object]]", values)
    found = (_conversation(value) for value in (values if any(whole) else gathered(rows)))
    return tuple(replace(one, language=one.language or language) for one in found)


def is_conversation(value: object) -> bool:
    """Whether a value is a whole conversation, typed or in the service's own words."""
    if isinstance(value, Mapping):
        return "conversationItems" in value or "conversation_items" in value
    return isinstance(value, Conversation)


def _conversation(value: ConversationLike) -> Conversation:
    row = _known(Conversation, value, "A conversation")
    id_ = text_in(row.get("id"), "The id of a conversation")
    if id_ is None:
        raise InvalidInputError("A conversation lacks id.")
    name = f"conversation {id_!r:.100}"
    items = row.get("items")
    if not isinstance(items, (list, tuple)):
        raise InvalidInputError(f"The conversationItems of {name} are no list.")
    return Conversation(
        id=id_,
        items=tuple(_item(item, name) for item in items),
        language=text_in(row.get("language"), f"The language of {name}"),
        modality=_one_of(MODALITIES, row.get("modality"), f"The modality of {name}") or "text",
        domain=_one_of(DOMAINS, row.get("domain"), f"The domain of {name}"),
    )


def _item(value: object, of: str) -> ConversationItem:
    if not isinstance(value, (ConversationItem, Mapping)):
        raise InvalidInputError(f"An item of {of} is a {type(value).__name__}, not a dict.")
    row = _known(ConversationItem, value, f"An item of {of}")
    id_ = text_in(row.get("id"), f"The id of an item of {of}")
    participant = text_in(row.get("participant_id"), f"The participantId of an item of {of}")
    needed = (("id", id_), ("participantId", participant), ("text", row.get("text")))
    lacking = [name for name, content in needed if is_missing(content)]
    if lacking:
        raise InvalidInputError(f"An item of {of} lacks {', '.join(lacking)}.")
    name = f"item {id_!r:.100} of {of}"
    forms = {form: _form(row.get(form), name) for form in _TRANSCRIBED}
    return ConversationItem(
        id=str(id_),
        participant_id=str(participant),
        text=content_in(row["text"], name),
        role=_one_of(ROLES, row.get("role"), f"The role of {name}"),
        language=text_in(row.get("language"), f"The language of {name}"),
        modality=_one_of(MODALITIES, row.get("modality"), f"The modality of {name}"),
        word_level_timings=word_timings_in(row.get("word_level_timings"), f"The word timings of {name}"),
        conversation_item_level_timing=timing_in(
            row.get("conversation_item_level_timing"), f"The timing of {name}"
        ),
        **forms,
    )


def _form(value: object, name: str) -> str | None:
    return None if is_missing(value) else content_in(value, name)


def _known(class_: type[DataclassInstance], value: object, what: str) -> dict[str, Any]:
    """The fields of a dict, in either spelling, under our names; a field we would lose is refused."""
    if not isinstance(value, Mapping):
        return {one.name: getattr(value, one.name) for one in fields(class_)}
    ours = {one.name: one.name for one in fields(class_)}
    ours.update({camel_case(name): name for name in ours})
    if class_ is Conversation:
        ours.update(conversationItems="items", conversation_items="items")
    unknown = sorted(str(name) for name in value if name not in ours)
    if unknown:
        raise InvalidInputError(f"{what} has unknown fields: {', '.join(unknown):.200}.")
    known: dict[str, Any] = {}
    for name, content in value.items():
        if known.setdefault(ours[name], content) is not content:
            raise InvalidInputError(f"{what} says {ours[name]} in two spellings.")
    return known


def _one_of(words: tuple[WordT, ...], value: object, name: str) -> WordT | None:
    """One of some words, in any case; None where there is none."""
    text = text_in(value, name)
    if text is None:
        return None
    for word in words:
        if text.strip().lower() == word:
            return word
    raise InvalidInputError(f"{name} is {text!r:.100}, not one of {', '.join(words)}.")


def check_conversations(conversations: Sequence[Conversation]) -> None:
    """Refuse what the service would refuse whatever the job.

    Raises:
        InvalidInputError: no conversations, an empty or repeated id, a conversation without items, only empty
            texts, a text that is not valid Unicode, or a transcript whose items lack one of its forms.
    """
    check_ids([one.id for one in conversations], "conversation")
    for conversation in conversations:
        check_language(conversation.language, f"conversation {conversation.id!r:.100}")
        check_ids([item.id for item in conversation.items], f"item of conversation {conversation.id!r}")
        for item in conversation.items:
            _check_item(conversation, item)
    if all(conversation.is_blank for conversation in conversations):
        raise InvalidInputError("Every conversation's text is empty.")


def _check_item(conversation: Conversation, item: ConversationItem) -> None:
    name = f"item {item.id!r} of conversation {conversation.id!r}"
    check_language(item.language, name)
    if not item.participant_id.strip():
        raise InvalidInputError(f"The {name} has no participant.")
    for form in ("participant_id", "text", *_TRANSCRIBED):
        content = getattr(item, form)
        if content is not None:
            check_unicode(content, f"The {form} of {name}")
        elif (item.modality or conversation.modality) == "transcript":
            raise InvalidInputError(f"The {name} is of a transcript, and has no {form}.")
