"""The items of a corpus as they were read, and the segments that it is cut into."""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.batches import digest_of
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.json_values import JsonValue

SEGMENT_DOCUMENTS = 10_000
SEGMENT_CHARACTERS = 64_000_000
"""What a segment has at most; one document more than its characters allow begins the next one."""

INVALID = "InvalidDocument"
"""The code, of ours, of a row of the source that is no document, or none that a job takes."""


NOTHING_KEPT: Mapping[str, JsonValue] = {}
"""What is carried over from most items; one object for all of them."""


class Item(NamedTuple):
    """What is analyzed as one: a document, a conversation or a native document of the source.

    Args:
        id: as it stands there; else where it stands (``reviews.csv#12``).
        content: what its family makes an input of; kept out of ``repr``; empty where there is a fault.
        language: as it stands there; None where nothing does.
        fault: why it cannot be analyzed; None if it can.
        source: the name of its file.
        row_number: of its first row in the file, from 0; None where the file is one document.
        kept: what is carried over from it, by column; kept out of ``repr``.
        size: its characters, where they are not those of its content.
        lasting: what of its content stays the same where it is read again; None for all of it.
        pieces: that it is cut into, since it is too long for a job; none if it is not.
    """

    id: str
    content: str
    language: str | None = None
    fault: ServiceFault | None = None
    source: str = ""
    row_number: int | None = None
    kept: Mapping[str, JsonValue] = NOTHING_KEPT
    size: int | None = None
    lasting: str | None = None
    pieces: tuple[Piece, ...] = ()

    def __repr__(self) -> str:
        return f"Item(id={self.id!r}, source={self.source!r}, row_number={self.row_number!r})"

    @property
    def characters(self) -> int:
        """Its size in code points, by which jobs are filled, and charged; 0 where nobody knows."""
        return len(self.content) if self.size is None else self.size

    @classmethod
    def refused(cls, id_: str, message: str) -> Item:
        """What cannot be analyzed, and costs the others nothing."""
        return cls(id_, "", None, ServiceFault(INVALID, message))


@dataclass(frozen=True)
class Segment:
    """A piece of the corpus: the window for packing, the unit of recovery, one part of what is landed.

    Args:
        number: from 0, in the order of the source.
        count: how many items it has.
        ids: a digest of their ids.
        texts: a digest of contents and languages with the key that the user keeps; empty without a key.
        cuts: a digest of where its documents are cut; empty where none is.
    """

    number: int
    count: int
    ids: str
    texts: str = ""
    cuts: str = ""

    def check(self, found: Segment) -> None:
        """Refuse a segment that is not what it was, as rows would be lost or doubled.

        Raises:
            InvalidInputError: in the source, something else stands in its place by now; or its documents
                would be cut at other places than those that were submitted.
        """
        comparable = self.texts.partition(":")[0] == found.texts.partition(":")[0] != ""
        if (self.count, self.ids) == (found.count, found.ids) and (
            not comparable or self.texts == found.texts
        ):
            return self._check_cuts(found)
        raise InvalidInputError(
            f"The source has changed since this run read it: segment {self.number}, of {self.count} rows, is "
            "another one now. Begin a new run, or start this one over with refresh=True."
        )

    def _check_cuts(self, found: Segment) -> None:
        if self.cuts != found.cuts:
            raise InvalidInputError(
                f"Documents of segment {self.number} would be cut at other places than those that were "
                "submitted, by another version of sentencex. Install the version that this run began with, "
                "or start it over with refresh=True."
            )


def segments(
    items: Iterable[Item],
    key: bytes | None = None,
    *,
    most: int = SEGMENT_DOCUMENTS,
    characters: int = SEGMENT_CHARACTERS,
) -> Iterator[tuple[Segment, list[Item]]]:
    """Cut a corpus into segments, while it is read; no more than one of them is held.

    Args:
        items: the corpus, in its order.
        key: of the digests of contents; None for none.
        most: items of a segment.
        characters: of the contents of a segment.
    """
    number = 0
    held: list[Item] = []
    size = 0
    for item in items:
        if held and (len(held) == most or size + len(item.content) > characters):
            yield _segment(number, held, key), held
            number, held, size = number + 1, [], 0
        held.append(item)
        size += len(item.content)
    if held:
        yield _segment(number, held, key), held


def _segment(number: int, items: list[Item], key: bytes | None) -> Segment:
    cuts = [f"{place}:{piece.begin}" for place, item in enumerate(items) for piece in item.pieces]
    return Segment(
        number,
        len(items),
        hashlib.blake2b(_framed([item.id for item in items]), digest_size=8).hexdigest(),
        "" if key is None else _digest(items, key),
        digest_of(cuts) if cuts else "",
    )


_AT_ONCE = 100
"""Contents that go into a digest together: in few steps, and none of them held for long."""


def _digest(items: Sequence[Item], key: bytes) -> str:
    """A name of the key, and what tells these contents from others to who has the key."""
    name = hmac.new(key, b"name of this key", hashlib.sha256).hexdigest()[:16]
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for first in range(0, len(items), _AT_ONCE):
        some = items[first : first + _AT_ONCE]
        digest.update(_framed([item.language or "" for item in some]))
        digest.update(_framed([item.content if item.lasting is None else item.lasting for item in some]))
    return f"{name}:{digest.hexdigest()}"


def _framed(texts: Sequence[str]) -> bytes:
    """Texts behind their lengths, so that so many of them cannot be taken for others."""
    lengths = struct.pack(f"<{len(texts)}Q", *map(len, texts))
    return lengths + "".join(texts).encode(errors="surrogatepass")
