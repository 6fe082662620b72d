"""By what a ledger knows documents and tasks again: digests that tell nothing without their key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from airflow_provider_language.protocol.inputs.tasks import WireTask

KEY_BYTES = 16
ID_BYTES = 8

_LANGUAGES = 1000
"""Of which digests are kept begun; a column may have anything in it."""
_OF_NO_EFFECT = frozenset({"loggingOptOut"})
"""Parameters with which the service finds the same."""
_DEFAULTS: Mapping[str, object] = {"modelVersion": "latest"}
"""What the service does where nothing is said, so that saying it is the same task."""


class LedgerKeys:
    """Makes the digests of one ledger.

    Args:
        key: that the user keeps, at least 16 bytes; with another one, nothing is known again.
    """

    def __init__(self, key: bytes) -> None:
        self._secret = hashlib.sha256(b"ledger\0" + key).digest()
        self._begun: dict[str | None, hashlib.blake2b] = {}
        self._id = self._digest(ID_BYTES, b"id")

    def of(self, text: str, language: str | None, splitter: str = "") -> bytes:
        """What a document is known by.

        Args:
            text: as it is sent.
            language: as it is sent, ``auto`` included; None where none is.
            splitter: what cuts the document; empty where it is sent as a whole.
        """
        begun = self._begun.get(language)
        digest = self._begin(language) if begun is None else begun.copy()
        digest.update(text.encode(errors="surrogatepass"))
        if splitter:
            digest.update(b"\0" + splitter.encode())
        return digest.digest()

    def _begin(self, language: str | None) -> hashlib.blake2b:
        """The digest of a document of which only the language is known."""
        spoken = b"\xff" if language is None else language.encode(errors="surrogatepass")
        digest = self._digest(KEY_BYTES, b"document")
        digest.update(len(spoken).to_bytes(4, "big") + spoken)
        if len(self._begun) < _LANGUAGES:
            self._begun[language] = digest.copy()
        return digest

    def of_id(self, document_id: str) -> bytes:
        """What a document's id is known by, when it is to be forgotten."""
        digest = self._id.copy()
        digest.update(document_id.encode(errors="surrogatepass"))
        return digest.digest()

    def of_task(
        self,
        task: WireTask,
        version: str,
        *,
        default_language: str | None = None,
        redacted_only: bool = False,
    ) -> str:
        """What a task is known by: all that its findings depend on, but for the document.

        Its name is not among that, nor in which order values are listed. A custom kind is known by project
        and deployment: that another model was deployed under the same name cannot be seen.

        Args:
            task: as it is sent; the model that is asked for and the unit of offsets are parameters.
            version: the api-version.
            default_language: for documents whose language is ``auto`` and cannot be told.
            redacted_only: whether what was found stays out of the rows.

        Returns:
            The kind and a digest, fit for the name of a folder.
        """
        given = {name: one for name, one in task.parameters.items() if name not in _OF_NO_EFFECT}
        told = [{**_DEFAULTS, **given}, version, default_language, redacted_only]
        digest = self._digest(KEY_BYTES, b"task")
        digest.update(json.dumps([task.kind, *map(_canonical, told)], sort_keys=True).encode())
        return f"{task.kind}-{digest.hexdigest()}"

    def _digest(self, size: int, purpose: bytes) -> hashlib.blake2b:
        return hashlib.blake2b(digest_size=size, key=self._secret, person=purpose)


def _canonical(value: Any) -> Any:
    """A value in which lists of words or numbers, which are sets to the service, have one order."""
    if isinstance(value, Mapping):
        return {name: _canonical(one) for name, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        told = [_canonical(one) for one in value]
        is_set = all(isinstance(one, (str, int, float)) for one in told)
        return sorted(set(told), key=lambda one: (str(type(one)), one)) if is_set else told
    return value
