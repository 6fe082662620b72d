"""Secrets of commands, from their environment: others see the arguments of a process."""

from __future__ import annotations

import os


def secret_in_environment(option: str) -> str | None:
    """What the environment has for an option of ``[azure_language]``: ``AZURE_LANGUAGE_DIGEST_KEY``.

    Args:
        option: such as ``digest_key``.

    Returns:
        None for none.
    """
    return os.environ.get(f"AZURE_LANGUAGE_{option.upper()}", "").strip() or None


def secret_found(option: str) -> str | None:
    """What the environment has, and else what Airflow has, which is loaded for it; see :func:`secret_of`."""
    from airflow_provider_language.running.secret_options import secret_of

    return secret_in_environment(option) or secret_of(option)
