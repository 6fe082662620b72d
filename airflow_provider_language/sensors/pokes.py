"""What the pokes of a rescheduled sensor have found, for the next one, which is another process."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.jobs.outcomes import Outcome
from airflow_provider_language.sensors.rounds import Round, look_at_each

if TYPE_CHECKING:
    from airflow_provider_language.protocol.jobs.status import Job
    from airflow_provider_language.running.state_stores import StateStore
    from airflow_provider_language.sensors.waited_for import WaitedFor

log = logging.getLogger(__name__)

RECORD = "pokes"
"""The name of the record that tells a later poke what those before it found."""


@dataclass(frozen=True)
class Found:
    """What the pokes of one try have found so far.

    Args:
        ended: how each job that has ended did so.
        silent: the jobs that were asked for, and not told of since.
        since: when the outage began in which no job was told of, in seconds since the epoch; None in none.
    """

    ended: Mapping[str, Outcome] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    since: float | None = None

    def to_look_at(self, jobs: Iterable[str]) -> list[str]:
        """The jobs that have not ended; at last those that were not told of, each of which may take long."""
        return sorted((job for job in jobs if job not in self.ended), key=lambda job: job in self.silent)

    def after(self, found: Round, now: float) -> Found:
        """What is known after another round; an outage is where nobody was told of.

        Args:
            found: by the round.
            now: in seconds since the epoch. An outage that began later was noted by another clock, or before
                this one was set back: it begins anew.
        """
        ended = {job: Outcome.of([seen]) for job, seen in found.jobs.items() if seen.state.ended}
        is_outage = bool(found.silent) and not found.jobs
        since = now if self.since is None or self.since > now else self.since
        return Found(
            ended={**self.ended, **ended},
            silent=(self.silent | found.silent.keys()) - found.jobs.keys(),
            since=since if is_outage else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """What was found as JSON; jobs that ended alike stand together, since nearly all do."""
        alike: dict[str, list[str]] = {}
        for job, outcome in self.ended.items():
            alike.setdefault(json.dumps(outcome.to_dict()), []).append(job)
        return {
            "ended": [{"outcome": json.loads(outcome), "jobs": jobs} for outcome, jobs in alike.items()],
            "silent": sorted(self.silent),
            "since": self.since,
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Found:
        """Read what :meth:`to_dict` wrote; what is not understood was not found."""
        since = record.get("since")
        return cls(
            ended=dict(pair for lot in _listed(record.get("ended")) for pair in _ended_in(lot)),
            silent=frozenset(_names_in(record.get("silent"))),
            since=float(since) if isinstance(since, (int, float)) else None,
        )


def _ended_in(lot: object) -> Iterable[tuple[str, Outcome]]:
    told = lot if isinstance(lot, Mapping) else {}
    outcome = Outcome.from_dict(told.get("outcome"))
    return [] if outcome is None else [(job, outcome) for job in _names_in(told.get("jobs"))]


def _names_in(value: object) -> list[str]:
    return [name for name in _listed(value) if isinstance(name, str)]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


class Memory:
    """Keeps what the pokes of one try have found.

    Where it is away, nothing was found before: the sensor's timeout ends an outage then.

    Args:
        store: keeps the record.
        attempt: Airflow's try number; what an earlier try found does not count.
    """

    def __init__(self, store: StateStore, attempt: int) -> None:
        self._store = store
        self._attempt = attempt

    def recall(self) -> Found:
        """What was found before."""
        try:
            record = self._store.read()
        except RecordError as error:
            log.warning("What earlier pokes found cannot be told: %s", error)
            return Found()
        if not isinstance(record, dict) or record.get("attempt") != self._attempt:
            return Found()
        return Found.from_dict(record)

    def keep(self, found: Found) -> None:
        """Keep what was found for the next poke."""
        try:
            self._store.write({"attempt": self._attempt, **found.to_dict()})
        except RecordError as error:
            log.warning("What this poke found cannot be remembered: %s", error)


def look_on(memory: Memory, jobs: WaitedFor, look: Callable[[str], Job], tolerance: float) -> None:
    """Look at the jobs that no earlier poke has seen to have ended, and note those that have.

    Args:
        memory: of the pokes.
        jobs: all that are waited for.
        look: looks at one, by its location.
        tolerance: seconds for which it is no failure that no job at all is told of.

    Raises:
        ServiceUnavailableError: the outage has lasted for longer than that.
        LanguageError: what else the service says of a job.
    """
    before = memory.recall()
    seen = look_at_each(
        before.to_look_at(jobs.locations), lambda path: look(jobs.locations[path]), time.monotonic
    )
    found = before.after(seen, now := time.time())
    jobs.ended.update((path, found.ended[path]) for path in jobs.locations if path in found.ended)
    if found != before:
        memory.keep(found)
    if seen.silent:
        error = list(seen.silent.values())[-1]
        if found.since is not None and now - found.since > tolerance:
            raise error
        log.warning("%d jobs were not told of; looking again at the next poke: %s", len(seen.silent), error)
