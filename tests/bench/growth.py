"""How the cost of an engine grows with its text: the CPU time of twice as much, as a ratio."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TypeVar

from airflow_provider_language.emulator.engines import CONVERSATION_ENGINES, ENGINES
from airflow_provider_language.emulator.engines.conversations.categories import FIRST_STABLE
from airflow_provider_language.emulator.families.conversation_inputs import read_conversations
from airflow_provider_language.emulator.protocol.offsets import StringIndexType, convert_result
from tests.bench.workload import CONVERSATION_TASKS, conversation, text

MOST = 3.0
"""What doubles its text costs twice as much if it is linear, four times if it is quadratic."""

# A pattern that backtracks does so on what nearly fits it, again and again.
UNITS = (
    "1", "1,", "1.", "1 ", "1-", "(1", "a", "A", "a-", "A ", "A-", "a.", "a@", "@", "..", "::", "0:", " ",
    "\n", "www.", "http://", "Mr. ", "Maria ", "de ", "two ", "from 1 ", "twenty ", "+1 ", "A&",
    "'s ", "last ",
)  # fmt: skip
_ATTEMPTS = 10
# Seconds that the smaller size has to cost, to be told from noise.
_LEAST = 0.02
_MOST_DOUBLINGS = 6

_Input = TypeVar("_Input")


@dataclass(frozen=True)
class Growth:
    """How a cost grows.

    Attributes:
        name: What was done.
        ratio: The CPU time of twice the size over that of the size.
        seconds: The CPU time of twice the size.
    """

    name: str
    ratio: float
    seconds: float


def measure(*, short: bool) -> Iterator[Growth]:
    """Measure every engine, the worst repetition for the patterns of names, and the offsets.

    Args:
        short: Whether texts are smaller and repetitions fewer, which takes seconds instead of a minute.
    """
    # Half of the longest document that the service takes, and half of the longest conversation.
    size, talk, repeated = (4_000, 2_000, 4_000) if short else (62_500, 20_000, 10_000)
    seeds = count()
    for kind in sorted(ENGINES):
        yield _growth(kind, partial(_analyze, kind), text, max(size, _least(kind)), seeds)
    for kind in sorted(CONVERSATION_ENGINES):
        yield _growth(kind, partial(_converse, kind), _body, max(talk, _least(kind)), seeds)
    for kind in ("EntityRecognition", "PiiEntityRecognition"):
        worst = (
            _growth(
                f"{kind} of {unit!r} repeated",
                partial(_analyze, kind),
                partial(_repeated, unit),
                repeated,
                seeds,
            )
            for unit in UNITS[:: 8 if short else 1]
        )
        yield max(worst, key=lambda growth: growth.ratio)
    yield _growth("offsets of spans", _convert, partial(_repeated, "e\u0301\U0001f600 "), size, seeds)


def _least(kind: str) -> int:
    """Summaries are quadratic in sentences up to a bound (`lexrank`), which is what is to be held."""
    return 20_000 if "Summarization" in kind else 0


def _analyze(kind: str, value: str) -> None:
    ENGINES[kind](value, "en", {})


def _repeated(unit: str, seed: int, size: int) -> str:
    return f"{seed} {unit * size}"[:size]


def _body(seed: int, size: int) -> dict[str, object]:
    return {"analysisInput": {"conversations": [conversation(seed, size)]}}


def _converse(kind: str, body: dict[str, object]) -> None:
    [sent] = read_conversations(body, "wordLevelTimings")
    CONVERSATION_ENGINES[kind](sent, CONVERSATION_TASKS[kind], FIRST_STABLE)


def _convert(value: str) -> None:
    spans = [{"offset": place, "length": 2} for place in range(0, len(value), 2)]
    convert_result({"entities": spans}, value, StringIndexType.TEXT_ELEMENTS)


def _growth(
    name: str,
    run: Callable[[_Input], object],
    make: Callable[[int, int], _Input],
    size: int,
    seeds: Iterator[int],
) -> Growth:
    """Compare two sizes, the first being at least what is given.

    Of a few attempts the least counts, since other processes can only add to a cost. Each has inputs of its
    own, by a seed: what was analysed a moment ago costs less (`entities.find`).
    """
    run(make(next(seeds), size))
    for _ in range(_MOST_DOUBLINGS):
        if _cost(run, make(next(seeds), size)) >= _LEAST:
            break
        size *= 2
    costs: list[tuple[float, float]] = []
    while len(costs) < _ATTEMPTS:
        costs.append((_cost(run, make(next(seeds), size)), _cost(run, make(next(seeds), 2 * size))))
        less, more = (min(each) for each in zip(*costs, strict=True))
        if len(costs) > 1 and more < MOST * less:
            break
    return Growth(name, more / max(less, 1e-9), more)


def _cost(run: Callable[[_Input], object], value: _Input) -> float:
    gc.disable()
    try:
        begun = time.process_time()
        run(value)
        return time.process_time() - begun
    finally:
        gc.enable()
