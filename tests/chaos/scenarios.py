"""What a scenario is, and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.chaos.stand import Stand


@dataclass(frozen=True)
class Scenario:
    """One promise, and the violence that it is held against.

    Attributes:
        promise: what must hold, in words.
        play: does it, and raises AssertionError if the promise was broken.
        alone: whether nothing else may go on in the same Airflow, since it strikes what all runs share.
        quick: whether it is part of every run of the tests.
    """

    promise: str
    play: Callable[[Stand], None]
    alone: bool
    quick: bool


@dataclass(frozen=True)
class Performance:
    """A scenario, and the how manyth time that it is played."""

    scenario: Scenario
    attempt: int


PLAYED = "played"
"""The name under which a test's report tells which promise it held against which Airflow."""
TOLD = "told"
"""The name under which a test's report tells in figures what came of it."""
SCENARIOS: list[Scenario] = []


def scenario(
    *, each: Iterable[str] = (), alone: bool = False, quick: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add a function to the list: its name is the promise.

    Args:
        each: the function takes one of these as its second argument; each makes a scenario of its own.
        alone: see `Scenario`.
        quick: see `Scenario`.
    """

    def add(play: Callable[..., None]) -> Callable[..., None]:
        promise = play.__name__.replace("_", " ")
        choices: list[tuple[Any, ...]] = [(choice,) for choice in each] or [()]
        for choice in choices:
            name = ": ".join((promise, *choice))
            SCENARIOS.append(Scenario(name, partial(_play, play, choice), alone, quick))
        return play

    return add


def _play(play: Callable[..., None], choice: tuple[Any, ...], stand: Stand) -> None:
    play(stand, *choice)
