"""FileLayout: what an operator may be told of how its file of documents or conversations is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.storage.locations import is_template

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.layouts import Layout


class FileLayout(BaseOperator):
    """Says how a file is written, where it is not as by default; text files have an encoding only.

    A batch that :meth:`LanguageHook.batches` tells carries this along, and it need not be said again.

    Args:
        text_column: the column, or field of a JSON line, that has the text; by default ``text``.
        id_column: that has the id; by default ``id``, in a file of conversations ``conversation_id``.
        language_column: that has the language; by default ``language``.
        speaker_column: that says who speaks, in a file of conversations; by default ``speaker``.
        delimiter: one character between the cells of CSV; by default a comma.
        encoding: as Python names it, such as ``cp1252``; by default UTF-8.
        kwargs: of Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = (
        "text_column",
        "id_column",
        "language_column",
        "speaker_column",
        "delimiter",
        "encoding",
    )

    def __init__(
        self,
        *,
        text_column: str | None = None,
        id_column: str | None = None,
        language_column: str | None = None,
        speaker_column: str | None = None,
        delimiter: str | None = None,
        encoding: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.text_column = text_column
        self.id_column = id_column
        self.language_column = language_column
        self.speaker_column = speaker_column
        self.delimiter = delimiter
        self.encoding = encoding

    @property
    def layout(self) -> Layout:
        """What is said, checked."""
        from airflow_provider_language.protocol.corpus.layouts import Layout

        said = {name: getattr(self, name) for name in FileLayout.template_fields}
        # Airflow 2.11 leaves a template as it is where it renders to nothing.
        return Layout(**{name: value for name, value in said.items() if not is_template(value)})
