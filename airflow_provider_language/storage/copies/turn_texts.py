"""What is said in the place of the turns of conversations, row by row of a file, however they stand in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, repeat
from typing import Any, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.inputs.conversations import is_conversation
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.turns import SAYING, WORDS, order_of
from airflow_provider_language.storage.copies.reading import Forms, Reading, Replaced, Said, Texts
from airflow_provider_language.storage.sources.conversation_rows import conversation_items
from airflow_provider_language.storage.sources.corpora import SourceFile
from airflow_provider_language.storage.sources.documents import placed_rows
from airflow_provider_language.storage.sources.file_rows import FileRows

_NO_ROW: Forms = {}
OfRow: TypeAlias = "Forms | Sequence[Forms] | None"
"""The forms of a turn; of a row that is a whole conversation, those of each; None for none."""
_HOLDERS = ("conversationItems", "conversation_items")
"""Where a whole conversation has its turns."""
EMPTIED = frozenset(_HOLDERS) | {name for name, field in SAYING.items() if field == WORDS}
"""Columns of a table that quote what was said, and have no text of which another could take the place."""


class TurnTexts:
    """What becomes of the rows of a file of conversations, one after another.

    The file is read once more than it is copied, a conversation ahead: what is said in a turn is known when
    all turns are.

    Args:
        source: the file.
        reading: how it is read.
        said: the turns in the place of those of conversations.
        most: conversations after which the copy ends; None for all.
    """

    def __init__(self, source: SourceFile, reading: Reading, said: Said, most: int | None) -> None:
        self._source, self._reading = source, reading
        self._rows = self._said(said, most)
        self.number = 0
        self.most = None if most is None else sum(end - begin for begin, end, *_ in self._found(most))

    def of(self, row: Any, number: int) -> Replaced:  # noqa: ARG002 - they come one after another
        """What becomes of the next row.

        Raises:
            InvalidInputError: there was no such row when the conversations were read.
        """
        self.number += 1
        said = next(self._rows, _NO_ROW)
        if said is _NO_ROW:
            raise InvalidInputError(f"{self._source[1]} has got more rows while it was copied.")
        if not isinstance(row, Mapping):
            return Replaced({self._text: None}, {})
        if is_conversation(row):
            turns = said if isinstance(said, Sequence) else None
            beside = dict.fromkeys(name for name in self._fields(row) if name in row)
            return Replaced({**beside, **{name: turns for name in _HOLDERS if name in row}}, {})
        forms = said if isinstance(said, Mapping) else {}
        texts: Texts = {name: forms.get(form) for name, form in self._fields(row).items()}
        text = row.get("text")
        return Replaced(texts, {self._text: text} if forms and isinstance(text, str) else {})

    def has_text(self, name: str) -> bool:
        """Whether a column of this name has what was said."""
        return name in _HOLDERS or name in self._fields((name,))

    @property
    def _text(self) -> str:
        return self._reading.texts[0]

    def _fields(self, names: Mapping[str, Any] | Sequence[str]) -> dict[str, str]:
        """The fields of a row in which stands what was said, with the form of each."""
        spelt = {name: form for name, form in SAYING.items() if name in names and form != "text"}
        return {**spelt, self._text: "text"}

    def _said(self, said: Said, most: int | None) -> Iterator[OfRow]:
        for begin, end, item, rows in self._found(most):
            turns: Sequence[Forms] | None = said.of(item)
            if turns is None or item.fault is not None or len(rows) != end - begin:
                yield from repeat(None, end - begin)
            elif is_conversation(rows[0]):
                yield turns
            else:
                told = dict(zip(order_of(rows), turns, strict=True))
                yield from (told[place] for place in range(len(rows)))

    def _found(self, most: int | None) -> Iterator[tuple[int, int, Item, list[Any]]]:
        """The conversations of the file: the numbers of its first row and of that behind it, and its rows."""
        location, name = self._source
        placed = placed_rows(location, self._reading.layout, self._reading.wanted, tolerant=True)
        recent = _Recent(enumerate(row for _, row in placed), self._reading.takes.longest)
        prefix = f"{name}#" if self._reading.qualified else ""
        carried = frozenset(column.name for column in self._reading.kept)
        given = FileRows(recent.rows(), name, prefix, self._reading.takes, carried)
        for begin, row, item in islice(conversation_items(given), most):
            end = recent.end_of(begin)
            number = None if isinstance(row, Document) else begin  # of a text file, which is one row
            yield begin, end, item._replace(source=name, row_number=number), recent.taken(begin, end)


class _Recent:
    """The rows of the conversation that is being read; of one that no job takes, no more than a few.

    Args:
        rows: of a file, with their numbers.
        longest: characters, or turns, of a conversation.
    """

    def __init__(self, rows: Iterator[tuple[int, Any]], longest: int) -> None:
        self._all = rows
        self._longest = longest
        self._held: deque[tuple[int, Any, int]] = deque()
        self._characters = self._read = 0
        self._has_ended = False

    def rows(self) -> Iterator[tuple[int, Any]]:
        """The rows, each of which is held before it is read."""
        for number, row in self._all:
            text = row.get("text") if isinstance(row, Mapping) else None
            size = len(text) if isinstance(text, str) else 0
            while self._held and (self._characters > self._longest or len(self._held) > self._longest):
                self._characters -= self._held.popleft()[2]
            self._held.append((number, row, size))
            self._characters += size
            self._read = number + 1
            yield number, row
        self._has_ended = True

    def end_of(self, begin: int) -> int:
        """The number of the row behind the conversation that has just been found.

        Args:
            begin: the number of its first row. That a row is behind its last one is seen when that is read;
                of a row that is a conversation by itself, it is seen at once.
        """
        is_read_whole = self._has_ended or begin == self._read - 1
        return self._read if is_read_whole else self._read - 1

    def taken(self, begin: int, end: int) -> list[Any]:
        """Rows, as far as they are held; they, and those before them, are held no longer."""
        taken = []
        while self._held and self._held[0][0] < end:
            number, row, size = self._held.popleft()
            self._characters -= size
            if number >= begin:
                taken.append(row)
        return taken
