"""Cutting documents that are longer than a job takes: at ends of sentences, where there are any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.sentence_ends import SentenceEnds
from airflow_provider_language.protocol.corpus.text_elements import is_boundary, last_boundary

OVERLAP = 64
"""Code points that the piece behind a cut within a sentence repeats: entities are rarely longer."""
_SHARE = 8
"""Which part of a piece (one of so many) an overlap takes at most."""
_AHEAD = 256
"""Code points behind a piece that are read to tell whether a sentence ends with it."""
_ENTITIES = frozenset(
    {
        "CustomEntityRecognition",
        "EntityLinking",
        "EntityRecognition",
        "Healthcare",
        "PiiEntityRecognition",
    }
)


@dataclass(frozen=True)
class Piece:
    """A part of a document; its text is ``text[begin:end]``.

    Args:
        number: from 0.
        begin, end: in code points of the document.
        repeated: of these, how many at its begin the piece before has, too.
    """

    number: int
    begin: int
    end: int
    repeated: int = 0

    @property
    def own(self) -> int:
        """How many code points it has that the piece before does not have."""
        return self.end - self.begin - self.repeated

    @property
    def seam(self) -> int:
        """Where the piece before ends."""
        return self.begin + self.repeated


def overlap_of(kinds: Iterable[str]) -> int:
    """How many code points pieces repeat where they are not cut between sentences.

    Args:
        kinds: of all tasks that the document has; one that looks for entities needs the overlap.
    """
    return OVERLAP if _ENTITIES.intersection(kinds) else 0


def split(text: str, most: int, ends: SentenceEnds, overlap: int = 0) -> tuple[Piece, ...]:
    """Cut a text into pieces, each as long as it may be, and at least half of that, but for the last one.

    A piece ends with the last sentence that it takes whole; where none ends in its second half, behind a
    blank; where there is no blank, between two text elements. Equal pieces would make 6 % more jobs.

    Args:
        text: of the document.
        most: code points of a piece.
        ends: tells where sentences end; see :func:`~.sentence_ends.sentence_ends`.
        overlap: code points that are repeated behind a cut that is not between sentences.

    Returns:
        The pieces in their order, one if the text is short enough. No code point is in more than two.

    Raises:
        InvalidInputError: a text element alone is longer than a piece.
    """
    return tuple(_pieces(text, most, ends, min(overlap, most // _SHARE)))


def _pieces(text: str, most: int, ends: SentenceEnds, overlap: int) -> Iterator[Piece]:
    number, begin, seam = 0, 0, 0
    while len(text) - begin > most:
        end, is_sentence = _cut(text, begin, seam, most, ends)
        yield Piece(number, begin, end, seam - begin)
        begin = end if is_sentence else _begin(text, seam, end, overlap)
        number, seam = number + 1, end
    yield Piece(number, begin, len(text), seam - begin)


def _cut(text: str, begin: int, seam: int, most: int, ends: SentenceEnds) -> tuple[int, bool]:
    """Where a piece ends, and whether that is between sentences."""
    high = begin + most
    low = begin + most // 2
    found = (begin + one for one in reversed(ends(text[begin : high + _AHEAD])))
    sentence = next((one for one in found if low < one <= high and is_boundary(text, one)), None)
    if sentence is not None:
        return sentence, True
    blanks = (one for one in range(high, low, -1) if text[one - 1].isspace() and is_boundary(text, one))
    end = next(blanks, None) or last_boundary(text, seam, high)
    if end is None:
        raise InvalidInputError(f"A text element has more than {most} characters, and no job takes it.")
    return end, False


def _begin(text: str, seam: int, end: int, overlap: int) -> int:
    """Where the piece behind a cut begins: with the overlap, and a text element of at most its size."""
    if not overlap:
        return end
    place = last_boundary(text, max(seam, end - 2 * overlap), end - overlap)
    return end if place is None else place
