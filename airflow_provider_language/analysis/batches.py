"""Packing documents into jobs within the published limits."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_language.analysis.inputs import InputT
from airflow_provider_language.analysis.surfaces import ANALYZE_TEXT
from airflow_provider_language.exceptions import InvalidInputError


def pack(
    documents: Iterable[InputT],
    max_documents: int = ANALYZE_TEXT.max_documents,
    max_characters: int = ANALYZE_TEXT.max_characters,
) -> tuple[tuple[InputT, ...], ...]:
    """Divide documents into as many batches as needed, each of which one job takes.

    The same documents give the same batches, so that a batch can be named by its number. Documents keep
    their order, but for one case: the service refuses a job in which every text is empty, so such a batch
    gets a text from another one that has several, where there is such a one.

    Args:
        documents: any number, also none; texts, conversations or native documents.
        max_documents: per batch.
        max_characters: per batch, in code points (never fewer than the text elements that are counted).

    Raises:
        InvalidInputError: one document alone is larger than a batch.
    """
    batches: list[list[InputT]] = []
    room = 0
    for document in documents:
        size = document.characters
        if size > max_characters:
            raise InvalidInputError(
                f"Document {document.id!r} has {size} characters; a job takes {max_characters} at most."
            )
        if not batches or len(batches[-1]) == max_documents or size > room:
            batches.append([])
            room = max_characters
        batches[-1].append(document)
        room -= size
    _mix_empty_texts(batches, max_characters)
    return tuple(map(tuple, batches))


def _mix_empty_texts(batches: list[list[InputT]], max_characters: int) -> None:
    """Exchange a document of each batch of empty texts for a text that another batch can spare."""
    empty = [batch for batch in batches if not _places_of_texts(batch)]
    if not empty:
        return
    spare = [(donor, place) for donor in batches for place in _places_of_texts(donor)[1:]]
    for batch in empty:
        # From the end, where taking one out of the list costs nothing.
        for index in reversed(range(len(spare))):
            donor, place = spare[index]
            if _exchange(batch, donor, place, max_characters):
                del spare[index]
                break


def _exchange(batch: list[InputT], donor: list[InputT], place: int, max_characters: int) -> bool:
    """Exchange a text for the batch's first document, if both batches stay within the limit."""
    growth = donor[place].characters - batch[0].characters
    if _characters(batch) + growth > max_characters or _characters(donor) - growth > max_characters:
        return False
    batch[0], donor[place] = donor[place], batch[0]
    return True


def _characters(batch: list[InputT]) -> int:
    return sum(document.characters for document in batch)


def _places_of_texts(batch: list[InputT]) -> list[int]:
    return [place for place, document in enumerate(batch) if not document.is_blank]
