"""The key of pseudonyms: kept where the user says, apart from all other keys."""

from __future__ import annotations

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.running.secret_options import secret_of


def redaction_key() -> RedactionKey | None:
    """The key of ``[azure_language] redaction_key``, or of the connection ``redaction_key_conn_id``.

    Returns:
        None for none.

    Raises:
        IncompleteInputError: the connection cannot be read.
        InvalidInputError: the key is so short that it could be guessed.
    """
    secret = secret_of("redaction_key")
    return None if secret is None else RedactionKey(secret.encode())


def key_for(policy: RedactionPolicy) -> RedactionKey | None:
    """The key that a policy needs; None if it has no pseudonyms.

    Raises:
        InvalidInputError: it has, and there is none.
    """
    if not policy.needs_key:
        return None
    key = redaction_key()
    if key is None:
        raise InvalidInputError(
            "The redaction policy has pseudonyms, which need a key: put a random one, such as "
            "`openssl rand -hex 32` makes, into [azure_language] redaction_key, or into the password of a "
            "connection, and its id into redaction_key_conn_id."
        )
    return key
