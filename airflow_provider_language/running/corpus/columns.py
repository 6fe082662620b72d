"""Several text columns of a corpus: where there can be some, and what is carried over from each document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import TEXTS, Family
from airflow_provider_language.protocol.corpus.queries import SqlSource
from airflow_provider_language.protocol.tables.kept import kept_columns
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.running.choices import text_columns_in
from airflow_provider_language.storage.sources.documents import kind_of
from airflow_provider_language.storage.sources.text_columns import COLUMN

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.layouts import Layout
    from airflow_provider_language.protocol.tables.kept import KeepColumns
    from airflow_provider_language.storage.sources.corpora import SourceFile


def columns_of(
    said: Sequence[str] | None, layout: Layout, source: SqlSource | Sequence[SourceFile], family: Family
) -> tuple[str, ...]:
    """The columns that have texts, where these are several; none where there is one alone.

    Args:
        said: their names, as they were rendered.
        layout: of the files.
        source: of the corpus.
        family: of its jobs.

    Raises:
        InvalidInputError: they are none, or such a source has no columns of texts.
    """
    columns = text_columns_in(said, layout.text_column)
    if not columns:
        return ()
    if family is not TEXTS:
        raise InvalidInputError(
            "text_columns is for texts: a conversation has one text a turn, and a native document none."
        )
    if isinstance(source, SqlSource):
        raise InvalidInputError(
            "text_columns is for files, and the source is a query: let it give a row for each text, by UNION "
            "ALL, with an id that tells them apart."
        )
    alone = next((name for location, name in source if kind_of(location)[0] == ".txt"), None)
    if alone is not None:
        raise InvalidInputError(f"text_columns is for files with columns, and {alone} is a text file.")
    return columns


def kept_with_column(said: KeepColumns) -> tuple[Column, ...]:
    """The columns that are carried over, behind the one that tells of which column a document is.

    Raises:
        InvalidInputError: they are none, or one of them has that name.
    """
    kept = kept_columns(said)
    if any(column.name == COLUMN for column in kept):
        raise InvalidInputError(f"keep_columns has {COLUMN}, which tells of which text column a document is.")
    return Column(COLUMN), *kept
