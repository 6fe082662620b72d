"""Conversations out of the turns that stand together in a file, gathered while they are read; none is cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import Takes, conversation_content
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.inputs.conversations import conversations_from, is_conversation
from airflow_provider_language.protocol.inputs.fields import text_in
from airflow_provider_language.storage.sources.file_rows import FileRows, Found
from airflow_provider_language.storage.sources.lines import Unread

_COUNTED = "Rows are counted from the first one of the conversation."
_OWN = frozenset({"id", "language", "modality", "domain", "conversationItems", "conversation_items"})


def conversation_items(given: FileRows) -> Iterator[Found]:
    """The conversations of a file, each when the first row behind it has been read.

    A row of which nobody can tell whose turn it is may be one of the conversation before it, or of the one
    behind it, and neither is analyzed without it. Where it stands amid one, it is one of that.
    """
    turns: _Turns | None = None
    suspicion: str | None = None
    for number, row in given.rows:
        if isinstance(row, Mapping) and is_conversation(row):
            if turns is not None:
                yield turns.found(given)
            turns = suspicion = None
            yield number, row, _whole(row, given, given.place(number))
            continue
        id_, why = _told(row)
        if turns is None or (id_ is not None and id_ != turns.id):
            if turns is not None:
                yield turns.found(given)
            turns = None if id_ is None else _Turns(id_, number, row, suspicion and f"{_BEFORE} {suspicion}")
        if turns is None:
            yield number, row, Item.refused(given.place(number), why)
        elif id_ is None:
            turns.why = turns.why or f"{_BEHIND} {why}"
        else:
            turns.add(row, given.takes.longest)
        suspicion = why if id_ is None else None
    if turns is not None:
        yield turns.found(given)


_BEHIND = "A row behind its first turn cannot be read, and may be one of its turns:"
_BEFORE = "A row before its first turn cannot be read, and may be one of its turns:"


def _told(row: object) -> tuple[str | None, str]:
    """Whose turn a row is; else why nobody can tell."""
    if isinstance(row, Unread):
        return None, row.why
    if not isinstance(row, Mapping):
        return None, "It is a text, and neither a turn nor a conversation."
    try:
        id_ = text_in(row.get("conversation_id"), "The conversation_id")
    except InvalidInputError as error:
        return None, error.message
    return id_, "It has no conversation_id."


@dataclass
class _Turns:
    """The turns of a conversation, as far as they have come.

    Args:
        id: of the conversation.
        number: of its first row.
        first: its first row.
        why: it cannot be analyzed; None if it can.
    """

    id: str
    number: int
    first: Mapping[str, Any]
    why: str | None = None
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    characters: int = 0
    count: int = 0

    def add(self, row: Mapping[str, Any], longest: int) -> None:
        """Take another one; of a conversation that is too long, no more is held than how long it is."""
        text = row.get("text")
        self.count += 1
        self.characters += len(text) if isinstance(text, str) else 0
        if self._is_within(longest):
            self.rows.append(row)
        else:
            self.rows.clear()

    def _is_within(self, longest: int) -> bool:
        return max(self.characters, self.count) <= longest

    def found(self, given: FileRows) -> Found:
        """The conversation, when all of its turns have come."""
        return self.number, self.first, self._item(f"{given.prefix}{self.id}", given.takes)

    def _item(self, id_: str, takes: Takes) -> Item:
        if self.why is not None:
            return Item.refused(id_, self.why)
        if not self._is_within(takes.longest):
            return Item.refused(id_, _too_long(self.characters, self.count, takes.longest))
        try:
            return _item_of(id_, self.rows, takes)
        except InvalidInputError as error:
            counted = f" {_COUNTED}" if error.message.startswith("Row ") else ""
            return Item.refused(id_, f"{error.message}{counted}")


def _whole(row: Mapping[str, Any], given: FileRows, place: str) -> Item:
    """The item of a conversation in the service's own words, which may have columns beside them."""
    told = {name: value for name, value in row.items() if name in _OWN or name not in given.carried}
    id_ = place
    try:
        own = text_in(row.get("id"), "The id")
        id_ = place if own is None else f"{given.prefix}{own}"
        return _item_of(id_, [{**told, "id": id_}], given.takes)
    except InvalidInputError as error:
        return Item.refused(id_, error.message)


def _too_long(characters: int, turns: int, longest: int) -> str:
    return (
        f"The conversation has {characters} characters in {turns} turns; a job takes {longest} characters at "
        "most, and no conversation is cut."
    )


def _item_of(id_: str, rows: list[Mapping[str, Any]], takes: Takes) -> Item:
    """An item.

    Raises:
        InvalidInputError: they are no conversation, or none that a job takes.
    """
    [conversation] = conversations_from(rows)
    if conversation.characters > takes.longest:
        raise InvalidInputError(_too_long(conversation.characters, len(conversation.items), takes.longest))
    takes.check(conversation)
    content = conversation_content(conversation)
    return Item(id_, content, conversation.language, size=conversation.characters)
