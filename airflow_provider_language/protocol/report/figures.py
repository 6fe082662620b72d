"""The figures of a report, as it shows them: bars with their shares, names with their counts, differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_language.protocol.report.gathering import Gathered, most

SHOWN = 20
"""Bars of a chart and names of a list, at most."""
SENTIMENTS = ("positive", "mixed", "neutral", "negative")
_STATUSES = ("ok", "error", "missing")
_LONGEST = 80


@dataclass(frozen=True)
class Bar:
    """A count among others.

    Args:
        label: of what.
        count: how often.
        share: of the greatest one, or of the whole, from 0 to 1.
        detail: what else is to be said of it.
    """

    label: str
    count: int
    share: float
    detail: str = ""


@dataclass(frozen=True)
class Stack:
    """A count with its parts.

    Args:
        label: of what.
        count: of the whole.
        parts: in a fixed order, the empty ones too; their shares are of the whole.
    """

    label: str
    count: int
    parts: tuple[Bar, ...]


@dataclass(frozen=True)
class Difference:
    """A figure of this run beside that of the one before it."""

    label: str
    before: int
    now: int

    @property
    def change(self) -> int:
        """By how much it is more."""
        return self.now - self.before


@dataclass(frozen=True)
class Report:
    """All that a report shows.

    Args:
        manifest: of the run.
        documents: that rows were gathered of.
        statuses: rows, by task.
        languages, categories, personal, classes: bars.
        sentiment: of the corpus; None where it was not asked for.
        columns: sentiments by the values of columns that were carried over.
        names, phrases: the most frequent ones, with the error of their counts.
        names_error, phrases_error: by how much their counts may be too low.
        differences: to the run before; empty where there was none.
    """

    manifest: Mapping[str, Any]
    documents: int
    statuses: tuple[Stack, ...]
    languages: tuple[Bar, ...]
    categories: tuple[Bar, ...]
    personal: tuple[Bar, ...]
    classes: tuple[Bar, ...]
    sentiment: Stack | None
    columns: tuple[tuple[str, tuple[Stack, ...]], ...]
    names: tuple[Bar, ...]
    names_error: int
    phrases: tuple[Bar, ...]
    phrases_error: int
    differences: tuple[Difference, ...]


def grouped(number: int) -> str:
    """A number with its thousands apart, by a space that does not break."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def report_of(
    manifest: Mapping[str, Any], gathered: Gathered, previous: Mapping[str, Any] | None = None
) -> Report:
    """Make the figures of a report.

    Args:
        manifest: of the run.
        gathered: of its rows.
        previous: the manifest of the run before it; None where there was none.
    """
    sentiments = gathered.sentiments
    return Report(
        manifest=manifest,
        documents=gathered.documents,
        statuses=_statuses(gathered.statuses),
        languages=bars_of(gathered.languages),
        categories=bars_of(gathered.categories),
        personal=_personal(gathered),
        classes=bars_of(gathered.classes),
        sentiment=_sentiment("all documents", sentiments) if sentiments else None,
        columns=tuple(
            (column, tuple(_sentiment(value, counts) for value, counts in values))
            for column, values in gathered.columns()
        ),
        names=_named(gathered.most_names(SHOWN)),
        names_error=gathered.names.error,
        phrases=_named(gathered.most_phrases(SHOWN)),
        phrases_error=gathered.phrases.error,
        differences=() if previous is None else _differences(previous, manifest),
    )


def bars_of(counts: Counter[str]) -> tuple[Bar, ...]:
    """The greatest of some counts, and the sum of all others."""
    return _named([(label, "", count) for label, count in most(counts, SHOWN)])


def _named(counts: Iterable[tuple[str, str, int]]) -> tuple[Bar, ...]:
    told = list(counts)
    greatest = max((count for _, _, count in told), default=1)
    return tuple(Bar(_cut(label), count, count / greatest, detail) for label, detail, count in told)


def _personal(gathered: Gathered) -> tuple[Bar, ...]:
    documents = gathered.personal_documents
    return _named(
        (category, f"{grouped(documents[category])} documents" if category in documents else "", count)
        for category, count in most(gathered.personal, SHOWN)
    )


def _statuses(counts: Mapping[tuple[str, str], int]) -> tuple[Stack, ...]:
    tasks = dict.fromkeys(task for task, _ in counts)
    return tuple(
        _stack(task, _STATUSES, {status: counts.get((task, status), 0) for status in _STATUSES})
        for task in tasks
    )


def _sentiment(label: str, counts: Mapping[str, int]) -> Stack:
    return _stack(label, (*SENTIMENTS, *sorted(set(counts) - set(SENTIMENTS))), counts)


def _stack(label: str, order: Iterable[str], counts: Mapping[str, int]) -> Stack:
    whole = sum(counts.values())
    parts = tuple(Bar(name, counts.get(name, 0), counts.get(name, 0) / (whole or 1)) for name in order)
    return Stack(_cut(label), whole, parts)


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
    figures = [(name, name) for name in ("documents", "ok", "error", "missing")]
    found = [
        Difference(label, int(before.get(name) or 0), int(now.get(name) or 0)) for label, name in figures
    ]
    charged = [int((one.get("text_records") or {}).get("charged") or 0) for one in (before, now)]
    found.append(Difference("text records charged", *charged))
    for name, label in (("sentiments", ""), ("personal_data", "personal data: ")):
        old, new = ((one.get("findings") or {}).get(name) or {} for one in (before, now))
        found.extend(
            Difference(f"{label}{_cut(one)}", int(old.get(one, 0)), int(new.get(one, 0)))
            for one in list(dict.fromkeys([*new, *old]))[:SHOWN]
        )
    return tuple(found)


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
