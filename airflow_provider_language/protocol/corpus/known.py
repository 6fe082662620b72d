"""What a ledger knows of one task, looked up by the key of a document, in little memory."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from airflow_provider_language.protocol.corpus.ledger import Block
from airflow_provider_language.protocol.corpus.ledger_keys import ID_BYTES, KEY_BYTES
from airflow_provider_language.protocol.corpus.ledger_words import Words

BUCKETS = 1 << 16
"""By the first two bytes of a key, which are as good as drawn."""
_KEY = struct.Struct(f"{KEY_BYTES}s")
_ID = struct.Struct(f"{ID_BYTES}s")
_PLACE = struct.Struct("<II")
_SIZE = KEY_BYTES + _PLACE.size
_PAIR = 12


class Reused(NamedTuple):
    """Where a document's row lies, of an earlier run or an earlier part.

    Args:
        run: of the row.
        part: where the part is.
        row: the line in it, from 0.
        records: text records that need not be charged again.
        status: of the row.
        model: that judged it; empty where the service does not tell.
        id: a digest of the document's id.
    """

    run: str
    part: str
    row: int
    records: int
    status: str
    model: str
    id: bytes


@dataclass
class _Origin:
    """What of a block is kept."""

    run: str
    part: str
    at: float
    ids: bytes
    rows: Sequence[int]
    records: Sequence[int]
    statuses: Words
    models: Words


class Known:
    """All that a ledger knows of one task, to be looked up by the key of a document.

    A million documents take some 65 MB.

    Args:
        blocks: of the ledger.
        is_here: tells by its place whether a part belongs to those that together are a corpus.
    """

    def __init__(
        self, blocks: Iterable[Block] = (), is_here: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._buckets = [bytearray() for _ in range(BUCKETS)]
        self._here = [bytearray() for _ in range(BUCKETS)]
        self._parts: set[bytes] = set()
        self._is_here = is_here
        self._origins: list[_Origin] = []
        for block in blocks:
            self.add(block)

    def __len__(self) -> int:
        return sum(map(len, self._buckets)) // _SIZE

    def add(self, block: Block) -> None:
        """Take another block, in whatever order they come."""
        number = len(self._origins)
        self._origins.append(
            _Origin(
                *(block.run, block.part, block.at, block.ids, block.rows, block.records),
                statuses=Words(block.statuses, len(block)),
                models=Words(block.models, len(block)),
            )
        )
        buckets, packed = self._buckets, _PLACE.pack
        for place, (key,) in enumerate(_KEY.iter_unpack(block.keys)):
            bucket = buckets[key[0] << 8 | key[1]]
            at = bucket.find(key)
            if at > 0:
                at = record_at(bucket, key, _SIZE)
            if at < 0:
                bucket += key + packed(number, place)
            elif self._is_later(number, place, bucket, at):
                bucket[at + KEY_BYTES : at + _SIZE] = packed(number, place)
        if self._is_here(block.part):
            self._add_here(block)

    def _add_here(self, block: Block) -> None:
        self._parts.add(_digest(block.keys, block.ids))
        here = self._here
        ids = _ID.iter_unpack(block.ids)
        for (key,), (id_,) in zip(_KEY.iter_unpack(block.keys), ids, strict=True):
            here[key[0] << 8 | key[1]] += _pair(key, id_)

    def has_here(self, key: bytes, id_: bytes) -> bool:
        """Whether one of the parts that together are a corpus has the row of a document under this id."""
        return record_at(self._here[bucket_of(key)], _pair(key, id_), _PAIR) >= 0

    def has_all_here(self, keys: Iterable[bytes], ids: Iterable[bytes]) -> bool:
        """Whether :meth:`has_here` is so of all these documents.

        Those that are a part, in its order, are known by one look; else it takes one for each.
        """
        told, named = list(keys), list(ids)
        if _digest(b"".join(told), b"".join(named)) in self._parts:
            return True
        here = self._here
        for key, id_ in zip(told, named, strict=True):
            bucket, pair = here[key[0] << 8 | key[1]], _pair(key, id_)
            at = bucket.find(pair)
            if at < 0 or (at % _PAIR and record_at(bucket, pair, _PAIR) < 0):
                return False
        return True

    def _is_later(self, number: int, place: int, bucket: bytearray, at: int) -> bool:
        """Whether an entry is later than that which stands there; of two at once, the order is no matter."""
        other, other_place = _PLACE.unpack_from(bucket, at + KEY_BYTES)
        new, old = self._origins[number], self._origins[other]
        return (new.at, new.part, place) > (old.at, old.part, other_place)

    @property
    def latest_models(self) -> frozenset[str]:
        """The models that judged what landed last, of all that tells its model."""
        told = [one for one in self._origins if any(one.models.words)]
        latest = max(told, key=lambda one: one.at, default=None)
        return frozenset() if latest is None else frozenset(filter(None, latest.models.words))

    @property
    def models(self) -> frozenset[str]:
        """The models that judged documents, those too whose findings were replaced since."""
        return frozenset(word for one in self._origins for word in one.models.words)

    def __contains__(self, key: bytes) -> bool:
        """Whether a document is known, in a third of the time that :meth:`get` takes."""
        return record_at(self._buckets[bucket_of(key)], key, _SIZE) >= 0

    def get(self, key: bytes) -> Reused | None:
        """Where the row of a document lies; None if there is none."""
        bucket = self._buckets[bucket_of(key)]
        at = record_at(bucket, key, _SIZE)
        if at < 0:
            return None
        number, place = _PLACE.unpack_from(bucket, at + KEY_BYTES)
        one = self._origins[number]
        words = one.statuses.at(place), one.models.at(place)
        id_ = one.ids[place * ID_BYTES : (place + 1) * ID_BYTES]
        return Reused(one.run, one.part, one.rows[place], one.records[place], *words, id_)


def _digest(keys: bytes, ids: bytes) -> bytes:
    """What tells a part by its documents; both have a fixed length for each."""
    return hashlib.blake2b(keys + ids, digest_size=KEY_BYTES).digest()


def bucket_of(key: bytes) -> int:
    """The number of the bucket of a key."""
    return key[0] << 8 | key[1]


def record_at(bucket: bytearray, key: bytes, size: int) -> int:
    """Where the record of a key begins, in a bucket of records of one size; -1 if there is none."""
    at = bucket.find(key)
    while at > 0 and at % size:  # found within others
        at = bucket.find(key, at + 1)
    return at


def _pair(key: bytes, id_: bytes) -> bytes:
    """What tells a document under an id, beside the bytes of the key that the bucket tells: 96 bits."""
    return key[2:8] + id_[:6]
