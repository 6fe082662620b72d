"""Conversations as clients submit them, and the limits that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import Conversation, ConversationItem, WordTiming
from airflow_provider_language.emulator.protocol import errors, limits
from airflow_provider_language.emulator.protocol.json_bodies import (
    list_of_objects,
    optional_object,
    optional_string,
)
from airflow_provider_language.emulator.protocol.offsets import count_text_elements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TRANSCRIPT = "transcript"
_MODALITIES = ("text", _TRANSCRIPT)
_FORMS = ("itn", "maskedItn", "text", "lexical")
_ROLES = ("customer", "agent", "generic")
_DOMAINS = ("finance", "healthcare", "generic")


def read_conversations(body: Mapping[str, Any], timings: str) -> tuple[Conversation, ...]:
    """Return the conversations of a body; the limits are not looked at.

    Args:
        body: The JSON body.
        timings: What the version calls the times of words.

    Raises:
        ServiceError: One lacks what the specification requires, or has it of a wrong type.
    """
    owner = optional_object(body, "analysisInput")
    return tuple(_conversation(item, timings) for item in list_of_objects(owner, "conversations"))


def _conversation(sent: Mapping[str, Any], timings: str) -> Conversation:
    identifier = _required(sent, "id", "Each conversation")
    who = f"Conversation {identifier}"
    modality = _one_of(_required(sent, "modality", who), "modality", _MODALITIES)
    if (domain := optional_string(sent, "domain")) is not None:
        _one_of(domain, "domain", _DOMAINS)
    items = list_of_objects(sent, "conversationItems")
    if not items:
        raise errors.invalid_document(f"{who} has no conversationItems.")
    return Conversation(
        identifier,
        _required(sent, "language", who),
        modality == _TRANSCRIPT,
        tuple(_item(item, timings if modality == _TRANSCRIPT else None) for item in items),
    )


def _item(sent: Mapping[str, Any], timings: str | None) -> ConversationItem:
    """Return one item; what the times of its words are called is None where nobody spoke."""
    identifier = _required(sent, "id", "Each conversation item")
    who = f"Conversation item {identifier}"
    forms = _FORMS if timings is not None else ("text",)
    contents = {form: text for form in forms if (text := optional_string(sent, form)) is not None}
    # The specification requires all four forms of a transcript; Microsoft's samples leave some out.
    if not contents:
        raise errors.invalid_document(f"{who} has no text.")
    role = optional_string(sent, "role")
    return ConversationItem(
        identifier,
        _required(sent, "participantId", who),
        None if role is None else _one_of(role, "role", _ROLES),
        contents,
        () if timings is None else tuple(_timing(timing) for timing in list_of_objects(sent, timings)),
        optional_string(sent, "language"),
    )


def _timing(sent: Mapping[str, Any]) -> WordTiming:
    ticks = [sent.get(name, 0) for name in ("offset", "duration")]
    if not all(isinstance(tick, int) and not isinstance(tick, bool) for tick in ticks):
        raise errors.invalid_body("'offset' and 'duration' of a word's timing must be integers.")
    return WordTiming(optional_string(sent, "word") or "", *ticks)


def _required(sent: Mapping[str, Any], name: str, who: str) -> str:
    value = optional_string(sent, name)
    if not value:
        raise errors.invalid_document(f"{who} must have '{name}'.")
    return value


def _one_of(value: str, name: str, known: Sequence[str]) -> str:
    for each in known:
        if value.lower() == each.lower():
            return each
    raise errors.invalid_body(f"'{name}' must be one of: {', '.join(known)}.")


def count_characters(conversation: Conversation) -> int:
    """Return the length of a conversation in text elements: of the longest form of each item."""
    return sum(
        max(count_text_elements(text) for text in item.contents.values()) for item in conversation.items
    )


def check_conversations(conversations: Sequence[Conversation], *, for_pii: bool) -> None:
    """Refuse conversations that cannot become a job.

    Args:
        conversations: Those of one submission.
        for_pii: Whether the job looks for personal data, which has smaller limits.

    Raises:
        ServiceError: In this order: none at all, too many text elements, too many conversations, duplicate
            ids, every text empty.
    """
    if not conversations:
        raise errors.missing_documents("MissingInputDocuments")
    most = limits.MAX_PII_CONVERSATION_TEXT_ELEMENTS if for_pii else limits.MAX_TEXT_ELEMENTS
    sizes = [count_characters(conversation) for conversation in conversations]
    if sum(sizes) > most:
        raise errors.payload_too_large(most)
    count = limits.MAX_PII_CONVERSATIONS if for_pii else limits.MAX_DOCUMENTS
    if len(conversations) > count:
        raise errors.too_many_documents(count)
    if len({conversation.id for conversation in conversations}) < len(conversations):
        raise errors.duplicated_ids()
    if not any(sizes):
        raise errors.all_documents_empty()
