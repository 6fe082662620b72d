"""Counts what an analysis found, from the result files alone, and writes it as a short table."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MOST_COMMON = 6
STATUSES = ("ok", "error", "missing")


@dataclass(frozen=True)
class Findings:
    """Counts over all rows of all result files.

    Attributes:
        documents: the ids that occur.
        statuses: for each kind of task, the number of its rows with each status.
        languages: the number of documents in each language.
        labels: for each aspect that has a small vocabulary (sentiment, entity category), its counts.
        errors: the number of rows with each error code.
    """

    documents: frozenset[str]
    statuses: dict[str, Counter[str]]
    languages: Counter[str]
    labels: dict[str, Counter[str]]
    errors: Counter[str]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return sum(counts.total() for counts in self.statuses.values())

    def table(self) -> str:
        """Write the counts for a person."""
        lines = [f"{'documents':<26} {len(self.documents)}"]
        for kind, counts in self.statuses.items():
            lines.append(f"{kind:<26} " + ", ".join(f"{counts[status]} {status}" for status in STATUSES))
        for aspect, labels in (("languages", self.languages), *self.labels.items(), ("errors", self.errors)):
            listed = ", ".join(f"{label} {times}" for label, times in labels.most_common(MOST_COMMON))
            rest = len(labels) - MOST_COMMON
            lines.append(f"{aspect:<26} {listed or 'none'}" + (f", and {rest} more" if rest > 0 else ""))
        return "\n".join(lines)


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """Read every JSON-lines file below a folder.

    Raises:
        FileNotFoundError: there is none.
    """
    files = sorted(folder.rglob("*.jsonl"))
    if not files:
        raise FileNotFoundError(f"no result file (*.jsonl) below {folder}")
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def count(rows: Iterable[Mapping[str, Any]]) -> Findings:
    """Count rows of results, one for each document and task."""
    statuses: dict[str, Counter[str]] = {}
    languages: dict[str, str] = {}
    labels: dict[str, Counter[str]] = {}
    errors: Counter[str] = Counter()
    documents = set()
    for row in rows:
        documents.add(row["document_id"])
        statuses.setdefault(row["kind"], Counter())[row["status"]] += 1
        if row["language"]:
            languages.setdefault(row["document_id"], row["language"])
        if row["error_code"]:
            errors[row["error_code"]] += 1
        for aspect, label in _labels(row["kind"], row["result"] or {}):
            labels.setdefault(aspect, Counter())[label] += 1
    return Findings(frozenset(documents), statuses, Counter(languages.values()), labels, errors)


def _labels(kind: str, result: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if "sentiment" in result:
        yield "sentiment", result["sentiment"]
    for entity in result.get("entities", ()):
        if "category" in entity:
            yield f"{kind} categories", entity["category"]
    for phrase in result.get("keyPhrases", ()):
        yield "key phrases", phrase
