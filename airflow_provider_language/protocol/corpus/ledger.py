"""What was found of which text before, and where that lies, as it is written: told without any text.

A ledger is a set of blocks, one for each part that has landed and each task. A block is complete in itself,
never changed, and may be there twice. Where several know the same document, the latest one holds.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.corpus.ledger_keys import ID_BYTES, KEY_BYTES
from airflow_provider_language.protocol.corpus.ledger_words import Words, places_of


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
        began: when the run began, as it tells itself: a later one may have the same name.
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
    began: str = ""

    @classmethod
    def of(cls, run: str, part: str, at: float, entries: Iterable[Entry], began: str = "") -> Block:
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
            began=began,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, place: int) -> bytes:
        """The key of an entry."""
        return self.keys[place * KEY_BYTES : (place + 1) * KEY_BYTES]

    def id(self, place: int) -> bytes:
        """The digest of the id of an entry."""
        return self.ids[place * ID_BYTES : (place + 1) * ID_BYTES]

    @property
    def destination(self) -> str:
        """Below which the run is: its part lies in a folder of its own, in the folder ``results``."""
        return self.part.rsplit("/", 3)[0]

    def entries(self) -> Iterator[Entry]:
        """Its entries, in the order in which they were written."""
        statuses, models = Words(self.statuses, len(self)), Words(self.models, len(self))
        for place, (row, records) in enumerate(zip(self.rows, self.records, strict=True)):
            yield Entry(self.key(place), self.id(place), row, records, statuses.at(place), models.at(place))

    def without(self, ids: Mapping[bytes, float]) -> Block:
        """The block without documents that were to be forgotten after it was written.

        Args:
            ids: digests of ids, and when they were forgotten.
        """
        cut = (self.ids[one : one + ID_BYTES] for one in range(0, len(self.ids), ID_BYTES))
        if not ids or not any(self.at <= ids.get(one, -1.0) for one in cut):
            return self
        return self._of(one for one in self.entries() if self.at > ids.get(one.id, -1.0))

    def _of(self, entries: Iterable[Entry]) -> Block:
        return Block.of(self.run, self.part, self.at, entries, self.began)

    def only(self, places: Collection[int]) -> Block:
        """The block with the entries at some places."""
        if len(places) == len(self):
            return self
        return self._of(one for place, one in enumerate(self.entries()) if place in places)

    def to_dict(self) -> dict[str, Any]:
        """The block as JSON."""
        return {
            "run": self.run,
            "part": self.part,
            "at": self.at,
            "began": self.began,
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
            began=str(told.get("began", "")),
        )
        count = len(block.rows)
        Words(block.statuses, count), Words(block.models, count)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError):
        raise RecordError("A block of the ledger cannot be read.") from None
    if [len(block.records), len(block.keys), len(block.ids)] != [count, count * KEY_BYTES, count * ID_BYTES]:
        raise RecordError("A block of the ledger cannot be read.")
    return block
