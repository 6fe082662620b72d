"""Bodies of answers: taken in piece by piece, decompressed, and given up where they swell."""

from __future__ import annotations

import zlib

LARGEST = 64 * 2**20
"""Bytes of the largest body that is read, decompressed or not. The largest job has 125,000 characters, and a
page of its results a few megabytes; JSON takes ten times as much memory again when it is read."""

ACCEPTED = "gzip"
"""The one compression that is asked for: it is undone here, in steps, and never further than the bound."""

_GZIP = 16 + zlib.MAX_WBITS


class BrokenBodyError(Exception):
    """A body that cannot be read to its end."""


class Body:
    """The body of one answer.

    Args:
        encoding: the answer's ``content-encoding``; empty for none.

    Raises:
        BrokenBodyError: it is encoded in a way that was not asked for.
    """

    def __init__(self, encoding: str = "") -> None:
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise BrokenBodyError(f"its body is encoded as {encoding[:40]!r}, which nobody asked for")
        self._unzip = zlib.decompressobj(_GZIP) if encoding.endswith("gzip") else None
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_begun = False

    def add(self, piece: bytes) -> None:
        """Take in another piece, as it came.

        Raises:
            BrokenBodyError: it is not compressed as the answer says, or the body is too large.
        """
        self._is_begun = self._is_begun or bool(piece)
        if self._unzip is None:
            self._keep(piece)
            return
        while piece:
            try:
                self._keep(self._unzip.decompress(piece, LARGEST - self._size + 1))
            except zlib.error:
                raise BrokenBodyError("its body is not compressed as it says") from None
            piece = self._unzip.unused_data
            if piece:  # A file of several parts.
                self._unzip = zlib.decompressobj(_GZIP)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > LARGEST:
            raise BrokenBodyError(f"its body is larger than {LARGEST >> 20} MiB")
        self._pieces.append(piece)

    def whole(self) -> bytes:
        """All of it.

        Raises:
            BrokenBodyError: it was compressed, and its end is missing.
        """
        if self._unzip is not None and self._is_begun and not self._unzip.eof:
            raise BrokenBodyError("its body breaks off")
        return b"".join(self._pieces)
