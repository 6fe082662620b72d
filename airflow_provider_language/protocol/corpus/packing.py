"""Packing documents into jobs within the published limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.families import InputT
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT


def pack(
    documents: Iterable[InputT],
    max_documents: int = ANALYZE_TEXT.max_documents,
    max_characters: int = ANALYZE_TEXT.max_characters,
) -> Iterator[tuple[InputT, ...]]:
    """Divide documents into batches, each of which one job takes, while they come.

    They keep their order, and the same documents give the same batches, so that a batch can be named by its
    number, or by its first document and how many there are. The service refuses a job in which every text is
    empty; so where such a batch would follow one that has several texts, it begins with the last of them. A
    batch of empty texts is left only where there are more of them in a row than their neighbours can take
    along.

    Args:
        documents: any number, also none; texts, conversations or native documents. No more of them are held
            than two batches take.
        max_documents: per batch.
        max_characters: per batch, in code points (never fewer than the text elements that are counted).

    Raises:
        InvalidInputError: one document alone is larger than a batch.
    """
    packer = _Packer[InputT](max_documents, max_characters)
    for document in documents:
        yield from packer.add(document)
    yield from packer.end()


class _Packer(Generic[InputT]):
    """Fills a batch, and holds the one before, which may have to lend it a text."""

    def __init__(self, max_documents: int, max_characters: int) -> None:
        self._max_documents = max_documents
        self._max_characters = max_characters
        self._before: list[InputT] = []
        self._batch: list[InputT] = []
        self._room = max_characters

    def add(self, document: InputT) -> Iterator[tuple[InputT, ...]]:
        """Take another document; yield what is packed by now."""
        size = document.characters
        if size > self._max_characters:
            raise InvalidInputError(
                f"Document {document.id!r} has {size} characters; a job takes {self._max_characters} at most."
            )
        while len(self._batch) == self._max_documents or size > self._room:
            yield from self._close()
        self._batch.append(document)
        self._room -= size

    def end(self) -> Iterator[tuple[InputT, ...]]:
        """Yield what is left."""
        while self._batch:
            yield from self._close()
        if self._before:
            yield tuple(self._before)

    def _close(self) -> Iterator[tuple[InputT, ...]]:
        lent = 0 if _texts(self._batch) else _last_of_several(_texts(self._before))
        if lent:
            yield tuple(self._before[:lent])
            waiting = [*self._before[lent:], *self._batch]
            fitting = self._fitting(waiting)
            self._before, self._batch = waiting[:fitting], waiting[fitting:]
        else:
            if self._before:
                yield tuple(self._before)
            self._before, self._batch = self._batch, []
        self._room = self._max_characters - sum(one.characters for one in self._batch)

    def _fitting(self, documents: Sequence[InputT]) -> int:
        """How many of them one batch takes."""
        room = self._max_characters
        for number, document in enumerate(documents[: self._max_documents]):
            room -= document.characters
            if room < 0:
                return number
        return min(len(documents), self._max_documents)


def _texts(batch: Sequence[InputT]) -> list[int]:
    """The places of those that are not empty."""
    return [place for place, document in enumerate(batch) if not document.is_blank]


def _last_of_several(places: Sequence[int]) -> int:
    return places[-1] if len(places) > 1 else 0
