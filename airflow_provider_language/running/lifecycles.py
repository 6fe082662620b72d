"""What a task's log says of the kinds that the service retires soon."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.lifecycle import retirements_near

if TYPE_CHECKING:
    from airflow_provider_language.protocol.inputs.tasks import TaskLike

log = logging.getLogger(__name__)


def tell_of_retirements(tasks: Sequence[TaskLike], today: date) -> None:
    """Warn of each kind that the service retires within a year of today.

    Raises:
        InvalidInputError: there is no such task.
    """
    for line in retirements_near((task.kind for task in tasks_from(tasks)), today):
        log.warning("%s", line)
