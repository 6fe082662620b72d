"""A corpus whose worker is killed again and again while its service is ill; what has to hold all the same."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator import Fault
from tests.airflow_stands import TaskInstance
from tests.corpus_runs import paid
from tests.draws import draws

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

PATIENCE = 300
"""Seconds after which a child that hangs has failed."""
DONE = 2
"""The exit code of a child that has come to its end."""
KILLS = 4
STRUCK = 0.2
"""The share of the requests that a fault strikes."""
RARE = 0.01
"""The share of those on which they make a job come to nothing: a document that has bad luck four times is an
error, as it is to be."""
ENOUGH = 200
"""Requests."""
IS_FULL = draws(4) == 4
"""Whether as many documents are run as the promise is about, or as few as show it."""
UNBOUND = {"requests_per_minute": 1_000_000}
"""Extra of a connection by which nobody waits for the limits of a tier, or learns of lower ones."""
ON_THE_WAY: tuple[Fault, ...] = (
    Fault("throttled", retry_after=0),
    Fault("error", status=500),
    Fault("error", status=503, after=True),
    Fault("lost"),
    Fault("lost", after=True),
    Fault("reset"),
    Fault("reset", after=True),
    Fault("truncated"),
    Fault("page"),
)
"""By which no job comes to nothing."""
IN_JOBS: tuple[Fault, ...] = (
    Fault("fail-job", operation="submit"),
    Fault("fail-tasks", operation="submit"),
    Fault("expired", operation="status"),
    Fault("cancelled", operation="status"),
)


def weather(seed: int, *, in_jobs: bool) -> list[Fault]:
    """Faults of each kind, by which a fifth of the requests is struck.

    Args:
        seed: decides which.
        in_jobs: whether jobs come to nothing, too.
    """
    each = 1 - (1 - STRUCK) ** (1 / len(ON_THE_WAY))
    told = [(fault, each) for fault in ON_THE_WAY] + [(fault, RARE) for fault in IN_JOBS if in_jobs]
    return [
        replace(fault, times=None, probability=share, seed=100 * seed + number)
        for number, (fault, share) in enumerate(told)
    ]


def killed_again_and_again(
    service: Emulator, run: Callable[[TaskInstance], dict[str, Any]], jobs: int, seed: int
) -> dict[str, Any]:
    """Run a task, each of whose first tries is killed outright once so many jobs have been accepted.

    Args:
        service: which accepts them.
        run: makes a try.
        jobs: that the corpus makes.
        seed: decides on the moments.

    Returns:
        What the last try returns.
    """
    moments = sorted(random.Random(seed).sample(range(1, jobs), min(KILLS, jobs - 1)))  # noqa: S311 - no secret
    before, ends = paid(service), []
    for attempt, moment in enumerate(moments, start=1):
        child = in_child(lambda attempt=attempt: run(TaskInstance(try_number=attempt)))  # type: ignore[misc]
        while paid(service) < before + moment and not _has_ended(child):
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    assert ends == [-signal.SIGKILL] * len(moments)
    return run(TaskInstance(try_number=len(moments) + 1))


def in_child(run: Callable[[], Any]) -> int:
    """Run something in a child of this process, which ends with :data:`DONE` if that does; its number."""
    child = os.fork()
    if child:
        return child
    watch = threading.Timer(PATIENCE, os._exit, [4])
    watch.daemon = True
    watch.start()
    try:
        run()
    except BaseException:  # noqa: BLE001 - the child ends here, whatever it was
        os._exit(3)
    os._exit(DONE)


def _has_ended(child: int) -> bool:
    found = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return found is not None


def require_told(manifest: dict[str, Any], accepted: int) -> None:
    """Require that nothing was paid but what the manifest tells, and twice no more than it tells as lost."""
    records = manifest["text_records"]
    assert manifest["complete"]
    assert manifest["jobs"] <= accepted <= manifest["jobs"] + manifest["lost_submissions"]
    assert (
        records["charged"] - records["quoted"] + records["saved"] - records["healed"] == records["difference"]
    )
    assert records["difference"] <= records["lost"]


def require_struck(service: Emulator, entries_before: int) -> None:
    """Require that about as many requests were struck as are to be, if there are enough to tell."""
    entries: Sequence[Any] = list(service.journal)[entries_before:]
    if len(entries) < ENOUGH:
        return
    share = sum(entry.fault is not None for entry in entries) / len(entries)
    assert abs(share - STRUCK) < STRUCK / 2, share
