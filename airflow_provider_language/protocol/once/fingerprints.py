"""Whether two submissions are the same: told by digests that say nothing to who does not have their key."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace

from airflow_provider_language.protocol.inputs.native_documents import NativeDocument
from airflow_provider_language.protocol.inputs.submissions import Submission

UNKNOWN = ""
"""The fingerprint of what nobody has a key to tell apart."""


def fingerprint(submission: Submission, endpoint: str, key: bytes | None) -> str:
    """What makes two submissions the same: the endpoint, and all that is sent, but for name and secrets.

    The display name may differ from try to try, and so may the SAS of a native document. A plain hash would
    tell a short text, or a number, to whoever tries them all.

    Args:
        submission: what is submitted.
        endpoint: where.
        key: random, and kept from those who may read records; None for :data:`UNKNOWN`.

    Returns:
        A name of the key, and the digest.
    """
    if key is None:
        return UNKNOWN
    documents = tuple(
        one.unsigned if isinstance(one, NativeDocument) else one for one in submission.documents
    )
    request = replace(submission, documents=documents, display_name=None).to_request()
    told = json.dumps([endpoint, request.path, request.query, request.body], sort_keys=True)
    return f"{_digest(key, 'name of this key')[:16]}:{_digest(key, told)}"


def _digest(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def is_comparable(one: str, other: str) -> bool:
    """Whether two fingerprints were made with the same key; else they say nothing of each other."""
    return ":" in one and one.partition(":")[0] == other.partition(":")[0]


def has_changed(recorded: str, wanted: str) -> bool:
    """Whether something else is submitted than before; False where that cannot be told."""
    return is_comparable(recorded, wanted) and recorded != wanted
