"""What may go wrong, drawn at random and repeatably: faults of the service, and strikes at a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from airflow_provider_language.emulator import Fault

Strike = Literal["crash", "kill", "kill at once", "timeout", "storage error", "successor"]
"""What strikes a worker: SIGKILL; SIGTERM with a moment of grace, as Airflow 3 has it, or with an error, as 2
has it; ``execution_timeout``; a storage that does not answer; the next try, as this one is taken for dead."""
STRIKES: Mapping[Strike, int] = {
    "crash": 8,
    "kill": 3,
    "kill at once": 2,
    "timeout": 2,
    "storage error": 2,
    "successor": 3,
}
Interference = Literal["restart", "redistribution", "mark failed", "clear"]
"""What strikes a deferred task: two that no user did, and two that one did."""
INTERFERENCES: tuple[Interference, ...] = ("restart", "redistribution", "mark failed", "clear")

POINTS = (
    "store get",
    "store set",
    "stored",
    "request",
    "answered",
    "xcom push",
    "xcom pushed",
    "file written",
    "file replaced",
)
"""Where a strike may come: before and after each thing that others can see."""


@dataclass
class Armed:
    """A strike that comes at one of the next points.

    Args:
        kind: what it is.
        left: how many points it still lets pass.
    """

    kind: Strike
    left: int

    def comes_at(self, point: str) -> bool:
        """Whether it comes here; a storage fails only where it is used."""
        if self.kind == "storage error" and not point.startswith("store "):
            return False
        self.left -= 1
        return self.left < 0


def armed(random: Random) -> Armed | None:
    """What strikes the next process; nothing for two in five."""
    if random.random() < 0.4:
        return None
    (kind,) = random.choices(list(STRIKES), weights=list(STRIKES.values()))
    return Armed(kind, random.randrange(3 if kind == "storage error" else 12))


def _any_request(random: Random) -> dict[str, Any]:
    return {"operation": random.choice(("submit", "submit", "status", "cancel")), "nth": 1}


FAULTS: Mapping[str, Callable[[Random], Fault]] = {
    "throttled": lambda random: Fault(
        "throttled",
        **_any_request(random),
        times=random.randint(1, 4),
        retry_after=random.choice((1, 30, 120)),
    ),
    "error before": lambda random: Fault(
        "error", **_any_request(random), times=random.randint(1, 3), status=random.choice((500, 502, 504))
    ),
    "error after": lambda random: Fault(
        "error", **_any_request(random), status=random.choice((500, 503)), after=True
    ),
    "too busy": lambda random: Fault(
        "error", **_any_request(random), times=random.randint(1, 3), status=503, retry_after=60
    ),
    "lost before": lambda random: Fault("lost", **_any_request(random), times=random.randint(1, 2)),
    "lost after": lambda random: Fault("lost", **_any_request(random), after=True),
    "reset": lambda random: Fault("reset", **_any_request(random), after=random.random() < 0.5),
    "truncated": lambda random: Fault("truncated", **_any_request(random)),
    "page": lambda random: Fault("page", **_any_request(random), after=random.random() < 0.5),
    "fail-job": lambda random: Fault("fail-job"),
    "fail-tasks": lambda random: Fault("fail-tasks", tasks=(random.randrange(2),)),
    "endless": lambda random: Fault("endless"),
    "expired": lambda random: Fault("expired", operation="status", nth=random.randint(1, 3)),
    "cancelled": lambda random: Fault("cancelled", operation="status", nth=random.randint(1, 3)),
    "outage": lambda random: Fault(
        "error", operation="status", status=503, times=None, lasts=random.choice((60.0, 600.0, 3000.0))
    ),
}


def faults(random: Random) -> list[tuple[str, Fault]]:
    """The faults that are ordered before a process begins; none for one in three."""
    names = random.sample(list(FAULTS), random.choice((0, 1, 2)))
    return [(name, FAULTS[name](random)) for name in names]
