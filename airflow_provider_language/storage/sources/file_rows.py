"""The rows of a file of a corpus, out of which items are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from airflow_provider_language.protocol.corpus.families import Takes
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.storage.sources.columns import Wanted

Found: TypeAlias = tuple[int, Any, Item]
"""An item, behind the number of its first row and that row, from which columns are carried over."""


@dataclass(frozen=True)
class FileRows:
    """The rows of a file, and what is to be known to make items of them.

    Args:
        rows: with their numbers, from 0; one that cannot be read is ``Unread``.
        name: of the file, by which items without an id are known.
        prefix: of each id.
        takes: what a job takes.
        carried: the columns that are carried over.
        columns: that have texts, where these are several.
    """

    rows: Iterator[tuple[int, Any]]
    name: str
    prefix: str
    takes: Takes
    carried: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()

    def place(self, number: int) -> str:
        """Where a row stands."""
        return f"{self.name}#{number}"


@dataclass(frozen=True)
class ItemReader:
    """How items of a family are read.

    Args:
        wanted: the fields that rows are to have.
        items: makes items of rows while they are read.
        repeated: what is said of an id that is there twice, behind the id.
    """

    wanted: Wanted
    items: Callable[[FileRows], Iterator[Found]]
    repeated: str
