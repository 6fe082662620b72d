"""CorpusColumns: how a corpus operator is told where the texts of its files are, in one column or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow_provider_language.operators.file_layouts import FileLayout
from airflow_provider_language.running.choices import text_columns_in


class CorpusColumns(FileLayout):
    """Says how the files of a corpus are written; see :class:`FileLayout`.

    Args:
        text_columns: several columns, or fields of JSON lines, that have texts, in the place of
            ``text_column``. Each text is a document of its own, with the id ``ID#COLUMN``; an empty one is
            none (docs/corpus.md).
        kwargs: of :class:`FileLayout`.
    """

    template_fields: Sequence[str] = (*FileLayout.template_fields, "text_columns")

    def __init__(self, *, text_columns: Sequence[str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        text_columns_in(text_columns, self.text_column)
        self.text_columns = text_columns
