"""What a job costs, in the service's unit: text records."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.inputs.native_documents import NativeDocument

RECORD_CHARACTERS = 1000
"""A text record is 1,000 characters, rounded up per document; each task counts (docs/service.md, charges)."""


def text_records(documents: Iterable[Input], tasks: int) -> int | None:
    """The text records that a job is billed at most; None for native documents, whose size is unknown here.

    Counted in code points, which are never fewer than the service's text elements; summaries are also
    billed for their output, which nobody knows before.

    Args:
        documents: the job's documents or conversations.
        tasks: how many tasks run on each of them.
    """
    charged = 0
    for document in documents:
        if isinstance(document, NativeDocument):
            return None
        charged += -(-document.characters // RECORD_CHARACTERS)
    return tasks * charged
