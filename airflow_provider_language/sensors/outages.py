"""How long the service has not answered a rescheduled sensor, whose every poke is another process."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import RecordError, ServiceUnavailableError

if TYPE_CHECKING:
    from airflow_provider_language.operators.records import RecordStore

log = logging.getLogger(__name__)


class Outage:
    """Remembers over the pokes of one try since when the service has not answered.

    Where the memory itself is away, the outage counts as just begun: the sensor's timeout ends it then.

    Args:
        store: keeps the record.
        attempt: Airflow's try number; what an earlier try met does not count.
    """

    def __init__(self, store: RecordStore, attempt: int) -> None:
        self._store = store
        self._attempt = attempt

    def ride_out(self, error: ServiceUnavailableError, tolerance: float, now: float) -> None:
        """Note that the service did not answer.

        Args:
            error: what it said, or did not say.
            tolerance: seconds for which this is no failure.
            now: in seconds since the epoch.

        Raises:
            ServiceUnavailableError: the error, if the tolerance is used up.
        """
        since = self._since()
        if since is None:
            self._note(now)
        elif now - since > tolerance:
            raise error
        log.warning("Looking again at the next poke: %s", error)

    def is_over(self) -> None:
        """Note that the service has answered."""
        if self._since() is not None:
            self._note(None)

    def _since(self) -> float | None:
        try:
            record = self._store.read()
        except RecordError as error:
            log.warning("Since when the service has been away cannot be told: %s", error)
            return None
        if not isinstance(record, dict) or record.get("attempt") != self._attempt:
            return None
        return None if record.get("since") is None else float(record["since"])

    def _note(self, since: float | None) -> None:
        try:
            self._store.write({"attempt": self._attempt, "since": since})
        except RecordError as error:
            log.warning("That the service is away cannot be remembered: %s", error)
