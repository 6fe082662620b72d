"""Failures as Airflow takes them: no retries for what cannot end otherwise, no job left running."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.exceptions import LanguageError

if TYPE_CHECKING:
    from airflow_provider_language.hooks.language import LanguageHook

log = logging.getLogger(__name__)

CANCEL_TOLERANCE = 15.0
"""Seconds for which a task that is being ended tries to cancel its job: Airflow kills it after 5 to 60."""


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


def cancel_quietly(hook: LanguageHook, location: str, tolerance: float) -> None:
    """Cancel a job whose task ends for another reason, which an error in cancelling must not hide.

    Args:
        hook: of the connection.
        location: the job.
        tolerance: seconds for which the task rides out faults; not all of them are taken.
    """
    try:
        result = hook.cancel(location, tolerance=min(tolerance, CANCEL_TOLERANCE))
        log.info("Cancelling %s: %s", location, result.value)
    except LanguageError as error:
        log.warning("%s could not be cancelled: %s", location, error)
