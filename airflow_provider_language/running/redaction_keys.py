"""The keys of pseudonyms and of whom they stand for: kept where the user says, each apart from others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.running.secret_options import secret_of

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


Secrets: TypeAlias = Callable[[str], "str | None"]
"""What gives the secret of an option of ``[azure_language]``, or None."""


def redaction_key(secrets: Secrets = secret_of) -> RedactionKey | None:
    """The key of ``[azure_language] redaction_key``, or of the connection ``redaction_key_conn_id``.

    Args:
        secrets: from where it is; by default, from Airflow.

    Returns:
        None for none.

    Raises:
        IncompleteInputError: the connection cannot be read.
        InvalidInputError: the key is so short that it could be guessed.
    """
    secret = secrets("redaction_key")
    return None if secret is None else RedactionKey(secret.encode())


def key_for(policy: RedactionPolicy, secrets: Secrets = secret_of) -> RedactionKey | None:
    """The key that a policy needs; None if it has no pseudonyms.

    Args:
        policy: of the redaction.
        secrets: from where it is.

    Raises:
        InvalidInputError: it has, and there is none.
    """
    if not policy.needs_key:
        return None
    key = redaction_key(secrets)
    if key is None:
        raise InvalidInputError(
            "The redaction policy has pseudonyms, which need a key: put a random one, such as "
            "`openssl rand -hex 32` makes, into [azure_language] redaction_key, or into the password of a "
            "connection, and its id into redaction_key_conn_id; for a command, into "
            "AZURE_LANGUAGE_REDACTION_KEY."
        )
    return key


def reveal_key(secrets: Secrets = secret_of) -> Fernet:
    """The key with which is encrypted whom a pseudonym stands for: ``[azure_language] reveal_key``.

    Args:
        secrets: from where it is.

    Raises:
        IncompleteInputError: the connection cannot be read.
        InvalidInputError: there is none, or it is no Fernet key.
    """
    from cryptography.fernet import Fernet

    secret = secrets("reveal_key")
    if secret is None:
        raise InvalidInputError(
            "A redaction policy that is reversible needs a key of its own: put a Fernet key into "
            "[azure_language] reveal_key, or into the password of the connection reveal_key_conn_id; for a "
            "command, into AZURE_LANGUAGE_REVEAL_KEY."
        )
    try:
        return Fernet(secret)
    except ValueError:
        pass
    # Outside, so that no traceback shows what the error quotes.
    raise InvalidInputError("[azure_language] reveal_key is no Fernet key.")
