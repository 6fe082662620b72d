"""How the rows of a source were read, and what is said in the place of what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeAlias

from airflow_provider_language.protocol.corpus.families import CONVERSATIONS, TEXTS, Family, Takes
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.layouts import UTF_8, Layout
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.storage.sources.columns import TURNS, Wanted
from airflow_provider_language.storage.sources.corpora import item_of
from airflow_provider_language.storage.sources.kept_columns import KeptColumns
from airflow_provider_language.storage.sources.text_columns import documents_in, wanted_of

Forms: TypeAlias = "Mapping[str, str | None]"
"""What is said in the place of the forms of a turn, by their names; nothing in the place of others."""
Texts: TypeAlias = "Mapping[str, str | Sequence[Forms] | None]"
"""What is said in the place of what stands in fields of a row."""


class Replaced(NamedTuple):
    """What becomes of a row.

    Args:
        texts: in the place of those of its fields.
        originals: those that are known to be there.
    """

    texts: Texts
    originals: Mapping[str, str]

    @property
    def flat(self) -> dict[str, str | None]:
        """The texts alone; nothing in the place of anything else."""
        return {name: text if isinstance(text, str) else None for name, text in self.texts.items()}


@dataclass(frozen=True)
class Reading:
    """How the rows of a corpus were read, and are read again.

    Args:
        layout: how its files are written.
        qualified: whether the file stands before each id.
        takes: what a job takes.
        columns: that have texts, where these are several.
        family: of the jobs: texts, or conversations.
        kept: the columns that are carried over, which a whole conversation may have beside its own fields.
    """

    layout: Layout
    qualified: bool
    takes: Takes
    columns: tuple[str, ...] = ()
    family: Family = TEXTS
    kept: tuple[Column, ...] = ()

    @property
    def has_turns(self) -> bool:
        """Whether rows are turns of conversations, or conversations."""
        return self.family is CONVERSATIONS

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns that have texts."""
        return self.columns or (self.layout.text_column or "text",)

    @property
    def wanted(self) -> Wanted:
        """The fields of the rows."""
        return TURNS if self.has_turns else wanted_of(self.columns)

    @property
    def encoding(self) -> str:
        """Of the files."""
        return self.layout.encoding or UTF_8

    def items(self, row: Any, name: str, number: int) -> dict[str, Item]:
        """What a row of texts is to the corpus, by column; it has one at least."""
        found = partial(item_of, name=name, number=number, kept=_NOTHING)
        how: dict[str, Any] = {"qualified": self.qualified, "takes": self.takes}
        if not self.columns:
            return {self.texts[0]: found(row, **how)}
        texts = documents_in(row, self.columns)
        return {column: found(one, suffix=f"#{column}", **how) for column, one in texts}


_NOTHING = KeptColumns(())


class Said(Protocol):
    """What is said in the place of documents, one after another."""

    def of(self, item: Item) -> Any:
        """That of the next document: a text, or of a conversation the forms of its turns; None for none."""

    def end(self, name: str, /) -> None:
        """Be told that a file has no more documents."""
