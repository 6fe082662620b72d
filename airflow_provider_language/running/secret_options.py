"""Secrets of ``[azure_language]``: in the configuration itself, or as the password of a connection."""

from __future__ import annotations

from airflow_provider_language.exceptions import IncompleteInputError


def secret_of(option: str) -> str | None:
    """What an option says, or the password of the connection that ``OPTION_conn_id`` names.

    It is masked in the logs of this process.

    Args:
        option: of ``[azure_language]``.

    Returns:
        None where neither says anything.

    Raises:
        IncompleteInputError: the connection cannot be read; a retry asks for it again.
    """
    secret = _configured(option)
    conn_id = connection_of(option)
    if not secret and conn_id:
        secret = _of_connection(conn_id, option)
    if not secret:
        return None
    from airflow_provider_language._compat import mask_secret

    mask_secret(secret)
    return secret


def connection_of(option: str) -> str:
    """The id of the connection whose password an option may be; empty for none."""
    return _configured(f"{option}_conn_id")


def _configured(option: str) -> str:
    from airflow.configuration import conf  # not above: commands that need no secret do without Airflow

    return str(conf.get("azure_language", option, fallback=None) or "").strip()


def _of_connection(conn_id: str, option: str) -> str:
    from airflow_provider_language._compat import BaseHook

    try:
        return (BaseHook.get_connection(conn_id).password or "").strip()
    except Exception as error:  # noqa: BLE001 - each backend of secrets has errors of its own
        told = type(error).__name__
    # Outside, so that no traceback shows what the error quotes.
    raise IncompleteInputError(
        f"The connection {conn_id!r} of [azure_language] {option}_conn_id cannot be read ({told})."
    )
