"""Documents of a file or folder, cut into batches while they are read, and read again batch by batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.batches import Batch
from airflow_provider_language.protocol.corpus.layouts import AS_USUAL, Layout
from airflow_provider_language.protocol.corpus.packing import pack
from airflow_provider_language.protocol.inputs.documents import Document, check_ids, document_from
from airflow_provider_language.storage.sources.documents import RowPlace, placed_rows


def batches_of(
    location: str, max_documents: int, max_characters: int, layout: Layout = AS_USUAL
) -> Iterator[Batch]:
    """Cut the documents of a file or folder into batches, each of which one job takes.

    No more texts are held than two batches have, and the ids of all: one that stands in two batches could not
    be told apart in the rows.

    Args:
        location: as :func:`~airflow_provider_language.storage.sources.documents.read_documents` takes it.
        max_documents: per batch.
        max_characters: per batch.
        layout: how the file is written; each batch carries it along.

    Raises:
        InvalidInputError: they cannot be read, an id is empty or stands twice, or a text is too long.
    """
    places: deque[RowPlace] = deque()
    first = 0
    packed = pack(_known(location, layout, places), max_documents, max_characters)
    for number, documents in enumerate(packed):
        batch = replace(Batch.of(number, first, documents), layout=layout)
        where = [places.popleft() for _ in documents]
        if isinstance(where[0], int):
            yield replace(batch, offset=where[0])
        else:
            yield replace(batch, files=tuple(map(str, where)))
        first += len(documents)


def _known(location: str, layout: Layout, places: deque[RowPlace]) -> Iterator[Document]:
    seen: set[str] = set()
    for position, (place, row) in enumerate(placed_rows(location, layout)):
        document = document_from(position, row)
        check_ids([document.id], "document")
        if document.id in seen:
            raise InvalidInputError(f"The document id {document.id!r} is not unique in {location}.")
        seen.add(document.id)
        places.append(place)
        yield document


def read_batch(location: str, batch: Batch) -> tuple[Document, ...]:
    """Read the documents of one batch, and no others.

    Raises:
        InvalidInputError: they are not those that the batch was made of, or cannot be read.
    """
    if batch.offset is None and batch.files is None:
        raise InvalidInputError(f"Batch {batch.number} is not one of a file or folder.")
    rows = islice(placed_rows(location, batch.layout, batch=batch), batch.count)
    try:
        documents = [document_from(batch.first + place, row) for place, (_, row) in enumerate(rows)]
    except InvalidInputError as error:
        # They could be read when they were counted: where the batch began, something else stands.
        raise batch.changed(error.message) from error
    return batch.checked(documents)
