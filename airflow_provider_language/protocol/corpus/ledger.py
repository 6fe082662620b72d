"""What was found of which text before, and where that lies: told without any text, in little memory.

A ledger is a set of blocks, one for each part that has landed and each task. A block is complete in itself,
never changed, and may be there twice. Where several know the same document, the latest one holds.
"""

from __future__ import annotations

import struct
from array import array
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.corpus.ledger_keys import ID_BYTES, KEY_BYTES
from airflow_provider_language.protocol.corpus.ledger_words import Words, places_of

_BUCKETS = 1 << 16
"""By the first two bytes of a key, which are as good as drawn."""
_KEY = struct.Struct(f"{KEY_BYTES}s")
_PLACE = struct.Struct("<II")
_SIZE = KEY_BYTES + _PLACE.size


class Entry(NamedTuple):
    """One document in one task.

    Args:
        key: of its text and language; see :class:`~.ledger_keys.LedgerKeys`.
        id: a digest of its id.
        row: the line of its row in the part, from 0.
        records: text records that it was charged at most.
        status: of its row.
        model: that judged it; empty where the service does not tell.
    """

    key: bytes
    id: bytes
    row: int
    records: int
    status: str = "ok"
    model: str = ""


@dataclass(frozen=True)
class Block:
    """The entries of one part in one task.

    Args:
        run: whose part it is.
        part: where the part is.
        at: when it landed, in seconds since the epoch.
        keys, ids: of its entries, one behind the other.
        rows, records: of its entries.
        statuses, models: the places of the entries that have one.
    """

    run: str
    part: str
    at: float
    keys: bytes = field(repr=False)
    ids: bytes = field(repr=False)
    rows: Sequence[int] = field(repr=False)
    records: Sequence[int] = field(repr=False)
    statuses: Mapping[str, str] = field(repr=False)
    models: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, run: str, part: str, at: float, entries: Iterable[Entry]) -> Block:
        """The block of a part that has landed."""
        told = list(entries)
        return cls(
            run=run,
            part=part,
            at=at,
            keys=b"".join(one.key for one in told),
            ids=b"".join(one.id for one in told),
            rows=array("I", (one.row for one in told)),
            records=array("I", (one.records for one in told)),
            statuses=places_of([one.status for one in told]),
            models=places_of([one.model for one in told]),
        )

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, place: int) -> bytes:
        """The key of an entry."""
        return self.keys[place * KEY_BYTES : (place + 1) * KEY_BYTES]

    def entries(self) -> Iterator[Entry]:
        """Its entries, in the order in which they were written."""
        statuses, models = Words(self.statuses, len(self)), Words(self.models, len(self))
        for place, (row, records) in enumerate(zip(self.rows, self.records, strict=True)):
            id_ = self.ids[place * ID_BYTES : (place + 1) * ID_BYTES]
            yield Entry(self.key(place), id_, row, records, statuses.at(place), models.at(place))

    def without(self, ids: Mapping[bytes, float]) -> Block:
        """The block without documents that were to be forgotten after it was written.

        Args:
            ids: digests of ids, and when they were forgotten.
        """
        cut = (self.ids[one : one + ID_BYTES] for one in range(0, len(self.ids), ID_BYTES))
        if not ids or not any(self.at <= ids.get(one, -1.0) for one in cut):
            return self
        return Block.of(
            self.run, self.part, self.at, (one for one in self.entries() if self.at > ids.get(one.id, -1.0))
        )

    def only(self, places: Collection[int]) -> Block:
        """The block with the entries at some places."""
        if len(places) == len(self):
            return self
        told = (one for place, one in enumerate(self.entries()) if place in places)
        return Block.of(self.run, self.part, self.at, told)

    def to_dict(self) -> dict[str, Any]:
        """The block as JSON."""
        return {
            "run": self.run,
            "part": self.part,
            "at": self.at,
            "keys": b64encode(self.keys).decode(),
            "ids": b64encode(self.ids).decode(),
            "rows": list(self.rows),
            "records": list(self.records),
            "statuses": dict(self.statuses),
            "models": dict(self.models),
        }


def block_from(told: Any) -> Block:
    """Read what :meth:`Block.to_dict` wrote; fields that are not known are ignored.

    Raises:
        RecordError: it is no block.
    """
    try:
        block = Block(
            run=str(told["run"]),
            part=str(told["part"]),
            at=float(told["at"]),
            keys=b64decode(told["keys"], validate=True),
            ids=b64decode(told["ids"], validate=True),
            rows=array("I", told["rows"]),
            records=array("I", told["records"]),
            statuses={str(word): str(places) for word, places in told["statuses"].items()},
            models={str(word): str(places) for word, places in told["models"].items()},
        )
        count = len(block.rows)
        Words(block.statuses, count), Words(block.models, count)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError):
        raise RecordError("A block of the ledger cannot be read.") from None
    if [len(block.records), len(block.keys), len(block.ids)] != [count, count * KEY_BYTES, count * ID_BYTES]:
        raise RecordError("A block of the ledger cannot be read.")
    return block


class Reused(NamedTuple):
    """Where a document's row lies, of an earlier run or an earlier part.

    Args:
        run: of the row.
        part: where the part is.
        row: the line in it, from 0.
        records: text records that need not be charged again.
        status: of the row.
        model: that judged it; empty where the service does not tell.
    """

    run: str
    part: str
    row: int
    records: int
    status: str
    model: str


@dataclass
class _Origin:
    """What of a block is kept."""

    run: str
    part: str
    at: float
    rows: Sequence[int]
    records: Sequence[int]
    statuses: Words
    models: Words


class Known:
    """All that a ledger knows of one task, to be looked up by the key of a document.

    A million documents take some 45 MB.
    """

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self._buckets = [bytearray() for _ in range(_BUCKETS)]
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
                *(block.run, block.part, block.at, block.rows, block.records),
                statuses=Words(block.statuses, len(block)),
                models=Words(block.models, len(block)),
            )
        )
        buckets, packed = self._buckets, _PLACE.pack
        for place, (key,) in enumerate(_KEY.iter_unpack(block.keys)):
            bucket = buckets[key[0] << 8 | key[1]]
            at = bucket.find(key)
            if at > 0 and at % _SIZE:
                at = _further(bucket, key, at)
            if at < 0:
                bucket += key + packed(number, place)
            elif self._is_later(number, place, bucket, at):
                bucket[at + KEY_BYTES : at + _SIZE] = packed(number, place)

    def _is_later(self, number: int, place: int, bucket: bytearray, at: int) -> bool:
        """Whether an entry is later than that which stands there; of two at once, the order is no matter."""
        other, other_place = _PLACE.unpack_from(bucket, at + KEY_BYTES)
        new, old = self._origins[number], self._origins[other]
        return (new.at, new.part, place) > (old.at, old.part, other_place)

    @property
    def models(self) -> frozenset[str]:
        """The models that judged documents, those too whose findings were replaced since."""
        return frozenset(word for one in self._origins for word in one.models.words)

    def __contains__(self, key: bytes) -> bool:
        """Whether a document is known, in a third of the time that :meth:`get` takes."""
        bucket = self._buckets[key[0] << 8 | key[1]]
        at = bucket.find(key)
        return at >= 0 and (at % _SIZE == 0 or _further(bucket, key, at) >= 0)

    def get(self, key: bytes) -> Reused | None:
        """Where the row of a document lies; None if there is none."""
        bucket = self._buckets[key[0] << 8 | key[1]]
        at = bucket.find(key)
        if at > 0 and at % _SIZE:
            at = _further(bucket, key, at)
        if at < 0:
            return None
        number, place = _PLACE.unpack_from(bucket, at + KEY_BYTES)
        one = self._origins[number]
        words = one.statuses.at(place), one.models.at(place)
        return Reused(one.run, one.part, one.rows[place], one.records[place], *words)

    def latest(self, number: int, block: Block) -> set[int]:
        """The places of a block's entries that nothing later has replaced.

        Args:
            number: how many blocks were taken before it.
            block: as it was taken.
        """
        return {place for place in range(len(block)) if self._is_at(block.key(place), number, place)}

    def _is_at(self, key: bytes, number: int, place: int) -> bool:
        return key + _PLACE.pack(number, place) in self._buckets[key[0] << 8 | key[1]]


def _further(bucket: bytearray, key: bytes, at: int) -> int:
    """Where the record of a key begins, which was found within others first; -1 if there is none."""
    while at > 0 and at % _SIZE:
        at = bucket.find(key, at + 1)
    return at
