"""Failures as Airflow takes them: no retries for what cannot end otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.exceptions import LanguageError


@contextmanager
def failing_for_good() -> Iterator[None]:
    """Turn an error that a retry would meet again into AirflowFailException; let the others pass.

    Raises:
        AirflowFailException: with the error's sentence, and the error as its cause.
    """
    try:
        yield
    except LanguageError as error:
        if error.retryable:
            raise
        raise AirflowFailException(str(error)) from error
