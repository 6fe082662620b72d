"""The key of the digests by which a retry finds that its input has changed: kept where the user says."""

from __future__ import annotations

import logging

from airflow_provider_language.exceptions import InvalidInputError, RecordError

log = logging.getLogger(__name__)

_SHORTEST = 16


def digest_key(*, needed: bool = False) -> bytes | None:
    """The key of ``[azure_language] digest_key``, or of the connection ``digest_key_conn_id``; None for none.

    Args:
        needed: whether all would be paid again without it, where the user has one.

    Raises:
        InvalidInputError: it is so short that whoever reads a digest could find it, and then the text.
        RecordError: it is needed, and its connection cannot be read.
    """
    key = _configured("digest_key")
    conn_id = _configured("digest_key_conn_id")
    if not key and conn_id:
        key = _of_connection(conn_id)
        if needed and not key:
            raise RecordError(
                f"The connection {conn_id!r} of [azure_language] digest_key_conn_id gives no key, "
                "without which documents of earlier runs are not known again. With ledger=False all of them "
                "are analyzed and billed."
            )
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


def _configured(option: str) -> str:
    from airflow.configuration import conf

    return str(conf.get("azure_language", option, fallback=None) or "").strip()


def _of_connection(conn_id: str) -> str:
    from airflow_provider_language._compat import BaseHook

    try:
        return (BaseHook.get_connection(conn_id).password or "").strip()
    except Exception as error:  # noqa: BLE001 - each backend of secrets has errors of its own
        log.warning(
            "Whether a task's input has changed cannot be told: the connection %r of [azure_language] "
            "digest_key_conn_id cannot be read (%s)",
            conn_id,
            type(error).__name__,
        )
        return ""
