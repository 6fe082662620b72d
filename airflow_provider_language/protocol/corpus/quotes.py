"""The quote of a corpus: what it will cost and take, reckoned from its items before anything is sent."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from airflow_provider_language.protocol.corpus.filling import fill
from airflow_provider_language.protocol.corpus.items import Item, segments
from airflow_provider_language.protocol.corpus.units import Units
from airflow_provider_language.protocol.inputs.charges import RECORD_CHARACTERS
from airflow_provider_language.protocol.quotations import CODE, quotation

Known: TypeAlias = Callable[[Sequence[Item]], Sequence[Collection[int]]]
"""Tells, for the items of a segment, in which tasks, by their places, the results of each are known."""

LANGUAGES = 100
"""Languages that are told apart while they are counted; a source may say anything."""
TOLD = 20
"""Of them, those that are told, the commonest first."""
OTHERS = "(others)"
LONGEST = 5
"""Documents that are told, the longest first."""
EXAMPLES = 3
"""Ids that are told of each kind of violation."""
CODES = 100
"""Kinds of violations that are told apart."""


def nothing_known(items: Sequence[Item]) -> Sequence[Collection[int]]:
    """Know no result of any item."""
    return [()] * len(items)


@dataclass(frozen=True)
class Terms:
    """What a quote is reckoned by.

    Args:
        tasks: the names of the run's tasks.
        max_documents: of a job.
        max_characters: of a job.
        language: of documents that name none; None for the service's default.
        per_minute: requests of one operation that all connections together allow in a minute.
        has_sizes: whether the sizes of the items are known, by which they are charged.
        price: of a thousand text records, in whatever currency; None where nobody has told it.
        max_text_records: that may be charged; None for no bound.
    """

    tasks: Sequence[str]
    max_documents: int
    max_characters: int
    language: str | None
    per_minute: int
    has_sizes: bool = True
    price: float | None = None
    max_text_records: int | None = None


class Quote:
    """Takes a corpus segment by segment, and holds none of its texts.

    Args:
        terms: what it is reckoned by.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self.documents = 0
        self.jobs = 0
        self._records = [0] * len(terms.tasks)
        self._known_documents = 0
        self._known_records = 0
        self._languages: Counter[str] = Counter()
        self._violations: Counter[str] = Counter()
        self._examples: defaultdict[str, list[str]] = defaultdict(list)
        self._longest: list[tuple[int, int, str]] = []

    @property
    def text_records(self) -> int:
        """That will be charged at most, in all tasks; without what is known."""
        return sum(self._records)

    def take(self, items: Sequence[Item], known: Sequence[Collection[int]]) -> None:
        """Count the items of a segment.

        Args:
            items: of the segment.
            known: for each of them, the places of the tasks whose results are known.
        """
        every = tuple(range(len(self._terms.tasks)))
        wanted = [
            None
            if item.fault is not None
            else tuple(task for task in every if task not in has)
            if has
            else every
            for item, has in zip(items, known, strict=True)
        ]
        self._known_documents += sum(tasks is not None and tasks != every for tasks in wanted)
        sizes = [item.characters for item in items]
        self._keep_longest(items, sizes)
        self.documents += len(items)
        self._count_languages(Counter(item.language for item in items if item.fault is None))
        for item in items:
            if item.fault is not None:
                self._refuse(item, item.fault.code)
        pieces = {place: item.pieces for place, item in enumerate(items) if item.pieces}
        self._divide(Units(sizes, pieces), wanted)

    def _divide(self, units: Units, wanted: Sequence[tuple[int, ...] | None]) -> None:
        """Make jobs of units that want the same tasks, as a run does, and charge them."""
        left: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for unit, size in enumerate(units.sizes):
            tasks = wanted[units.place(unit)] if units.pieces else wanted[unit]
            if tasks is not None:
                left[tasks].append(size)
        for tasks, sizes in left.items():
            records = sum([-(-size // RECORD_CHARACTERS) for size in sizes])
            for task in tasks:
                self._records[task] += records
            self._known_records += records * (len(self._records) - len(tasks))
            if tasks:
                self.jobs += len(fill(sizes, self._terms.max_documents, self._terms.max_characters))

    def _refuse(self, item: Item, code: str) -> None:
        code = code if code in self._violations or len(self._violations) < CODES else OTHERS
        self._violations[code] += 1
        if len(self._examples[code]) < EXAMPLES:
            self._examples[code].append(quotation(item.id, CODE))

    def _count_languages(self, said: Mapping[str | None, int]) -> None:
        for language, number in said.items():
            name = quotation(language or self._terms.language or "default", CODE)
            if name not in self._languages and len(self._languages) >= LANGUAGES:
                name = OTHERS
            self._languages[name] += number

    def _keep_longest(self, items: Sequence[Item], sizes: Sequence[int]) -> None:
        least = self._longest[0][0] if len(self._longest) == LONGEST else 0
        found = [
            (size, -self.documents - place, items[place].id)
            for place, size in enumerate(sizes)
            if size > least
        ]
        self._longest = sorted(heapq.nlargest(LONGEST, [*self._longest, *found]))

    def told(self) -> dict[str, Any]:
        """The quote as JSON, without any text of the corpus but ids."""
        terms, records = self._terms, self.text_records
        has_sizes = terms.has_sizes
        told: dict[str, Any] = {
            "documents": self.documents,
            "refused": self._violations.total(),
            "text_records": records if has_sizes else None,
            "text_records_by_task": dict(zip(terms.tasks, self._records, strict=True)) if has_sizes else None,
            "max_text_records": terms.max_text_records,
            "jobs": self.jobs,
            "minutes": round(self.jobs / terms.per_minute, 1),
            "requests_per_minute": terms.per_minute,
            "known": {"documents": self._known_documents, "text_records": self._known_records},
            "languages": self._languages_told(),
            "violations": [
                {"code": code, "documents": number, "examples": self._examples[code]}
                for code, number in self._violations.most_common()
            ],
            "longest": [
                {"id": quotation(id_, CODE), "characters": size}
                for size, _, id_ in sorted(self._longest, reverse=True)
                if has_sizes
            ],
        }
        if terms.price is not None and has_sizes:
            told |= {"price_per_thousand_records": terms.price, "cost": cost_of(records, terms.price)}
        return told

    def _languages_told(self) -> dict[str, int]:
        named = [one for one in self._languages.most_common() if one[0] != OTHERS]
        others = sum(number for _, number in named[TOLD:]) + self._languages[OTHERS]
        return dict(named[:TOLD]) | ({OTHERS: others} if others else {})


def quote_of(items: Iterable[Item], terms: Terms, known: Known = nothing_known) -> Quote:
    """Reckon the quote of a corpus, while it is read; no more than one of its segments is held.

    Args:
        items: the corpus, in its order.
        terms: what it is reckoned by.
        known: tells which results are known, and so are neither submitted nor charged.
    """
    quote = Quote(terms)
    for _, held in segments(items):
        quote.take(held, known(held))
        del held[:]  # which the reader of the next one holds on to
    return quote


def cost_of(records: int, price: float) -> float:
    """What so many text records cost, to four places.

    Args:
        records: text records.
        price: of a thousand of them.
    """
    return round(records * price / 1000, 4)
