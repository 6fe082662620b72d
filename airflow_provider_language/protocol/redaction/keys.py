"""The key of pseudonyms: a surface form has the same one for whoever has the key, and for nobody else."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import cached_property

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.spelling import normalised

SHORTEST = 16
"""Characters of a key."""
DIGITS = 20
"""Hexadecimal digits of a pseudonym: 80 bits.

Among n surface forms, two share a pseudonym with a probability of at most n² / 2⁸¹: 4 in 10¹³ for a million,
4 in 10⁷ for a billion.
"""
_ID_DIGITS = 8
_NAME_OF_KEY, _PSEUDONYM = b"key id\0", b"pseudonym\0"
"""What is signed begins with what it is for, so that no pseudonym is part of another one's key id."""


@dataclass(frozen=True)
class RedactionKey:
    """A secret, and what is made with it.

    Args:
        secret: at least 16 characters, which nobody can guess.

    Raises:
        InvalidInputError: it is shorter; whoever reads a pseudonym could find it, and then the names.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a secret that could be guessed."""
        if len(self.secret) < SHORTEST:
            raise InvalidInputError(
                f"The redaction key has less than {SHORTEST} characters: take a random one, such as "
                "`openssl rand -hex 32` makes."
            )

    @property
    def id(self) -> str:
        """A name of the key that may be told to everybody: which of several keys made a pseudonym."""
        return hmac.digest(self.secret, _NAME_OF_KEY, hashlib.sha256).hex()[:_ID_DIGITS]

    def pseudonym(self, category: str, surface: str) -> str:
        """What stands for a surface form of a category: ``Person-7f3a9c0d1e2f3a4b5c6d``.

        Args:
            category: as the service names it. The same form of another category has another pseudonym.
            surface: as it stands in a text, in any spelling that :func:`normalised` takes for the same.
        """
        signed = self._begun.copy()
        signed.update(f"{category}\0{normalised(surface)}".encode(errors="surrogatepass"))
        return f"{category}-{signed.hexdigest()[:DIGITS]}"

    @cached_property
    def _begun(self) -> hmac.HMAC:
        """Of all pseudonyms, as far as they are the same: that is the half of the work."""
        return hmac.new(self.secret, _PSEUDONYM, hashlib.sha256)
