"""Whom the pseudonyms of a run stand for, encrypted: written where a policy is reversible, and never else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

    from airflow_provider_language.protocol.redaction.keys import RedactionKey
    from airflow_provider_language.protocol.redaction.redacting import Redacted
    from airflow_provider_language.protocol.tables.records import Record

REMEMBERED = 100_000
"""Pseudonyms that are not written again; one that comes again after so many others is."""


class Surfaces:
    """Takes redacted documents, and tells the surface form of each pseudonym that has come up.

    Args:
        key: of the pseudonyms.
        fernet: by which their surface forms are encrypted.
        write: takes the records of the table of pseudonyms.
        remembered: how many pseudonyms are not written again.
    """

    def __init__(
        self,
        key: RedactionKey,
        fernet: Fernet,
        write: Callable[[Record], None],
        remembered: int = REMEMBERED,
    ) -> None:
        self._key = key
        self._fernet = fernet
        self._write = write
        self._remembered = remembered
        self._known: OrderedDict[str, None] = OrderedDict()

    def take(self, text: str, done: Redacted) -> None:
        """Note whom the pseudonyms in a text stand for, in the first spelling that has come up."""
        for change in done.changes:
            if change.way != "pseudonym":
                continue
            pseudonym = done.text[change.offset : change.offset + change.length]
            surface = text[change.span.begin : change.span.end]
            if pseudonym in self._known:
                self._known.move_to_end(pseudonym)
            elif self._key.pseudonym(change.span.category, surface) == pseudonym:  # else another span decided
                self._note(pseudonym, surface)

    def _note(self, pseudonym: str, surface: str) -> None:
        self._known[pseudonym] = None
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)
        token = self._fernet.encrypt(surface.encode(errors="replace")).decode()
        self._write((pseudonym, self._key.id, token))
