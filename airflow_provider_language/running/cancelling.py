"""Cancels the jobs of a task that is being ended: many within the seconds that Airflow leaves it."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import LanguageError
from airflow_provider_language.protocol.defaults import CANCEL_TOLERANCE

if TYPE_CHECKING:
    from airflow_provider_language.hooks.language import LanguageHook

log = logging.getLogger(__name__)

HANDS = 8
"""Jobs that are cancelled at the same time."""
GRACE = 1.0
"""Seconds that the others have for what they have begun, before the caller does it for them."""

Cancel = Callable[[str], str]

_NO_ANSWER = TimeoutError("no answer has come")


def cancel_quietly(hook: LanguageHook, locations: Sequence[str], tolerance: float) -> bool:
    """Cancel jobs whose task ends for another reason, which an error in cancelling must not hide.

    Args:
        hook: of the connection.
        locations: the jobs.
        tolerance: seconds for which the task rides out faults; not all of them are taken.

    Returns:
        Whether no job goes on.
    """
    patience = min(tolerance, CANCEL_TOLERANCE)
    work = _Work(deque(locations), lambda location: hook.cancel(location, tolerance=patience).value)
    work.do()
    said = {location: work.said.get(location, "") or _NO_ANSWER for location in locations}
    # In a thread: the signal may have interrupted who writes the log, and gives its lock back only then.
    _join(_started(lambda: _tell(said)), time.monotonic() + GRACE)
    return all(isinstance(words, str) for words in said.values())


def _tell(said: Mapping[str, str | Exception]) -> None:
    for location, words in said.items():
        if isinstance(words, str):
            log.info("Cancelling %s: %s", location, words)
        else:
            log.warning("%s could not be cancelled: %s", location, words)


def _started(*works: Callable[[], None]) -> list[threading.Thread]:
    """Threads that work; who starts one holds a lock, for which a handler that starts one would wait."""
    from airflow_provider_language.hooks.signals import signals_held

    threads = [threading.Thread(target=work, daemon=True) for work in works]
    with signals_held():
        for thread in threads:
            thread.start()
    return threads


def _join(threads: Sequence[threading.Thread], until: float) -> None:
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


@dataclass
class _Work:
    """Jobs to cancel, by several hands of which one is the caller's own.

    It may be called by the handler of a signal: whatever the interrupted code has locked is open to the
    caller's thread alone. Should the others wait for that, the caller does what they have left.

    Args:
        left: the jobs that nobody has begun with.
        cancel: cancels one, and says what came of it.

    Attributes:
        said: what came of each job, an error where it could not be cancelled.
    """

    left: deque[str]
    cancel: Cancel
    said: dict[str, str | LanguageError] = field(default_factory=dict)

    def do(self) -> None:
        """Cancel all of them, or as many as can be in time."""
        jobs = list(self.left)
        others = _started(*[self._share] * (min(HANDS, len(jobs)) - 1))
        self._share()
        until = time.monotonic() + GRACE
        _join(others, until)
        for job in jobs:
            if job not in self.said and time.monotonic() < until + CANCEL_TOLERANCE:
                self._do(job)

    def _share(self) -> None:
        while self.left:
            try:
                job = self.left.popleft()
            except IndexError:  # another one was faster
                return
            self._do(job)

    def _do(self, job: str) -> None:
        try:
            self.said[job] = self.cancel(job)
        except LanguageError as error:
            self.said[job] = error
