"""The rows of a run, held against its source that is read once more: to each document what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.tables.row_files import rows_in

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.items import Item
    from airflow_provider_language.protocol.json_values import JsonObject
    from airflow_provider_language.running.corpus.places import RunPlaces


def rows_of(parts: Sequence[str], places: RunPlaces, task: str) -> Iterator[JsonObject]:
    """The rows of a task, in the order of the source.

    Args:
        parts: the names of the run's parts.
        places: of the run.
        task: its name.
    """
    for part in parts:
        for row in rows_in(f"{places.results}/{part}"):
            if row.get("task") == task:
                yield row


class RowTexts:
    """The texts of rows, one after another, each for the document that it was made of and for no other.

    Args:
        rows: of one task, in the order of the source.
        text: makes one of a row and its document, or of a conversation the forms of each turn; None for none.
        is_killed: whether the task was killed by something that has not ended it.

    Attributes:
        taken: documents.
        missing: of them, without a text, or without that of a turn.
    """

    def __init__(
        self,
        rows: Iterator[JsonObject],
        text: Callable[[JsonObject, Item], Any],
        is_killed: Callable[[], bool],
    ) -> None:
        self._rows = rows
        self._text = text
        self._next = next(rows, None)
        self._is_killed = is_killed
        self.taken = 0
        self.missing = 0

    def of(self, item: Item) -> Any:
        """The text of the next document; None if it has none.

        Raises:
            InvalidInputError: another document stands there by now.
            InterruptedError: the task was killed.
        """
        if self._is_killed():
            raise InterruptedError("The task was killed; its next try writes the redacted copy.")
        row, self._next = self._next, None
        characters = None if item.fault else item.characters
        found = (item.id, item.source, item.row_number, characters)
        if row is None or tuple(map(row.get, _KNOWN_BY)) != found:
            raise _changed(f"document {self.taken}, in {item.source}, is another one")
        self._next = next(self._rows, None)
        self.taken += 1
        text = self._text(row, item)
        self.missing += text is None or (
            isinstance(text, list) and not all("text" in forms for forms in text)
        )
        return text

    def end(self, name: str | None) -> None:
        """Refuse to be left with texts of a file that has ended, or of the whole source.

        Raises:
            InvalidInputError: there are some.
        """
        if self._next is not None and name in (None, self._next.get("source")):
            raise _changed(f"{name or 'it'} has fewer documents")


_KNOWN_BY = ("document_id", "source", "row_number", "characters")


def _changed(how: str) -> InvalidInputError:
    return InvalidInputError(
        f"The source has changed since it was analyzed: {how}. Its redacted copy is not complete. Put back "
        "what was there and clear the task, which pays nothing again; or start over with refresh=True."
    )
