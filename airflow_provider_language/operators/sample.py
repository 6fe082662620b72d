"""SampleCorpusOperator: a few documents of a corpus, drawn by a seed before the whole of it is paid for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.corpus_columns import CorpusColumns
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.storage.locations import given_location, rendered_location

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.storage.locations import Location


class SampleCorpusOperator(CorpusColumns):
    """Draws documents of each language and file by their shares; it asks nothing of the service.

    The sample is a file of JSON lines with ``id``, ``text``, ``language`` and ``source``, and a source as any
    other. It has texts as they are: keep it where the source may be kept (docs/redaction.md).

    Returns the number of documents of the source and of the sample, and the text records that the whole
    source makes for each task.

    Args:
        source: a file, a folder or a glob; it is read twice. With ``text_columns``, each text of a row is a
            document.
        sample: the file that is written.
        size: documents of the sample.
        seed: the same one draws the same documents.
        kwargs: how the files are written, as :class:`CorpusColumns` tells, and those of ``BaseOperator``.
    """

    template_fields: Sequence[str] = ("source", "sample", "size", "seed", *CorpusColumns.template_fields)
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        source: Location | XComArg,
        sample: Location | XComArg,
        size: int | str,
        seed: int | str = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source = given_location(source, "source")
        self.sample = given_location(sample, "sample")
        self.size = size
        self.seed = seed

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Draw and write the sample."""
        from airflow_provider_language.protocol.inputs.fields import number_in
        from airflow_provider_language.running.sampling import draw

        with failing_for_good():
            source = rendered_location(self.source, "source")
            sample = rendered_location(self.sample, "sample")
            size, seed = number_in(self.size, "size"), number_in(self.seed, "seed")
            if source is None or sample is None or size is None or seed is None:
                raise InvalidInputError("source, sample, size or seed was rendered to nothing.")
            how: dict[str, Any] = {"location": sample, "text_columns": self.text_columns}
            drawn = draw([source], self.layout, size=int(size), seed=int(seed), **how)
        told = {"documents": drawn.sizes.total(), "drawn": drawn.drawn.total()}
        self.log.info("%d of %d documents are drawn", told["drawn"], told["documents"])
        return {**told, "text_records": drawn.text_records, "path": sample}
