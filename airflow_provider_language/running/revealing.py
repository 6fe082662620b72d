"""Whom a pseudonym stands for, by the table that reversible policies write."""

from __future__ import annotations

from cryptography.fernet import InvalidToken

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.tables.schema import PSEUDONYMS
from airflow_provider_language.running.redaction_keys import Secrets, reveal_key
from airflow_provider_language.running.secret_options import secret_of
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.row_files import rows_in


def surface_of(destination: str, pseudonym: str, secrets: Secrets = secret_of) -> str:
    """The surface form that a pseudonym stands for, in one of its spellings.

    Args:
        destination: below which the runs are that wrote it.
        pseudonym: as it stands in a redacted text.
        secrets: from where the key is.

    Raises:
        InvalidInputError: there is no key, it is another one, or nobody has noted the pseudonym.
    """
    fernet = reveal_key(secrets)
    folder = f"{destination.rstrip('/')}/{PSEUDONYMS.name}"
    place = place_of(folder)
    place.fs.invalidate_cache()
    root = str(place.path).rstrip("/")
    for path in sorted(place.fs.find(place.path)):
        for record in rows_in(f"{folder}{str(path).removeprefix(root)}"):
            if record.get("pseudonym") == pseudonym:
                try:
                    return fernet.decrypt(str(record.get("surface"))).decode()
                except InvalidToken:
                    raise InvalidInputError(
                        f"{pseudonym} was noted with another key than [azure_language] reveal_key."
                    ) from None
    raise InvalidInputError(f"{pseudonym!r:.100} is in no table of pseudonyms at {destination}.")
