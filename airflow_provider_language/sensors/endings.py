"""How a sensor's wait ends, as Airflow takes it: alike in every way of waiting, on all versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from airflow_provider_language._compat import (
    AirflowFailException,
    AirflowSensorTimeout,
    AirflowSkipException,
    AirflowTaskTimeout,
)
from airflow_provider_language.exceptions import JobError, JobTimeoutError, LanguageError
from airflow_provider_language.running.limits import WaitLimits


def fail(error: LanguageError, limits: WaitLimits) -> NoReturn:
    """Raise what went wrong: for good, unless another try can end otherwise.

    Args:
        error: what went wrong.
        limits: of the wait; which of them a job ran into decides on the kind of timeout.
    """
    if isinstance(error, JobTimeoutError):
        if limits.cancels:
            error.next_step = error.next_step_if_cancelled
        ran_out = AirflowTaskTimeout if limits.is_execution_timeout else AirflowSensorTimeout
        raise ran_out(str(error)) from error
    if error.retryable and not isinstance(error, JobError):
        raise error
    raise AirflowFailException(str(error)) from error


@contextmanager
def honoured(*, soft_fail: bool, never_fail: bool, out_of_time: Callable[[], None]) -> Iterator[None]:
    """Skip instead of failing where that is wished for, and clean up after a wait that ran out of time.

    Airflow itself honours only ``soft_fail`` for a timeout in its loop around ``poke``, and in 2.11 after a
    deferral.

    Args:
        soft_fail: whether what certainly fails is skipped instead.
        never_fail: whether whatever goes wrong is.
        out_of_time: called before the wait ends for a timeout.
    """
    try:
        yield
    except (AirflowFailException, AirflowSensorTimeout, AirflowTaskTimeout) as error:
        if not isinstance(error, AirflowFailException):
            out_of_time()
        if soft_fail or never_fail:
            raise AirflowSkipException(str(error)) from error
        raise
    except AirflowSkipException as error:
        if not isinstance(error.__cause__, AirflowFailException):  # Airflow's own, for a timeout
            out_of_time()
        raise
    except LanguageError as error:
        if never_fail:
            raise AirflowSkipException(str(error)) from error
        raise
