"""Which entries of a ledger nothing later has replaced, so that files of it can be made smaller."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from airflow_provider_language.protocol.corpus.known import BUCKETS, bucket_of, record_at
from airflow_provider_language.protocol.corpus.ledger import Block
from airflow_provider_language.protocol.corpus.ledger_keys import ID_BYTES, KEY_BYTES

_DESTINATION = struct.Struct("<I")
_PLACE = struct.Struct("<II")
_IDENTITY = KEY_BYTES + ID_BYTES + _DESTINATION.size
_SIZE = _IDENTITY + _PLACE.size


class Latest:
    """The latest entry of each document under each of its ids, at each destination.

    What another id, or another destination, has is no replacement: a run leaves out what its own destination
    has under the same id, and copies all else. A million entries take some 40 MB.

    Args:
        blocks: of a ledger's task; the same ones are asked about, in the same order.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._buckets = [bytearray() for _ in range(BUCKETS)]
        self._blocks: list[tuple[float, str]] = []
        self._destinations: dict[str, int] = {}
        for block in blocks:
            self._add(block)

    def _add(self, block: Block) -> None:
        number = len(self._blocks)
        self._blocks.append((block.at, block.part))
        for place, identity in enumerate(self._identities(block)):
            bucket, told = self._buckets[bucket_of(identity)], _PLACE.pack(number, place)
            at = record_at(bucket, identity, _SIZE)
            if at < 0:
                bucket += identity + told
            elif self._is_later(number, place, bucket, at + _IDENTITY):
                bucket[at + _IDENTITY : at + _SIZE] = told

    def _identities(self, block: Block) -> Iterator[bytes]:
        known = self._destinations
        destination = _DESTINATION.pack(known.setdefault(block.destination, len(known)))
        for place in range(len(block)):
            yield block.key(place) + block.id(place) + destination

    def _is_later(self, number: int, place: int, bucket: bytearray, at: int) -> bool:
        other, other_place = _PLACE.unpack_from(bucket, at)
        return (*self._blocks[number], place) > (*self._blocks[other], other_place)

    def places(self, number: int, block: Block) -> set[int]:
        """The places of a block's entries that nothing later has replaced.

        Args:
            number: how many blocks were taken before it.
            block: as it was taken.
        """
        return {
            place
            for place, identity in enumerate(self._identities(block))
            if record_at(self._buckets[bucket_of(identity)], identity + _PLACE.pack(number, place), _SIZE)
            >= 0
        }
