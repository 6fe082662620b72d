"""CPU of the second pass for each document of one KB, and the memory of its process.

Each document has a name that was found, another one in each, and one that was found elsewhere and not there.
The words around them are drawn from some thousands, in one of three documents with accents. Reading the
source and its rows, as the copy does once more, is not in it.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any

from airflow_provider_language.protocol.redaction.forms import FoundForms, MissedForms
from airflow_provider_language.protocol.redaction.policies import policy_from
from airflow_provider_language.protocol.redaction.redacting import hidden_by
from airflow_provider_language.protocol.redaction.spans import Span
from tests.bench.tables import Table

POLICY = policy_from({"version": 1, "default": "pseudonym"})
_WORDS = 4_000
_CHARACTERS = 1_000


def documents(number: int) -> Iterator[tuple[str, list[Span]]]:
    """Texts, each with what was found in it."""
    draw = random.Random(7)  # noqa: S311 - no secret
    plain = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(2, 9))) for _ in range(_WORDS)]
    accented = [word.replace("e", "é").replace("u", "ü") for word in plain]
    for document in range(number):
        words = accented if document % 3 == 0 else plain
        filler = " ".join(draw.choices(words, k=_CHARACTERS // 7))
        found, missed = (f"Anna Whitfield{one}" for one in (document, max(document - 1, 0)))
        text = f"{found}, {filler}. And {missed}!"
        yield text, [Span(0, len(found), "Person", 0.9)]


def measured(*numbers: int) -> Table:
    """Measure it over so many documents."""
    rows = [(number, *_of(number), _peak()) for number in numbers]
    return Table(
        "The second pass, of documents of 1 KB",
        (
            "documents",
            "forms",
            "suggested in the last",
            "us to learn",
            "us to count",
            "us to look",
            "MB at the peak",
        ),
        rows,
        (
            "us of CPU are for each document; a run that asks for it has all three. The last document has a "
            "name that was found in the one before, if that is among the forms, of which there is a bound.",
        ),
    )


def _of(number: int) -> tuple[int, int, float, float, float]:
    found = FoundForms(POLICY)
    learning = _spent(number, found.take)
    missed = MissedForms(found, POLICY.looked_for.misses_per_finding)
    counting = _spent(number, lambda text, spans: missed.take(text, hidden_by(POLICY, spans)))
    search = missed.search()
    suggested: list[Span] = []

    def look(text: str, spans: list[Span]) -> None:
        suggested[:] = search.suggestions(text, hidden_by(POLICY, spans))

    looking = _spent(number, look)
    return len(search.categories), len(suggested), learning, counting, looking


def _spent(number: int, take: Callable[[str, list[Span]], Any]) -> float:
    """Microseconds of CPU for each document."""
    spent = 0.0
    for text, spans in documents(number):
        began = time.process_time()
        take(text, spans)
        spent += time.process_time() - began
    return spent / number * 1e6


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
