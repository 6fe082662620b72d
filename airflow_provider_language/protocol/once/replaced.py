"""Jobs that a task no longer wants: cancelled as well as may be, though nobody may find them any more."""

from __future__ import annotations

import logging
from dataclasses import replace

from airflow_provider_language.exceptions import LanguageError, RecordError
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.defaults import CANCEL_TOLERANCE
from airflow_provider_language.protocol.jobs.handles import handle_from
from airflow_provider_language.protocol.once.case import Case
from airflow_provider_language.protocol.once.notes import kept
from airflow_provider_language.protocol.once.record import Phase, Record
from airflow_provider_language.protocol.wire import Flow, Recorded, WriteRecord

log = logging.getLogger(__name__)


def give_up_forgotten(case: Case, found: Recorded) -> Flow[Recorded]:
    """Give up the job of before a clear, which only a second note names: the record is gone.

    A try whose successor runs finds no record either, and may not write one. So the job is only cancelled by
    a try that has written that it begins anew.

    Returns:
        What is recorded now.
    """
    try:
        record = Record.from_dict(found.forgotten)
    except RecordError as error:
        log.warning("Which job the task had before it was cleared cannot be told: %s", error)
        return found
    if record.attempt >= case.attempt.number or not case.policies.cancels_replaced:
        return found
    begun = case.intended(0, found.at).settled(Phase.REFUSED, found.at)
    found = yield from kept(WriteRecord(begun.to_dict(), found.note))
    yield from give_up(case, record, "the task was cleared")
    return found


def give_up(case: Case, record: Record, reason: str) -> Flow[None]:
    """Cancel a job that is no longer wanted, if it is this task's own."""
    if record.location is None:
        return
    log.warning("%s is no longer wanted, as %s", record.location, reason)
    if case.policies.cancels_replaced:
        yield from cancel(case, record.location)


def cancel(case: Case, location: str) -> Flow[None]:
    """Cancel a job as well as may be; that it cannot be cancelled stops nobody."""
    tolerance = min(case.settings.retries.tolerance, CANCEL_TOLERANCE)
    settings = replace(case.settings, retries=replace(case.settings.retries, tolerance=tolerance))
    try:
        result = yield from flows.cancel(handle_from(location, case.endpoint), settings)
    except LanguageError as error:
        log.warning("%s could not be cancelled: %s", location, error)
    else:
        log.info("Cancelling %s: %s", location, result.value)
