"""The key of the digests by which a retry finds that its input has changed: kept where the user says."""

from __future__ import annotations

import logging

from airflow_provider_language.exceptions import IncompleteInputError, InvalidInputError
from airflow_provider_language.running.secret_options import connection_of, secret_of

log = logging.getLogger(__name__)

_OPTION = "digest_key"
_SHORTEST = 16


def digest_key(*, needed: bool = False) -> bytes | None:
    """The key of ``[azure_language] digest_key``, or of the connection ``digest_key_conn_id``; None for none.

    Args:
        needed: whether all would be paid again without it, where the user has one.

    Raises:
        InvalidInputError: it is so short that whoever reads a digest could find it, and then the text.
        IncompleteInputError: it is needed, and its connection gives none; a retry asks for it again.
    """
    key, why = "", "it has no password"
    try:
        key = secret_of(_OPTION) or ""
    except IncompleteInputError as error:
        why = error.message
    conn_id = connection_of(_OPTION)
    if conn_id and not key and needed:
        raise IncompleteInputError(
            f"The connection {conn_id!r} of [azure_language] digest_key_conn_id gives no key ({why}), "
            "without which documents of earlier runs are not known again. With ledger=False all of them are "
            "analyzed and billed."
        )
    if conn_id and not key:
        log.warning("Whether a task's input has changed cannot be told: %s", why)
    return checked_key(key, "of [azure_language]")


def checked_key(key: str, where: str) -> bytes | None:
    """A key as a user keeps it; None where there is none.

    Args:
        key: as it is kept.
        where: it is kept, for messages.

    Raises:
        InvalidInputError: it is too short; see :func:`digest_key`.
    """
    if not key:
        return None
    if len(key) < _SHORTEST:
        raise InvalidInputError(
            f"The digest key {where} has less than {_SHORTEST} characters: "
            "take a random one, such as `openssl rand -hex 32` makes."
        )
    return key.encode()
