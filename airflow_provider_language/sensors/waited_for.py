"""The jobs that a sensor waits for, and how those that have ended did so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_language.protocol.jobs.outcomes import Outcome

if TYPE_CHECKING:
    from airflow_provider_language.exceptions import LanguageError
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.protocol.jobs.status import Job


@dataclass
class WaitedFor:
    """The jobs that a sensor waits for.

    Args:
        locations: their operation-locations, each by its path alone, which tells it from the others.
        ended: how those of which it is known have ended.
    """

    locations: Mapping[str, str]
    ended: dict[str, Outcome] = field(default_factory=dict)

    @classmethod
    def at(cls, locations: Iterable[str], hook: LanguageHook) -> WaitedFor:
        """The jobs at some operation-locations.

        Raises:
            ForeignLocationError: one of them is not on the connection's endpoint.
        """
        handles = {location: hook.handle(location) for location in locations}
        return cls({one.surface.job_path(one.job_id): location for location, one in handles.items()})

    @property
    def running(self) -> list[str]:
        """The paths of the jobs of which it is not known that they have ended."""
        return [path for path in self.locations if path not in self.ended]

    def saw(self, path: str, job: Job) -> None:
        """Note a job as it was seen."""
        if job.state.ended:
            self.ended[path] = Outcome.of([job])

    def error(self, *, allow_partial: bool) -> LanguageError | None:
        """What is wrong with how they have ended; see :meth:`Outcome.error`."""
        return Outcome.together(self.ended.values()).error(allow_partial=allow_partial)
