"""Packing documents into jobs within the published limits."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_language.analysis.documents import Document
from airflow_provider_language.analysis.surfaces import ANALYZE_TEXT
from airflow_provider_language.exceptions import InvalidInputError


def pack(
    documents: Iterable[Document],
    max_documents: int = ANALYZE_TEXT.max_documents,
    max_characters: int = ANALYZE_TEXT.max_characters,
) -> tuple[tuple[Document, ...], ...]:
    """Divide documents into as many batches as needed, each of which one job takes.

    The same documents give the same batches, so that a batch can be named by its number. Documents keep
    their order, but for one case: the service refuses a job in which every text is empty, so such a batch
    gets a text from another one.

    Args:
        documents: any number, also none.
        max_documents: per batch.
        max_characters: per batch, in code points (never fewer than the text elements that are counted).

    Raises:
        InvalidInputError: one document alone is larger than a batch.
    """
    batches: list[list[Document]] = []
    room = 0
    for document in documents:
        size = len(document.text)
        if size > max_characters:
            raise InvalidInputError(
                f"Document {document.id!r} has {size} characters; a job takes {max_characters} at most."
            )
        if not batches or len(batches[-1]) == max_documents or size > room:
            batches.append([])
            room = max_characters
        batches[-1].append(document)
        room -= size
    _mix_empty_texts(batches)
    return tuple(map(tuple, batches))


def _mix_empty_texts(batches: list[list[Document]]) -> None:
    """Exchange a document of each batch of empty texts for a text that another batch can spare."""
    for batch in batches:
        if any(map(_has_text, batch)):
            continue
        donor = next((other for other in batches if sum(map(_has_text, other)) > 1), None)
        if donor is None:
            return
        place = next(index for index, document in enumerate(donor) if _has_text(document))
        batch[0], donor[place] = donor[place], batch[0]


def _has_text(document: Document) -> bool:
    return bool(document.text.strip())
