"""When to look again at a job that has not ended."""

from __future__ import annotations

import math
from dataclasses import dataclass

from airflow_provider_language.protocol.pacing.schedules import Schedule

FREE_PRICE = 0.05
"""Seconds of delay that a look is worth where nobody else wants the request: recorded jobs take 6 looks and
are found a quarter of a second after their end."""

TIGHT_PRICE = 450.0
"""The same where every request is wanted: recorded jobs take one look."""

LENGTHENED = 1 / 40
"""The part of a pause by which it is lengthened at the most: jobs submitted together are not looked at so."""

_STEPS = 32
_SPREAD = 1 / _STEPS


@dataclass(frozen=True)
class Pace:
    """What a user asks of the times between looks.

    Args:
        first: seconds after the begin of the wait before which there is no look.
        ceiling: the longest pause, in seconds.
        interval: a fixed pause in seconds instead, after the first look.
    """

    first: float = 0.5
    ceiling: float = 300.0
    interval: float | None = None


def price_at(pressure: float, chance: float = 0.5) -> float:
    """The price of a look, in seconds of delay.

    It rises in steps, by as great a factor each, so that few schedules have to be made; and it is not the
    same for all jobs, since between two of the best schedules a mixture of both is best.

    Args:
        pressure: how much of the requests allowed is used or spoken for, from 0 to 1.
        chance: from 0 to 1; the price is a little lower or higher with it.
    """
    step = round(min(max(pressure + (chance - 0.5) * _SPREAD, 0.0), 1.0) * _STEPS)
    return FREE_PRICE * math.pow(TIGHT_PRICE / FREE_PRICE, step / _STEPS)


def first_pause(pace: Pace, best: Schedule, age: float, jitter: float, *, crowd: float = 0.0) -> float:
    """Seconds from the begin of the wait to the first look, where no interval is asked for.

    Args:
        pace: what the user asks for.
        best: the best times to look.
        age: seconds since the job was submitted.
        jitter: from 0 to 1; see :func:`next_pause`.
        crowd: seconds over which the first looks of all jobs that wait alike are spread.
    """
    return max(pace.first, _spread(best.after(0.0), jitter) - age) + crowd * jitter


def next_pause(
    pace: Pace,
    best: Schedule,
    age: float,
    jitter: float,
    *,
    least: float = 0.0,
    longest: float = math.inf,
) -> float:
    """Seconds from a look at a job that had not ended to the next one, where no interval is asked for.

    Args:
        pace: what the user asks for.
        best: the best times to look.
        age: seconds since the job was submitted.
        jitter: from 0 to 1; a pause is lengthened by up to a fortieth with it.
        least: the shortest pause that leaves a request for every waiting job, in seconds.
        longest: the one that leaves no request unused, in seconds; no shorter than the least.
    """
    return min(pace.ceiling, _spread(min(max(best.after(age) - age, least), longest), jitter))


def _spread(pause: float, jitter: float) -> float:
    return pause * (1 + jitter * LENGTHENED)
