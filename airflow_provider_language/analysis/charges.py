"""What a job costs, in the service's unit: text records."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_language.analysis.documents import Document

RECORD_CHARACTERS = 1000
"""A text record is 1,000 characters, rounded up per document; each task counts (API.md section 5)."""


def text_records(documents: Iterable[Document], tasks: int) -> int:
    """The text records that a job is billed at most.

    Counted in code points, which are never fewer than the service's text elements; summaries are also
    billed for their output, which nobody knows before.

    Args:
        documents: the job's documents.
        tasks: how many tasks run on each of them.
    """
    return tasks * sum(-(-len(document.text) // RECORD_CHARACTERS) for document in documents)
