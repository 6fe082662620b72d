"""Counts what an analysis found, from the result files alone, and writes it as a short table."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.storage.runs.run_folders import REDACTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MOST_COMMON = 6
STATUSES = ("ok", "error", "missing")


@dataclass(frozen=True)
class Findings:
    """Counts over all rows of all result files.

    Attributes:
        documents: the ids that occur.
        statuses: for each kind of task, the number of its rows with each status.
        languages: the number of documents in each detected language.
        labels: for each aspect that has a small vocabulary (sentiment, entity category), its counts.
        errors: the number of rows with each error code.
        messages: for each error code, the message of one such row.
    """

    documents: frozenset[str]
    statuses: dict[str, Counter[str]]
    languages: Counter[str]
    labels: dict[str, Counter[str]]
    errors: Counter[str]
    messages: dict[str, str]

    def table(self) -> str:
        """Write the counts for a person."""
        lines = [("documents", str(len(self.documents))), ("languages", _listed(self.languages))]
        for kind, counts in self.statuses.items():
            lines.append((kind, ", ".join(f"{counts[status]} {status}" for status in STATUSES)))
        lines += [(aspect, _listed(labels)) for aspect, labels in self.labels.items()]
        for code, times in self.errors.most_common(MOST_COMMON):
            lines.append((f"{code}", f"{times}, such as: {self.messages[code]}"))
        width = max(len(name) for name, _ in lines)
        return "\n".join(f"{name:<{width}}  {content}" for name, content in lines)


def _listed(counts: Counter[str]) -> str:
    listed = ", ".join(f"{label} {times}" for label, times in counts.most_common(MOST_COMMON))
    rest = len(counts) - MOST_COMMON
    return (listed or "none") + (f", and {rest} more" if rest > 0 else "")


def read_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Read every JSON-lines file of results below a folder: no journal's, and no copy of documents.

    Raises:
        FileNotFoundError: there is none.
    """
    found = sorted(folder.rglob("*.jsonl"))
    files = [file for file in found if not any(map(_is_other, file.relative_to(folder).parts))]
    if not files:
        raise FileNotFoundError(f"no result file (*.jsonl) below {folder}")
    return (json.loads(line) for file in files for line in _lines(file))


def _is_other(name: str) -> bool:
    return name == REDACTED or name.startswith("_")


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8") as lines:
        yield from lines


def count(rows: Iterable[Mapping[str, Any]]) -> Findings:
    """Count rows of results, one for each document and task."""
    statuses: dict[str, Counter[str]] = {}
    languages: dict[str, str] = {}
    labels: dict[str, Counter[str]] = {}
    errors: Counter[str] = Counter()
    messages: dict[str, str] = {}
    documents = set()
    for row in rows:
        documents.add(row["document_id"])
        statuses.setdefault(row["kind"], Counter())[row["status"]] += 1
        if row["status"] == "ok" and row["language"]:
            languages[row["document_id"]] = row["language"]
        if row["error_code"]:
            errors[row["error_code"]] += 1
            messages.setdefault(row["error_code"], row["error_message"])
        for aspect, label in _labels(row["kind"], row["result"] or {}):
            labels.setdefault(aspect, Counter())[label] += 1
    return Findings(frozenset(documents), statuses, Counter(languages.values()), labels, errors, messages)


def _labels(kind: str, result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "sentiment" in result:
        yield "sentiment", result["sentiment"]
    for entity in result.get("entities", ()):
        yield f"{kind}: categories", entity["category"]
