"""A round of looks, one at each job: who is not told of keeps nobody else waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import ServiceUnavailableError

if TYPE_CHECKING:
    from airflow_provider_language.protocol.jobs.status import Job

SILENCE = 60.0
"""Seconds without an answer that end a round: a look may take longer than that until it is given up, and a
pause that the service asks for keeps all others waiting, too."""


@dataclass
class Round:
    """What a round of looks has found.

    Attributes:
        jobs: those that were told of, as they were seen, by the name they were looked at by.
        silent: what was said, or not said, of the others that were asked for.
    """

    jobs: dict[str, Job] = field(default_factory=dict)
    silent: dict[str, ServiceUnavailableError] = field(default_factory=dict)


def look_at_each(names: Iterable[str], look: Callable[[str], Job], clock: Callable[[], float]) -> Round:
    """Look at jobs, one after another; a round that meets nothing but silence for too long ends early.

    Args:
        names: of the jobs.
        look: looks at one of them.
        clock: seconds, from any begin on.

    Raises:
        LanguageError: what the service says of a job, other than that it cannot tell at the moment.
    """
    found, heard = Round(), clock()
    for name in names:
        try:
            found.jobs[name] = look(name)
        except ServiceUnavailableError as error:  # noqa: PERF203 - a look takes a tenth of a second
            found.silent[name] = error
            if clock() - heard > SILENCE:
                break
        else:
            heard = clock()
    return found
